/** `skillet drill`: shows on a machine what an interruption does to what runs there, without one. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { drillNotice, tellMachine } from '../../cloud/tellMachine.ts';
import type { InstanceRef } from '../../common/cloud/instance.ts';
import { noticeText } from '../../common/cloud/noticeText.ts';
import { SkilletError } from '../../common/errors.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { askYes } from './askPerson.ts';
import { openCloud } from './openCloud.ts';
import { openSsh, toSshHost } from './sshHere.ts';
import { untilInterrupted } from './untilInterrupted.ts';

const options = {
  region: { type: 'string' },
  account: { type: 'string' },
  key: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

export async function drillCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name = '', id = '', ...others] = positionals;
  if (id === '' || others.length > 0) {
    throw new SkilletError('cli-usage', 'skillet drill', {
      message: 'needs a provider and the id of one machine.',
      remedy: 'Write skillet drill aws i-0123456789abcdef0.',
    });
  }
  const provider = openCloud(modules, {
    provider: name,
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  return untilInterrupted(async (signal) => {
    await refuseUnlessWanted(id, { isWanted: values.yes === true, signal });
    const instance: InstanceRef = {
      provider: provider.id,
      region: values.region ?? (await provider.defaultRegion()),
      id,
    };
    const info = await provider.connect(instance, signal);
    const connection = await openSsh(
      toSshHost(id, info, values.key === undefined ? undefined : path.resolve(values.key)),
      info,
      signal,
    );
    const notice = drillNotice(instance, Date.now());
    try {
      await tellMachine(connection, { notice, signal });
    } finally {
      connection.end();
    }
    process.stdout.write(`${printable(noticeText(notice, info.name ?? id, Date.now()))}\n`);
    process.stdout.write(
      'The machine has the notice for a minute; trainers there save a checkpoint now. It goes on running.\n',
    );
    return EXIT.completed;
  });
}

async function refuseUnlessWanted(
  id: string,
  { isWanted, signal }: { readonly isWanted: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const question = `Tell ${id}, as a drill, that it will be taken back? What trains there saves a checkpoint; nothing is ended.`;
  if (!isWanted && !(await askYes(question, signal))) {
    throw new SkilletError('cli-usage', '--yes', {
      message: 'The drill was not confirmed.',
      remedy: 'Answer yes in a terminal, or add --yes.',
    });
  }
}
