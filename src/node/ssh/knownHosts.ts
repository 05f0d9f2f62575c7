/** Skillet's own file of host keys, in OpenSSH's form, so that the system's ssh reads it as well. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { writeWhole } from '../writeWhole.ts';

/** The keys that are kept for a host, as `ssh-ed25519 AAAA…`. */
export async function readHostKeys(file: string, alias: string): Promise<readonly string[]> {
  return keysOf(await readText(file), alias);
}

/** Puts keys in the place of all that was kept for the host; every other line stays as it is. */
export async function writeHostKeys(file: string, alias: string, keys: readonly string[]): Promise<void> {
  const text = await readText(file);
  const changed = withKeys(text, alias, keys);
  if (changed === text) {
    return;
  }
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, '', { flag: 'a', mode: 0o600 }); // So that a new one is for its owner alone.
    await writeWhole(file, changed);
  } catch (error) {
    throw new SkilletError('cloud-file', file, {
      message: `The host's key cannot be kept: ${(error as Error).message}.`,
      remedy: 'Make the file writable, or free its disk.',
    });
  }
}

/** @returns The text itself where it holds just these keys already. */
export function withKeys(text: string, alias: string, keys: readonly string[]): string {
  const known = keysOf(text, alias);
  if (known.length === keys.length && keys.every((key) => known.includes(key))) {
    return text;
  }
  const others = linesOf(text).filter((line) => hostOf(line) !== alias);
  const last = others.at(-1);
  const before = last === undefined || last.endsWith('\n') ? others.join('') : `${others.join('')}\n`;
  return `${before}${keys.map((key) => `${alias} ${key}\n`).join('')}`;
}

function keysOf(text: string, alias: string): readonly string[] {
  return linesOf(text)
    .filter((line) => hostOf(line) === alias)
    .map((line) => line.trim().split(/\s+/).slice(1, 3).join(' '));
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hostOf(line: string): string {
  return line.trim().split(/\s+/)[0] ?? '';
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw new SkilletError('cloud-file', file, {
      message: `The file of host keys cannot be read: ${(error as Error).message}.`,
      remedy: 'Make the file readable.',
    });
  }
}
