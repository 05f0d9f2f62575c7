/** `skillet instance start|stop|reboot|terminate|log`: what can be done with one machine. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import type { Instance } from '../../common/cloud/instance.ts';
import { instanceTitle, lossText, STATE_WORDS } from '../../common/cloud/instanceText.ts';
import { SkilletError } from '../../common/errors.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { listAll, regionNames } from './instancesCommand.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const options = {
  provider: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

const VERBS = { start: 'started', stop: 'stopped', reboot: 'rebooted', terminate: 'terminated' } as const;
type Verb = keyof typeof VERBS;

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function instanceCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [what = '', id = ''] = positionals;
  const verb = (Object.keys(VERBS) as Verb[]).find((one) => one === what);
  if (verb === undefined && what !== 'log') {
    throw new SkilletError('cli-usage', what === '' ? 'verb' : what, {
      message: what === '' ? 'is missing.' : 'is nothing that can be done with a machine.',
      remedy: `Write one of: ${[...Object.keys(VERBS), 'log'].join(', ')}.`,
    });
  }
  if (id === '') {
    throw new SkilletError('cli-usage', 'id', { message: 'is missing.', remedy: 'See skillet instances aws.' });
  }
  const provider = openCloud(modules, {
    provider: values.provider ?? 'aws',
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  return interruptible(async (signal) => {
    const instance = await find(provider, { id, region: values.region }, signal);
    if (verb === undefined) {
      const log = await provider.systemLog(instance, signal);
      const lines = log === '' ? ['Nothing written yet.'] : log.trimEnd().split('\n');
      lines.forEach(print);
      return EXIT.completed;
    }
    await confirm(provider, { verb, instance, isYes: values.yes === true, signal });
    await provider[verb](instance, signal);
    print(`${instanceTitle(instance)} (${instance.id}) is being ${VERBS[verb]}.`);
    return EXIT.completed;
  });
}

interface Wanted {
  readonly id: string;
  readonly region: string | undefined;
}

async function find(provider: Provider, { id, region }: Wanted, signal: AbortSignal): Promise<Instance> {
  const regions = await regionNames(provider, region === undefined ? [] : [region], signal);
  const { instances, problems } = await listAll(provider, regions, signal);
  const found = instances.find((one) => one.id === id);
  if (found !== undefined) {
    return found;
  }
  const [problem] = problems;
  if (problem !== undefined && problems.length === regions.length) {
    throw new SkilletError(problem.code, problem.path, problem);
  }
  const where = region ?? `${regions.length - problems.length} regions`;
  const unasked = problems.length === 0 ? '' : ` Not asked: ${problems.map(({ path }) => path).join(', ')}.`;
  throw new SkilletError('cloud-not-found', id, {
    message: `There is no such machine in ${where}.${unasked}`,
    remedy: 'See skillet instances aws.',
  });
}

interface Question {
  readonly verb: Verb;
  readonly instance: Instance;
  readonly isYes: boolean;
  readonly signal: AbortSignal;
}

/** @throws {SkilletError} `cli-usage`: nobody can be asked, or the answer is no. */
async function confirm(provider: Provider, { verb, instance, isYes, signal }: Question): Promise<void> {
  if (isYes || verb === 'reboot') {
    return;
  }
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new SkilletError('cli-usage', verb, {
      message: `${instance.id} was left ${STATE_WORDS[instance.state]}: nobody can be asked here.`,
      remedy: 'Give --yes.',
    });
  }
  const costs = await provider.costs([instance], signal).catch(() => new Map());
  const row = { instance, cost: costs.get(instance.id) ?? null, costAt: Date.now(), idle: null, guard: null };
  print(
    verb === 'start' ? `${instance.id}, ${instance.instanceType}: costs by the second again.` : lossText([row], verb),
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${verb} ${printable(instanceTitle(instance))}? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new SkilletError('cli-usage', verb, { message: 'was not wanted.', remedy: 'Answer y to do it.' });
    }
  } finally {
    terminal.close();
  }
}
