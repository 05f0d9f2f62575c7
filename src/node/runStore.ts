/** All runs of some folders, held in memory: after the first look, only what changed is looked at again. */
import path from 'node:path';
import type { RunSummary } from '../common/run/runSummary.ts';
import { byFolderName } from '../common/run/sortRuns.ts';
import { listRuns, summarizeRun } from './listRuns.ts';
import { createPauses } from './pauses.ts';

export interface RunStore {
  /** Newest first, by folder name; the same array until something changes. */
  list(): Promise<readonly RunSummary[]>;
  /** The folders that runs lie in. Runs of new ones are read, those of others dropped. Gives what changed. */
  setFolders(runsFolders: readonly string[]): Promise<RunChanges>;
  /** Compares every run with its files. */
  lookAtAll(): Promise<RunChanges>;
  /** Looks at these again: new, changed or gone. */
  lookAt(runFolders: readonly string[]): Promise<RunChanges>;
  folders(): readonly string[];
}

export interface RunChanges {
  readonly changed: readonly RunSummary[];
  readonly gone: readonly string[];
}

/** What reads runs; tests count its calls. */
export interface RunReaders {
  readonly listRuns: (runsFolder: string) => Promise<RunSummary[]>;
  readonly summarizeRun: (runFolder: string) => Promise<RunSummary | null>;
}

/** Read at once. */
const PARALLEL = 16;

export function createRunStore(
  readers: RunReaders = { listRuns: (folder) => listRuns(folder), summarizeRun },
): RunStore {
  const runs = new Map<string, RunSummary>();
  let folders: readonly string[] = [];
  let sorted: readonly RunSummary[] | null = null;
  /** One look after another, so that an older one cannot undo a newer. */
  let last: Promise<unknown> = Promise.resolve();

  const queue = <T>(look: () => Promise<T>): Promise<T> => {
    const next = last.then(look);
    last = next.catch(() => undefined);
    return next;
  };
  const take = async (found: readonly RunSummary[], gone: readonly string[]): Promise<RunChanges> => {
    const changed: RunSummary[] = [];
    const pause = createPauses();
    for (const run of found) {
      if (!isSame(runs.get(run.runFolder), run)) {
        changed.push(run);
      }
      await pause();
    }
    const left = gone.filter((runFolder) => runs.delete(runFolder));
    for (const run of changed) {
      runs.set(run.runFolder, run);
    }
    if (changed.length > 0 || left.length > 0) {
      sorted = null;
    }
    return { changed, gone: left };
  };
  const readFolders = async (wanted: readonly string[]): Promise<RunChanges> => {
    const found = (await Promise.all(wanted.map(readers.listRuns))).flat();
    const there = new Set(found.map(({ runFolder }) => runFolder));
    const read = new Set(wanted);
    const gone = [...runs.keys()].filter((runFolder) => {
      const parent = path.dirname(runFolder);
      return (read.has(parent) && !there.has(runFolder)) || !folders.includes(parent);
    });
    return take(found, gone);
  };
  return {
    async list() {
      await last;
      sorted ??= byFolderName([...runs.values()]);
      return sorted;
    },
    folders: () => folders,
    setFolders: (next) =>
      queue(async () => {
        const added = next.filter((folder) => !folders.includes(folder));
        folders = [...next];
        return readFolders(added);
      }),
    lookAtAll: () => queue(() => readFolders(folders)),
    lookAt: (runFolders) =>
      queue(async () => {
        const found: RunSummary[] = [];
        const gone: string[] = [];
        const wanted = [...new Set(runFolders)].filter((folder) => folders.includes(path.dirname(folder)));
        for (let first = 0; first < wanted.length; first += PARALLEL) {
          const batch = wanted.slice(first, first + PARALLEL);
          const summaries = await Promise.all(batch.map(readers.summarizeRun));
          summaries.forEach((summary, index) => {
            if (summary === null) {
              gone.push(batch[index] ?? '');
            } else {
              found.push(summary);
            }
          });
        }
        return take(found, gone);
      }),
  };
}

/** A cached summary is another object each time. */
function isSame(a: RunSummary | undefined, b: RunSummary): boolean {
  return a !== undefined && (a === b || JSON.stringify(a) === JSON.stringify(b));
}
