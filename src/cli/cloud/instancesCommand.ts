/** `skillet instances`: the machines of an account, in all of its regions. */
import { parseArgs } from 'node:util';
import { limitParallel } from '../../cloud/limitParallel.ts';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { type FleetRow, sumCosts } from '../../common/cloud/fleet.ts';
import type { Instance } from '../../common/cloud/instance.ts';
import { formatBurning, formatCost, PURCHASE_WORDS, STATE_WORDS } from '../../common/cloud/instanceText.ts';
import { isOurs } from '../../common/cloud/tags.ts';
import { formatProblem, type Problem, toProblem } from '../../common/errors.ts';
import { formatAge } from '../../common/format.ts';
import { formatTable, printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const options = {
  region: { type: 'string', multiple: true },
  account: { type: 'string' },
  json: { type: 'boolean' },
  ours: { type: 'boolean' },
} as const;

const AT_ONCE = 8;
const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function instancesCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const provider = openCloud(modules, {
    provider: positionals[0] ?? '',
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  return interruptible(async (signal) => {
    const regions = await regionNames(provider, values.region ?? [], signal);
    const found = await listAll(provider, regions, signal);
    const wanted = found.instances.filter(
      ({ state, tags }) => state !== 'terminated' && (values.ours !== true || isOurs(tags)),
    );
    const rows = await withCosts(provider, wanted, signal);
    tell(rows, { ...found, regions, isJson: values.json === true });
    const hasFailed = regions.length > 0 && found.problems.length === regions.length;
    return hasFailed ? EXIT.failed : EXIT.completed;
  });
}

/** Those named, else all of the account. */
export async function regionNames(
  provider: Provider,
  named: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  return named.length > 0 ? named : (await provider.regions(signal)).map(({ name }) => name);
}

interface Found {
  readonly instances: readonly Instance[];
  /** Of the regions that could not be asked. */
  readonly problems: readonly Problem[];
}

/** A region that cannot be asked keeps nothing from the others. */
export async function listAll(provider: Provider, regions: readonly string[], signal: AbortSignal): Promise<Found> {
  const limit = limitParallel(AT_ONCE);
  const problems: Problem[] = [];
  const lists = await Promise.all(
    regions.map((region) =>
      limit(async () => {
        const machines = new Map<string, Instance>();
        try {
          for await (const page of provider.list(region, signal)) {
            for (const one of page) {
              machines.set(one.id, one);
            }
          }
        } catch (error) {
          signal.throwIfAborted();
          problems.push({ ...toProblem(error, region), path: region });
        }
        return [...machines.values()];
      }, signal),
    ),
  );
  return { instances: lists.flat(), problems };
}

async function withCosts(provider: Provider, instances: readonly Instance[], signal: AbortSignal): Promise<FleetRow[]> {
  const costAt = Date.now();
  // Prices that cannot be had do not keep the list back.
  const costs = await provider.costs(instances, signal).catch(() => {
    signal.throwIfAborted();
    return new Map();
  });
  return instances.map((instance) => ({
    instance,
    cost: costs.get(instance.id) ?? null,
    costAt,
    idle: null,
    guard: null,
  }));
}

interface Told extends Found {
  readonly regions: readonly string[];
  readonly isJson: boolean;
}

function tell(rows: readonly FleetRow[], { regions, problems, isJson }: Told): void {
  if (isJson) {
    const list = rows.map(({ instance, cost }) => ({ ...instance, cost }));
    print(JSON.stringify({ instances: list, problems }));
    return;
  }
  if (rows.length === 0) {
    const asked = regions.length - problems.length;
    print(asked === 0 ? 'No region could be asked.' : `No machines in ${asked} region${asked === 1 ? '' : 's'}.`);
  } else {
    const head = ['region', 'id', 'name', 'state', 'type', 'gpu', 'bought', '$/h', 'so far', 'age'];
    const now = Date.now();
    formatTable([head, ...rows.map((row) => toCells(row, now))], [7, 8, 9]).forEach(print);
    print(`${rows.length} machine${rows.length === 1 ? '' : 's'}, ${formatBurning(sumCosts(rows))} together`);
  }
  for (const problem of problems) {
    process.stderr.write(`${printable(formatProblem(problem))}\n`);
  }
}

function toCells({ instance, cost }: FleetRow, now: number): string[] {
  const { gpu, launchedAt } = instance;
  return [
    instance.region,
    instance.id,
    instance.name ?? '',
    STATE_WORDS[instance.state],
    instance.instanceType,
    gpu === null ? '' : `${gpu.count === 1 ? '' : `${gpu.count} × `}${gpu.name}`,
    PURCHASE_WORDS[instance.purchase],
    formatCost(cost?.perHourUsd ?? null),
    formatCost(cost?.soFarUsd ?? null),
    launchedAt === null ? '' : formatAge(now - Date.parse(launchedAt)),
  ];
}
