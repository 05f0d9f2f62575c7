/** `skillet guard`: what ends a machine by itself, and changing that while it runs. */
import { parseArgs } from 'node:util';
import type { GuardChange } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { parseDeadline, parseIdleMinutes } from '../../common/cloud/deadlineText.ts';
import { guardText, instanceTitle } from '../../common/cloud/instanceText.ts';
import { SkilletError } from '../../common/errors.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { listAll, regionNames } from './instancesCommand.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const options = {
  deadline: { type: 'string' },
  idle: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
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
