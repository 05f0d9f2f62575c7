/** Skillet's hosts in the configuration of SSH: in a file of their own, which the person's own file includes by one line. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { SkilletError } from '../../common/errors.ts';
import { writeWhole } from '../writeWhole.ts';
import type { SshFiles } from './sshFiles.ts';

/** What a machine is reached by. */
export interface SshHost {
  /** What the person calls the machine; null where nothing. */
  readonly name: string | null;
  /** What its host keys are kept under; it tells the machine apart from others of its name. */
  readonly alias: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly keyFile: string | null;
}

const INCLUDE = 'Include skillet_config';
const HEAD = '# Written by Skillet, which keeps the hosts below up to date. Yours belong into the file config.\n';

/** Adds the machine, or changes it where its address or anything else has changed. @returns The name to give to ssh. */
export async function addSshHost(files: SshFiles, host: SshHost): Promise<string> {
  const config = await read(files.config, 'latin1');
  const own = await read(files.skilletConfig);
  const { text, name } = withHost(own, host, files.knownHosts);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await write(files.skilletConfig, own, text);
  await write(files.config, config, withInclude(config), 'latin1');
  return name;
}

/** Removes the machine, and with the last one every trace. @returns Whether it was there. */
export async function removeSshHost(files: SshFiles, alias: string): Promise<boolean> {
  const own = await read(files.skilletConfig);
  const text = withoutHost(own, alias);
  if (text === own) {
    return false;
  }
  if (blocksOf(text).length > 0) {
    await write(files.skilletConfig, own, text);
    return true;
  }
  const config = await read(files.config, 'latin1');
  await write(files.config, config, withoutInclude(config), 'latin1');
  await rm(files.skilletConfig, { force: true });
  return true;
}

/** It must stand before the first Host, or it would count for that host alone. */
export function withInclude(config: string): string {
  const [head = ''] = config.split(/^[ \t]*(?:Host|Match)\b/im);
  if (/^[ \t]*Include[ \t]+"?(?:~\/\.ssh\/)?skillet_config"?[ \t]*\r?$/im.test(head)) {
    return config;
  }
  return `${INCLUDE}${/\r\n/.test(config) ? '\r\n' : '\n'}${config}`;
}

/** Takes away the line that {@link withInclude} has put in front, and nothing else. */
export function withoutInclude(config: string): string {
  return config.replace(/^Include skillet_config\r?\n/, '');
}

/** @returns The text with the machine's block, at its place where it had one. */
export function withHost(
  text: string,
  host: SshHost,
  knownHosts: string,
): { readonly text: string; readonly name: string } {
  const blocks = blocksOf(text);
  const own = blocks.find(({ alias }) => alias === host.alias);
  const others = blocks.filter((block) => block !== own).map(({ name }) => name);
  const wish = `skillet-${(host.name ?? '').replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-+|-+$/g, '') || host.alias.slice(8)}`;
  const name = others.includes(wish) ? `${wish}-${host.alias.slice(-6)}` : wish;
  const block = `Host ${name}\n${linesOf(host, knownHosts)
    .map((line) => `    ${line}\n`)
    .join('')}`;
  if (own !== undefined) {
    return { text: `${text.slice(0, own.start)}${block}${text.slice(own.end)}`, name };
  }
  const before = text === '' ? HEAD : text.endsWith('\n') ? text : `${text}\n`;
  return { text: `${before}\n${block}`, name };
}

export function withoutHost(text: string, alias: string): string {
  const found = blocksOf(text).find((block) => block.alias === alias);
  if (found === undefined) {
    return text;
  }
  const before = text.slice(0, found.start);
  return `${before.endsWith('\n\n') ? before.slice(0, -1) : before}${text.slice(found.end)}`;
}

function linesOf({ host, port, user, keyFile, alias }: SshHost, knownHosts: string): readonly string[] {
  return [
    `HostName ${host}`,
    `Port ${port}`,
    `User ${user}`,
    ...(keyFile === null ? [] : [`IdentityFile ${quoted(keyFile)}`]),
    `HostKeyAlias ${alias}`,
    `UserKnownHostsFile ${quoted(knownHosts)}`,
    'ServerAliveInterval 30',
  ];
}

/** ssh_config(5): percent signs begin tokens, also within quotes. */
function quoted(file: string): string {
  return `"${file.replaceAll('\\', '/').replaceAll('%', '%%')}"`;
}

interface Block {
  readonly name: string;
  readonly alias: string | null;
  readonly start: number;
  readonly end: number;
}

/** A host and the indented lines below it; what else stands in the file is nobody's. */
function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^Host (\S+)[ \t]*\r?\n((?:[ \t]+\S.*(?:\n|$))*)/gm)].map((match) => ({
    name: match[1] ?? '',
    alias: /^[ \t]+HostKeyAlias[ \t]+(\S+)/m.exec(match[2] ?? '')?.[1] ?? null,
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** A person's own file may be in any encoding: `latin1` gives every byte back as it was. */
type Encoding = 'utf8' | 'latin1';

async function read(file: string, encoding: Encoding = 'utf8'): Promise<string> {
  try {
    return await readFile(file, encoding);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw fault(file, 'read', error);
  }
}

async function write(file: string, before: string, after: string, encoding: Encoding = 'utf8'): Promise<void> {
  if (before === after) {
    return;
  }
  try {
    await writeFile(file, '', { flag: 'a', mode: 0o600 }); // A new one is for its owner alone; an old one keeps its mode.
    await writeWhole(file, Buffer.from(after, encoding));
  } catch (error) {
    throw fault(file, 'written', error);
  }
}

function fault(file: string, what: string, error: unknown): SkilletError {
  return new SkilletError('cloud-file', file, {
    message: `The configuration of SSH cannot be ${what}: ${(error as Error).message}.`,
    remedy: 'Mend the rights of the file.',
  });
}
