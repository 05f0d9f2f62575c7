/** `skillet guard`: what ends a machine by itself, and changing that while it runs. */
import { parseArgs } from 'node:util';
import type { GuardChange, Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { parseDeadline, parseIdleMinutes } from '../../common/cloud/deadlineText.ts';
import type { Instance } from '../../common/cloud/instance.ts';
import { formatCost, guardText, instanceTitle } from '../../common/cloud/instanceText.ts';
import { SkilletError } from '../../common/errors.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { askYes } from './askPerson.ts';
import { listAll, regionNames } from './instancesCommand.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const options = {
  deadline: { type: 'string' },
  idle: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function guardCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [providerName = '', id = ''] = positionals;
  const change: GuardChange = {
    ...(values.deadline === undefined ? {} : { deadline: parseDeadline(values.deadline, Date.now()) }),
    ...(values.idle === undefined ? {} : { idleMinutes: parseIdleMinutes(values.idle) }),
  };
  const provider = openCloud(modules, {
    provider: providerName,
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  if (id === '') {
    throw new SkilletError('cli-usage', 'id', { message: 'is missing.', remedy: 'See skillet instances aws.' });
  }
  return interruptible(async (signal) => {
    const regions = await regionNames(provider, values.region === undefined ? [] : [values.region], signal);
    const { instances, problems } = await listAll(provider, regions, signal);
    const instance = instances.find((one) => one.id === id);
    if (instance === undefined) {
      const [problem] = problems;
      if (problem !== undefined) {
        throw new SkilletError(problem.code, problem.path, problem);
      }
      throw new SkilletError('cloud-not-found', id, {
        message: `There is no such machine in ${values.region ?? `${regions.length} regions`}.`,
        remedy: 'See skillet instances aws.',
      });
    }
    if (Object.keys(change).length > 0) {
      await confirm(provider, { instance, change, isYes: values.yes === true, signal });
      await provider.setGuard(instance, change, signal);
    }
    const before = provider.guard(instance);
    const guard = before === null ? null : { ...before, ...change };
    const text = guardText(guard, Date.now()) ?? 'no guard of Skillet is on it: it runs until somebody stops it';
    process.stdout.write(
      values.json === true
        ? `${JSON.stringify({ id, region: instance.region, guard })}\n`
        : `${printable(`${instanceTitle(instance)} (${id}): ${text}`)}\n`,
    );
    return EXIT.completed;
  });
}

interface Question {
  readonly instance: Instance;
  readonly change: GuardChange;
  readonly isYes: boolean;
  readonly signal: AbortSignal;
}

/**
 * A machine without a deadline, or without an idle rule, may cost until somebody thinks of it.
 *
 * @throws {SkilletError} `cli-usage`: nobody can be asked, or the answer is no.
 */
async function confirm(provider: Provider, { instance, change, isYes, signal }: Question): Promise<void> {
  const lacks = [
    ...(change.deadline === null ? ['a deadline'] : []),
    ...(change.idleMinutes === null ? ['an idle rule'] : []),
  ];
  // One without a guard is refused by the provider, with its reason.
  if (isYes || lacks.length === 0 || provider.guard(instance) === null) {
    return;
  }
  const costs = await provider.costs([instance], signal).catch(() => null);
  signal.throwIfAborted();
  const perHourUsd = costs?.get(instance.id)?.perHourUsd ?? null;
  const price = perHourUsd === null ? 'what it costs is not known' : `it costs ${formatCost(perHourUsd)} an hour`;
  const without = lacks.join(' and ');
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new SkilletError('cli-usage', instance.id, {
      message: `runs without ${without} only when a person agrees (${price}), and nobody can be asked here.`,
      remedy: 'Give --yes.',
    });
  }
  const title = printable(instanceTitle(instance));
  if (!(await askYes(`Let ${title} (${instance.id}) run without ${without}? While it runs, ${price}.`, signal))) {
    throw new SkilletError('cli-usage', instance.id, {
      message: 'was left as it was.',
      remedy: 'Answer yes to do it.',
    });
  }
}
