/** `skillet connect`: waits until a machine lets one in, then opens RStudio, Jupyter or a terminal, or runs a command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { READY_STEPS, waitUntilReady } from '../../cloud/waitUntilReady.ts';
import type { ConnectInfo, ConnectService } from '../../common/cloud/connection.ts';
import type { InstanceRef } from '../../common/cloud/instance.ts';
import { SkilletError } from '../../common/errors.ts';
import { writeHostKeys } from '../../node/ssh/knownHosts.ts';
import { sshArguments, sshCommandLine } from '../../node/ssh/sshArguments.ts';
import { addSshHost, type SshHost } from '../../node/ssh/sshConfig.ts';
import { sshFiles } from '../../node/ssh/sshFiles.ts';
import { printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { openCloud } from './openCloud.ts';
import { openSsh, sshHere, toSshHost } from './sshHere.ts';
import { untilInterrupted } from './untilInterrupted.ts';

const options = {
  region: { type: 'string' },
  account: { type: 'string' },
  rstudio: { type: 'boolean' },
  jupyter: { type: 'boolean' },
  terminal: { type: 'boolean' },
  'ssh-config': { type: 'boolean' },
  command: { type: 'string' },
  key: { type: 'string' },
  port: { type: 'string' },
  'show-password': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const TITLES: Readonly<Record<ConnectService['name'], string>> = { rstudio: 'RStudio', jupyter: 'Jupyter' };

/** What the ways in have in common. */
interface Entry {
  readonly instance: InstanceRef;
  readonly info: ConnectInfo;
  readonly host: SshHost;
  readonly values: Values;
  readonly signal: AbortSignal;
}

export async function connectCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const way = wayOf(values);
  const localPort = portOf(values.port);
  const [name = '', id = '', ...others] = positionals;
  if (id === '' || others.length > 0) {
    throw new SkilletError('cli-usage', 'skillet connect', {
      message: 'needs a provider and the id of one machine.',
      remedy: 'Write skillet connect aws i-0123456789abcdef0.',
    });
  }
  const provider = openCloud(modules, {
    provider: name,
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  return untilInterrupted(async (signal) => {
    const region = values.region ?? (await provider.defaultRegion());
    const instance: InstanceRef = { provider: provider.id, region, id };
    const info = await ready(provider, instance, signal);
    const host = toSshHost(id, info, values.key === undefined ? undefined : path.resolve(values.key));
    const entry: Entry = { instance, info, host, values, signal };
    switch (way) {
      case 'rstudio':
      case 'jupyter':
        return openService(way, localPort, entry);
      case 'terminal':
        return openTerminal(entry);
      case 'ssh-config':
        return addToConfig(entry);
      case 'command':
        return runCommand(values.command ?? '', entry);
      default:
        return tellWays(entry);
    }
  });
}

const WAYS = ['rstudio', 'jupyter', 'terminal', 'ssh-config', 'command'] as const;

function wayOf(values: Values): (typeof WAYS)[number] | null {
  const wanted = WAYS.filter((way) => values[way] !== undefined && values[way] !== false);
  if (wanted.length > 1) {
    throw new SkilletError('cli-usage', 'skillet connect', {
      message: `${wanted.map((way) => `--${way}`).join(' and ')} exclude each other.`,
      remedy: 'Take one of them.',
    });
  }
  return wanted[0] ?? null;
}

/** @returns Null for the same as on the machine. */
function portOf(text: string | undefined): number | null {
  const port = Number(text);
  if (text !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new SkilletError('cli-usage', '--port', {
      message: `${text} is no port.`,
      remedy: 'Name one from 1 to 65535.',
    });
  }
  return text === undefined ? null : port;
}

const tell = (text: string) => process.stderr.write(`${printable(text)}\n`);
const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

function ready(provider: Provider, instance: InstanceRef, signal: AbortSignal): Promise<ConnectInfo> {
  return waitUntilReady({
    ...{ provider, instance, signal },
    onStep: (step) => tell(`${instance.id}: waiting for ${READY_STEPS[step]}…`),
  });
}

async function openService(name: ConnectService['name'], wish: number | null, entry: Entry): Promise<number> {
  const { info, host, values, signal } = entry;
  const service = serviceOf(name, info);
  const tunnel = await sshHere().openTunnel({
    connect: (again) => openSsh(host, info, again),
    remotePort: service.port,
    preferredPort: wish ?? service.port,
    onState: (state) =>
      tell(
        state.state === 'open'
          ? 'The tunnel is open again.'
          : state.state === 'refused'
            ? state.fault
            : `${state.fault} Trying again…`,
      ),
    signal,
  });
  print(`${TITLES[name]}: http://127.0.0.1:${tunnel.localPort}`);
  if (service.user !== null) {
    print(`User: ${service.user}`);
  }
  if (service.password !== null) {
    print(
      `Password: ${values['show-password'] === true ? service.password : '--show-password prints the first one, which is the id of the machine'}`,
    );
  }
  print('Open until Ctrl+C.');
  signal.addEventListener('abort', () => void tunnel.close(), { once: true });
  const fault = await tunnel.closed;
  if (fault !== null) {
    throw fault;
  }
  return EXIT.completed;
}

function serviceOf(name: ConnectService['name'], { services }: ConnectInfo): ConnectService {
  const service = services.find((one) => one.name === name);
  if (service === undefined) {
    throw new SkilletError('cloud-connect', name, {
      message: `The machine has no ${TITLES[name]}.`,
      remedy: 'Launch one from an image that has it.',
    });
  }
  return service;
}

/** By the system's own ssh, which knows the terminal best; the provider's word on the host keys is left for it. */
async function openTerminal({ info, host, signal }: Entry): Promise<number> {
  const { knownHosts } = sshFiles();
  if (info.hostKeys.length > 0) {
    await writeHostKeys(knownHosts, host.alias, info.hostKeys);
  }
  const child = spawn('ssh', [...sshArguments(host, knownHosts)], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill(), { once: true });
  const failed = once(child, 'error').then(([error]) => {
    throw new SkilletError('cloud-connect', 'ssh', {
      message: `The program ssh cannot be started: ${(error as Error).message}.`,
      remedy: 'Install OpenSSH, or use --command.',
    });
  });
  const [code] = await Promise.race([once(child, 'close'), failed]);
  return code ?? EXIT.failed;
}

async function addToConfig({ info, host }: Entry): Promise<number> {
  const files = sshFiles();
  if (info.hostKeys.length > 0) {
    await writeHostKeys(files.knownHosts, host.alias, info.hostKeys);
  }
  const name = await addSshHost(files, host);
  print(`Added to ${files.skilletConfig}. Connect with: ssh ${name}`);
  return EXIT.completed;
}

async function runCommand(command: string, { info, host, signal }: Entry): Promise<number> {
  const connection = await openSsh(host, info, signal);
  try {
    const { code } = await connection.exec(command, {
      signal,
      onOutput: (text, stream) => void process[stream].write(text),
    });
    return code ?? EXIT.failed;
  } finally {
    connection.end();
  }
}

function tellWays({ instance, info, host }: Entry): number {
  const word = `skillet connect ${instance.provider} ${instance.id}`;
  print(`${instance.id} is ready at ${info.host}.`);
  print(`  ${sshCommandLine(host, sshFiles().knownHosts)}`);
  for (const { name } of info.services) {
    print(`  ${TITLES[name]}: ${word} --${name}`);
  }
  print(`  Terminal: ${word} --terminal`);
  if (host.keyFile === null) {
    print(`The key file of ${info.keyPair ?? 'the machine'} is not known: add --key file.`);
  }
  return EXIT.completed;
}
