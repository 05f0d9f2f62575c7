/** Deleting runs so that it can be undone: they are moved aside, and removed for good once they are old. */
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { isLiveRun } from '../common/run/runSummary.ts';
import { summarizeRun } from './listRuns.ts';

/** Beside the runs: a folder for each deletion, with the runs' folders in it. */
const DELETED = '.deleted';
/** How long a deletion can be undone. */
export const KEPT_MS = 7 * 24 * 3_600_000;

/** Runs that were deleted together. */
export interface Deletion {
  /** The same in each folder that runs were deleted from: `20261125T003000123Z-4711`. */
  readonly id: string;
  readonly deletedAtMs: number;
  /** Where the runs lay. */
  readonly runFolders: readonly string[];
}

/**
 * Moves all of them aside, or none: each goes by one rename, and where one fails those before it are moved back.
 *
 * @throws {SkilletError} `run-delete`: one of them trains, is no run, or cannot be moved.
 */
export async function deleteRuns(runFolders: readonly string[], now: Date): Promise<Deletion> {
  const folders = [...new Set(runFolders.map((folder) => path.resolve(folder)))];
  await Promise.all(folders.map(refuseLive));
  const id = `${now.toISOString().replaceAll(/[-:.]/g, '')}-${process.pid}`;
  const moves = folders.map((folder) => ({ from: folder, to: asideOf(folder, id) }));
  await moveAll(moves, async ({ from, to }) => {
    await mkdir(path.dirname(to), { recursive: true });
    await refuseLive(from);
  });
  return { id, deletedAtMs: now.getTime(), runFolders: folders };
}

/**
 * Moves the runs of a deletion back, all or none.
 *
 * @throws {SkilletError} `run-delete`: there is a folder of that name again, or it cannot be moved, or it is gone.
 */
export async function restoreRuns({ id, runFolders }: Deletion): Promise<void> {
  const moves = runFolders.map((folder) => ({ from: asideOf(folder, id), to: folder }));
  await moveAll(moves, async ({ from, to }) => {
    if (!(await exists(from))) {
      throw fault(to, 'is not among the deleted runs any more.', 'It was removed for good, or brought back already.');
    }
    // A rename would go over an empty folder without a word.
    if (await exists(to)) {
      throw fault(
        to,
        'cannot be brought back: there is a folder of that name again.',
        `Move that one away; until then it is kept in ${from}.`,
      );
    }
  });
  await Promise.all([...new Set(moves.map(({ from }) => path.dirname(from)))].map(removeEmpty));
}

/** All that can still be undone, the latest first. */
export async function listDeletions(runsFolders: readonly string[]): Promise<Deletion[]> {
  const byId = new Map<string, string[]>();
  for (const runsFolder of runsFolders) {
    for (const id of await namesIn(path.join(runsFolder, DELETED))) {
      const runs = await namesIn(path.join(runsFolder, DELETED, id));
      byId.set(id, [...(byId.get(id) ?? []), ...runs.map((name) => path.join(runsFolder, name))]);
    }
  }
  return [...byId]
    .flatMap(([id, runFolders]) => {
      const deletedAtMs = timeOf(id);
      return deletedAtMs === null || runFolders.length === 0 ? [] : { id, deletedAtMs, runFolders };
    })
    .sort((a, b) => b.deletedAtMs - a.deletedAtMs || (a.id < b.id ? 1 : -1));
}

/**
 * Removes deleted runs for good; what is not of our making in that folder stays.
 *
 * @param keptMs Deletions younger than this stay.
 * @returns How many runs were removed.
 */
export async function emptyDeletions(
  runsFolders: readonly string[],
  { now, keptMs }: { readonly now: Date; readonly keptMs: number },
): Promise<number> {
  let count = 0;
  for (const runsFolder of runsFolders) {
    for (const id of await namesIn(path.join(runsFolder, DELETED))) {
      const deletedAtMs = timeOf(id);
      if (deletedAtMs !== null && now.getTime() - deletedAtMs >= keptMs) {
        const folder = path.join(runsFolder, DELETED, id);
        count += (await namesIn(folder)).length;
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    }
    await rmdir(path.join(runsFolder, DELETED)).catch(() => undefined);
  }
  return count;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

async function moveAll(moves: readonly Move[], prepare: (move: Move) => Promise<void>): Promise<void> {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      await prepare(move);
      await rename(move.from, move.to);
      done.push(move);
    }
  } catch (error) {
    const stuck = await moveBack(done);
    const first = error instanceof SkilletError ? error : moveFault(moves[done.length]?.from ?? '', error);
    throw stuck.length === 0
      ? first
      : fault(
          first.path,
          `${first.message} What was moved before could not be moved back: ${stuck.join(', ')}.`,
          first.remedy,
        );
  } finally {
    await Promise.all([...new Set(moves.map(({ to }) => path.dirname(to)))].map(removeEmpty));
  }
}

/** Gives the places of those that stay where they are. */
async function moveBack(done: readonly Move[]): Promise<string[]> {
  const stuck: string[] = [];
  for (const { from, to } of done.toReversed()) {
    await rename(to, from).catch(() => stuck.push(to));
  }
  return stuck;
}

async function refuseLive(runFolder: string): Promise<void> {
  const summary = await summarizeRun(runFolder);
  if (summary === null) {
    throw fault(runFolder, 'is no run.', 'See skillet runs.');
  }
  if (isLiveRun(summary)) {
    throw fault(runFolder, `is still training (${summary.status}), so it is not deleted.`, 'Stop it first.');
  }
}

function asideOf(runFolder: string, id: string): string {
  return path.join(path.dirname(runFolder), DELETED, id, path.basename(runFolder));
}

/** Null for a name that is none of ours. */
function timeOf(id: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-\d+$/.exec(id);
  if (parts === null) {
    return null;
  }
  const [year, month, day, hour, minute, second, ms] = parts.slice(1);
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(time) ? null : time;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** A folder that holds anything stays. */
async function removeEmpty(folder: string): Promise<void> {
  if (path.basename(path.dirname(folder)) === DELETED) {
    await rmdir(folder).catch(() => undefined);
    await rmdir(path.dirname(folder)).catch(() => undefined);
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

function moveFault(folder: string, error: unknown): SkilletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
    ENOSPC: ['the disk is full', 'Free some space, then delete it again.'],
    EACCES: ['its folder is read-only', 'Make the folder of the runs writable.'],
    EROFS: ['its folder is read-only', 'Make the folder of the runs writable.'],
    EPERM: ['another program holds it', 'Close what has its files open, then try again.'],
    EBUSY: ['another program holds it', 'Close what has its files open, then try again.'],
    ENOTDIR: [`a file stands where ${DELETED} belongs`, `Remove the file ${DELETED} beside the run.`],
    EEXIST: [`a file stands where ${DELETED} belongs`, `Remove the file ${DELETED} beside the run.`],
  };
  const [why, remedy] = reasons[code ?? ''] ?? [message, 'Look at the folder, then try again.'];
  return fault(folder, `cannot be moved: ${why}. Nothing was changed.`, remedy);
}

function fault(folder: string, message: string, remedy: string): SkilletError {
  return new SkilletError('run-delete', folder, { message, remedy });
}
