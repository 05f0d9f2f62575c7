/** `skillet sweep`: what lies in an account and costs or will be forgotten, and removing it. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { sweepRegions } from '../../cloud/sweepRegions.ts';
import type { Leftover, Removal } from '../../common/cloud/leftover.ts';
import {
  holdsData,
  isPreselected,
  kindWord,
  monthText,
  removalWarning,
  sumLeftovers,
  sumText,
  thingsText,
} from '../../common/cloud/leftoverText.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatTable, printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { regionNames } from './instancesCommand.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const options = {
  region: { type: 'string', multiple: true },
  account: { type: 'string' },
  remove: { type: 'boolean' },
  machines: { type: 'boolean' },
  disks: { type: 'boolean' },
  others: { type: 'boolean' },
  ours: { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

interface Wanted {
  readonly machines?: boolean | undefined;
  readonly disks?: boolean | undefined;
  readonly others?: boolean | undefined;
}

/** Machines, what holds data, and what others made are removed only where they are meant; what is in use never. */
function isChosen(leftover: Leftover, { machines = false, disks = false, others = false }: Wanted): boolean {
  if (leftover.kind === 'instance') {
    return machines;
  }
  const isMeant = (leftover.isOurs || others) && (disks || !holdsData(leftover));
  return isPreselected(leftover) || (leftover.isUnused && isMeant);
}

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function sweepCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const provider = openCloud(modules, {
    provider: positionals[0] ?? '',
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  const isJson = values.json === true;
  return interruptible(async (signal) => {
    const regions = await regionNames(provider, values.region ?? [], signal);
    const found = await sweep(provider, regions, signal);
    const leftovers = found.leftovers.filter(({ isOurs }) => isOurs || values.ours !== true);
    const chosen = leftovers.filter((one) => isChosen(one, values));
    if (!isJson) {
      tell(leftovers, found.faults, regions.length);
    }
    const removals =
      values.remove === true ? await remove(provider, chosen, { isJson, isYes: values.yes === true, signal }) : [];
    if (isJson) {
      process.stdout.write(`${JSON.stringify({ leftovers, faults: Object.fromEntries(found.faults), removals })}\n`);
    }
    const hasFailed = removals.some(({ isRemoved }) => !isRemoved) || (found.faults.size > 0 && found.isAllFault);
    return hasFailed ? EXIT.failed : EXIT.completed;
  });
}

interface Found {
  readonly leftovers: readonly Leftover[];
  /** The sentence → the regions that it holds for. */
  readonly faults: ReadonlyMap<string, readonly string[]>;
  /** Nothing could be looked at. */
  readonly isAllFault: boolean;
}

async function sweep(provider: Provider, regions: readonly string[], signal: AbortSignal): Promise<Found> {
  const leftovers: Leftover[] = [];
  const faults = new Map<string, Set<string>>();
  let looked = 0;
  for await (const event of sweepRegions(provider, regions, signal)) {
    if (event.fault !== null) {
      faults.set(event.fault, new Set([...(faults.get(event.fault) ?? []), event.region]));
    } else if (event.type === 'found') {
      looked += 1;
      leftovers.push(...event.leftovers);
    }
  }
  return {
    leftovers: leftovers.sort(
      (a, b) => Number(b.isOurs) - Number(a.isOurs) || a.region.localeCompare(b.region) || a.kind.localeCompare(b.kind),
    ),
    faults: new Map([...faults].map(([fault, where]) => [fault, [...where]])),
    isAllFault: looked === 0,
  };
}

function tell(leftovers: readonly Leftover[], faults: Found['faults'], regions: number): void {
  if (leftovers.length === 0) {
    const where = regions === 1 ? 'one region' : `${regions} regions`;
    print(
      faults.size === 0 ? `Nothing is left over in ${where}.` : `Nothing was found in ${where}; not all was looked at.`,
    );
  } else {
    const head = ['', 'WHAT', 'ID', 'NAME', 'REGION', 'A MONTH', 'WHY IT IS HERE'];
    const rows = leftovers.map((one) =>
      [
        one.isOurs ? 'ours' : '',
        kindWord(one.kind),
        one.id,
        one.name === one.id ? '' : (one.name ?? ''),
        one.region,
        monthText(one),
        one.reason,
      ].map(printable),
    );
    formatTable([head, ...rows], [5]).forEach(print);
    print('');
    print(`${thingsText(leftovers.length)}, which cost ${sumText(sumLeftovers(leftovers))}.`);
  }
  for (const [fault, where] of faults) {
    process.stderr.write(`${printable(`Not looked at in ${where.join(', ')}: ${fault}`)}\n`);
  }
}

interface RemoveOptions {
  readonly isJson: boolean;
  readonly isYes: boolean;
  readonly signal: AbortSignal;
}

async function remove(
  provider: Provider,
  chosen: readonly Leftover[],
  { isJson, isYes, signal }: RemoveOptions,
): Promise<readonly Removal[]> {
  if (chosen.length === 0) {
    if (!isJson) {
      print('Nothing to remove.');
    }
    return [];
  }
  if (!isYes) {
    await confirm(chosen, signal);
  }
  const removals: Removal[] = [];
  for await (const removal of provider.remove(chosen, signal)) {
    removals.push(removal);
    const { leftover, isRemoved, message } = removal;
    if (!isJson) {
      const what = `${kindWord(leftover.kind)} ${leftover.id} in ${leftover.region}`;
      print(isRemoved ? `Removed: ${what}` : `Not removed: ${what}. ${message}`);
    }
  }
  return removals;
}

/** @throws {SkilletError} `cli-usage`: nobody can be asked, or the answer is no. */
async function confirm(chosen: readonly Leftover[], signal: AbortSignal): Promise<void> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new SkilletError('cli-usage', '--remove', {
      message: `${thingsText(chosen.length)} were left where they are: nobody can be asked here.`,
      remedy: 'Give --yes.',
    });
  }
  removalWarning(chosen).split('\n').forEach(print);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`Remove ${thingsText(chosen.length)}? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new SkilletError('cli-usage', '--remove', { message: 'was not wanted.', remedy: 'Answer y to do it.' });
    }
  } finally {
    terminal.close();
  }
}
