/** Keeps a second trainer out of a run folder: two would write over each other's events. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { Launch } from '../../common/run/events.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { guard, isDiskFull } from './disk.ts';

type Owner = Pick<Launch, 'pid' | 'host'>;

/** More often than this a lock is not lost to another trainer that begins at the same moment. */
const ATTEMPTS = 20;

/**
 * Takes the folder for this process; the lock of a trainer that is gone, or of another machine, does not count.
 *
 * @returns Gives it back.
 * @throws {SkilletError} `run-busy`: another trainer works in it. `run-folder`.
 */
export function lockRun(runFolder: string, own: Owner): () => void {
  const file = path.join(runFolder, RUN_FILES.lock);
  // Appears with its words in it: a lock that is made empty first could be taken for a broken one.
  const draft = `${file}.${own.pid}`;
  try {
    return guard(file, () => {
      const { pid, host } = own;
      writeFileSync(draft, JSON.stringify({ pid, host }));
      takeLock(file, { draft, own, runFolder });
      return () => rmSync(file, { force: true });
    });
  } catch (error) {
    if (isDiskFull(error)) {
      return () => undefined; // A run that waits for room must not fail for the want of its lock.
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Taking {
  readonly draft: string;
  readonly own: Owner;
  readonly runFolder: string;
}

function takeLock(file: string, { draft, own, runFolder }: Taking): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (link(draft, file)) {
      return;
    }
    const owner = readOwner(file);
    if (owner !== null && owner.host === own.host && owner.pid !== own.pid && isTrainer(owner.pid, runFolder)) {
      throw new SkilletError('run-busy', runFolder, {
        message: `Another trainer (process ${owner.pid}) works in this run folder.`,
        remedy: 'Wait for its end, or stop it: skillet stop.',
      });
    }
    takeAway(file, `${draft}.old`, owner);
  }
  throw new SkilletError('run-busy', runFolder, {
    message: 'Other trainers take this run folder at the same moment.',
    remedy: 'Start one of them.',
  });
}

/** Removes a lock that does not hold; not the one that another trainer has put in its place since it was read. */
function takeAway(file: string, aside: string, stale: Owner | null): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  const taken = readOwner(aside);
  if (taken?.pid !== stale?.pid || taken?.host !== stale?.host) {
    link(aside, file);
  }
  rmSync(aside, { force: true });
}

/** False where there is one already. */
function link(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return false;
    }
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return writeNew(file, readFileSync(draft)); // A file system without links.
    }
    throw error;
  }
}

function writeNew(file: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(file, bytes, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function readOwner(file: string): Owner | null {
  try {
    const { pid, host } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null;
  } catch {
    return null;
  }
}

/** A number can have passed to another program: where the system tells, its command line must name the folder. */
function isTrainer(pid: number, runFolder: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') {
    return true;
  }
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return args.some((arg) => path.basename(arg) === path.basename(runFolder));
  } catch {
    return false;
  }
}
