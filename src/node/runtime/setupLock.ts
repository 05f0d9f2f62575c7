/** Lets one setup at a time work in a cache folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { toDiskFault } from './diskFault.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Whoever has the lock says so this often; one that was silent for so long has died. */
const BEAT_MS = 10_000;
const SILENCE_MS = 60_000;
const OWNER_FILE = 'owner.json';

/**
 * Runs the work while nobody else can; the lock of a process that has died is taken over.
 *
 * @throws {SkilletError} `runtime-busy`: another setup is at work; `runtime-disk`: the folder cannot be written.
 */
export async function withSetupLock<T>(cacheFolder: string, work: () => Promise<T>, now = Date.now): Promise<T> {
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const lock = path.join(cacheFolder, 'setup.lock');
  const left = await take(lock, owner, now).catch((error: unknown) => {
    throw toDiskFault(error, cacheFolder);
  });
  const ownerFile = path.join(lock, OWNER_FILE);
  const beat = setInterval(() => {
    const at = new Date(now());
    utimes(ownerFile, at, at).catch(() => undefined);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    for (const folder of [lock, ...left]) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Gives what an ended process left and is to be removed in the end. */
async function take(lock: string, owner: Owner, now: () => number): Promise<string[]> {
  if (await place(lock, owner)) {
    return [];
  }
  const other = await readOwner(lock);
  if (other === null || !((await isGone(other)) || (await isSilent(lock, now)))) {
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
  await writeFile(path.join(draft, OWNER_FILE), JSON.stringify(owner));
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
  return readFile(path.join(lock, OWNER_FILE), 'utf8').then(JSON.parse, () => null);
}

/** About a process of another machine nothing can be known here. */
async function isGone({ pid, host }: Owner): Promise<boolean> {
  if (host !== hostname()) {
    return false;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // One that has ended but was not collected by its parent still has a number, and the state Z.
  const state = process.platform === 'linux' ? await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '') : '';
  return /\) Z /.test(state);
}

/** The number of a dead process may have passed to another program, and other machines cannot be asked. */
async function isSilent(lock: string, now: () => number): Promise<boolean> {
  const saidAt = await stat(path.join(lock, OWNER_FILE)).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  return saidAt !== null && now() - saidAt > SILENCE_MS;
}

function busy(lock: string, owner: Owner | null): SkilletError {
  const who = owner === null ? '' : ` (process ${owner.pid} on ${owner.host})`;
  return new SkilletError('runtime-busy', path.dirname(lock), {
    message: `Another setup is at work here${who}.`,
    remedy: 'Wait until it has ended; one that was killed lets go after a minute.',
  });
}
