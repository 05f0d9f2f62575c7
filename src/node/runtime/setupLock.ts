/** Lets one setup at a time work in a cache folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { toDiskFault } from './diskFault.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Runs the work while nobody else can; the lock of a process that has died is taken over.
 *
 * @throws {SkilletError} `runtime-busy`: another setup is at work; `runtime-disk`: the folder cannot be written.
 */
export async function withSetupLock<T>(cacheFolder: string, work: () => Promise<T>): Promise<T> {
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const lock = path.join(cacheFolder, 'setup.lock');
  const left = await take(lock, owner).catch((error: unknown) => {
    throw toDiskFault(error, cacheFolder);
  });
  try {
    return await work();
  } finally {
    for (const folder of [lock, ...left]) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Gives what an ended process left and is to be removed in the end. */
async function take(lock: string, owner: Owner): Promise<string[]> {
  if (await place(lock, owner)) {
    return [];
  }
  const other = await readOwner(lock);
  if (other === null || isAtWork(other)) {
    throw busy(lock, other);
  }
  // Named after the dead owner, and kept until the end: whoever else saw the same one cannot move ours away.
  const aside = `${lock}.${other.token}`;
  await rename(lock, aside).catch(() => {
    throw busy(lock, null);
  });
  if (!(await place(lock, owner))) {
    throw busy(lock, await readOwner(lock));
  }
  return [aside];
}

/** A folder with its owner in it appears at once or not at all. */
async function place(lock: string, owner: Owner): Promise<boolean> {
  const draft = `${lock}.new-${owner.token}`;
  await mkdir(draft, { recursive: true });
  await writeFile(path.join(draft, 'owner.json'), JSON.stringify(owner));
  try {
    await rename(draft, lock);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Windows says EPERM for a folder that is there.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return false;
    }
    throw error;
  }
}

async function readOwner(lock: string): Promise<Owner | null> {
  return readFile(path.join(lock, 'owner.json'), 'utf8').then(JSON.parse, () => null);
}

/** About another machine with the same cache folder nothing can be known: it counts as at work. */
function isAtWork({ pid, host }: Owner): boolean {
  if (host !== hostname()) {
    return true;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function busy(lock: string, owner: Owner | null): SkilletError {
  const who = owner === null ? '' : ` (process ${owner.pid} on ${owner.host})`;
  return new SkilletError('runtime-busy', path.dirname(lock), {
    message: `Another setup is at work here${who}.`,
    remedy: `Wait until it has ended; if there is none, delete ${lock}.`,
  });
}
