/**
 * A file beside the runs that remembers what was read of each, so that ten thousand are listed without opening them.
 *
 * It lies with the runs and not in a cache folder of the user's: it goes where they go and away when they go, and holds
 * no path, so a project that was moved or copied keeps it. It is only a memory: an entry counts while the files it was
 * read from have the same size and time, and the file may be deleted at any time.
 */
import { stat as statFile } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NO_ANNOTATIONS } from '../common/run/annotations.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import type { RunSummary } from '../common/run/runSummary.ts';
import { createPauses } from './pauses.ts';

/** How a run's files looked when they were read; null for a file that was not there. */
export interface RunStamp {
  readonly events: FileStamp | null;
  readonly annotations: FileStamp | null;
}

/** Size, time of the last change in ms, and, where a file is replaced rather than appended to, its number on the disk. */
export type FileStamp = readonly [size: number, mtimeMs: number, ino: number];

export interface CachedRun {
  readonly stamp: RunStamp;
  /** Of a run without an end: who writes it, and whether that process lived. Null for one that has ended. */
  readonly writer: { readonly pid: number; readonly host: string; readonly isAlive: boolean | null } | null;
  readonly summary: Omit<RunSummary, 'runFolder'>;
}

const FILE = '.index.jsonl';
const HEAD = JSON.stringify({ format: 'skillet-runs', version: 1 });
const DRAFT = /^\.index-.*\.tmp$/;
/** A draft that old was left by a process that died. */
const DRAFT_MS = 3_600_000;
/** Asked of the disk at once. */
const PARALLEL = 64;

/** By the name of the run's folder. A line that cannot be understood is passed over; no file, no entries. */
export async function readRunCache(runsFolder: string): Promise<Map<string, CachedRun>> {
  const cached = new Map<string, CachedRun>();
  const text = await readFile(path.join(runsFolder, FILE), 'utf8').catch(() => '');
  if (!text.startsWith(`${HEAD}\n`)) {
    return cached;
  }
  const pause = createPauses();
  for (let from = HEAD.length + 1; from < text.length; ) {
    const to = text.indexOf('\n', from);
    const line = parseLine(text.slice(from, to < 0 ? text.length : to));
    if (line !== null) {
      cached.set(line.name, line.run);
    }
    from = to < 0 ? text.length : to + 1;
    await pause();
  }
  return cached;
}

/** Beside and renamed: of two that write, the later wins, and either is whole. A disk that is full or read-only is no fault. */
export async function writeRunCache(runsFolder: string, runs: ReadonlyMap<string, CachedRun>): Promise<void> {
  const draft = path.join(runsFolder, `.index-${process.pid}-${Math.trunc(performance.now() * 1000)}.tmp`);
  const pause = createPauses();
  try {
    const pieces = [`${HEAD}\n`];
    for (const [name, run] of runs) {
      pieces.push(`${JSON.stringify({ name, ...run })}\n`);
      await pause();
    }
    await writeFile(draft, pieces.join(''), { flag: 'wx' });
    await rename(draft, path.join(runsFolder, FILE));
    await removeOldDrafts(runsFolder);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function removeOldDrafts(runsFolder: string): Promise<void> {
  for (const name of (await readdir(runsFolder)).filter((entry) => DRAFT.test(entry))) {
    const file = path.join(runsFolder, name);
    const found = await stat(file).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > DRAFT_MS) {
      await rm(file, { force: true });
    }
  }
}

/** One for each folder, in their order. Callbacks, as promises cost three times as much here. */
export function stampRuns(folders: readonly string[]): Promise<RunStamp[]> {
  const files = folders.flatMap((folder) => [
    path.join(folder, RUN_FILES.events),
    path.join(folder, RUN_FILES.annotations),
  ]);
  const stamps: (FileStamp | null)[] = new Array(files.length).fill(null);
  return new Promise((resolve) => {
    let [next, open] = [0, 0];
    const askMore = () => {
      for (; open < PARALLEL && next < files.length; next += 1) {
        const index = next;
        open += 1;
        statFile(files[index] ?? '', (error, found) => {
          open -= 1;
          stamps[index] = error === null ? [found.size, found.mtimeMs, found.ino] : null;
          askMore();
        });
      }
      if (open === 0 && next >= files.length) {
        resolve(
          folders.map((_, run) => ({ events: stamps[2 * run] ?? null, annotations: stamps[2 * run + 1] ?? null })),
        );
      }
    };
    askMore();
  });
}

/** Events are only ever appended to. */
export function hasSameEvents(a: RunStamp, b: RunStamp): boolean {
  return a.events !== null && b.events !== null && a.events[0] === b.events[0] && a.events[1] === b.events[1];
}

/** Annotations are replaced, perhaps twice in one tick of the disk's clock and by as many letters. */
export function hasSameAnnotations(a: RunStamp, b: RunStamp): boolean {
  return a.annotations === null || b.annotations === null
    ? a.annotations === b.annotations
    : a.annotations.every((part, index) => part === b.annotations?.[index]);
}

function parseLine(line: string): { name: string; run: CachedRun } | null {
  try {
    const { name, stamp, writer, summary } = JSON.parse(line);
    const isFit =
      typeof name === 'string' &&
      isStamp(stamp?.events) &&
      isStamp(stamp.annotations) &&
      (writer === null || typeof writer?.pid === 'number') &&
      isSummary(summary);
    return isFit ? { name, run: { stamp, writer, summary } } : null;
  } catch {
    return null;
  }
}

function isStamp(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 3 && value.every(Number.isFinite));
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isObject: Check = (value) => typeof value === 'object' && value !== null;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** Every field must be named here, so that entries from before a field was added are read anew. */
const FIELDS: Readonly<Record<keyof Required<CachedRun['summary']>, Check>> = {
  name: isText,
  recipeFile: orNull(isText),
  params: isObject,
  status: isText,
  pausedBecause: orAbsent(orNull(isText)),
  startedAt: orNull(isText),
  lastAt: orNull(isText),
  epochsDone: isNumber,
  epochs: orNull(isNumber),
  result: orNull((value) => isObject(value) && isText((value as { better: unknown }).better)),
  backend: orNull(isText),
  seed: orNull(isNumber),
  fork: orAbsent(isObject),
  newerFormat: orAbsent(isText),
  problem: orNull(isText),
  annotations: (value) => isObject(value) && Object.keys(NO_ANNOTATIONS).every((name) => name in (value as object)),
};

function isSummary(value: unknown): boolean {
  return (
    isObject(value) && Object.entries(FIELDS).every(([name, check]) => check((value as Record<string, unknown>)[name]))
  );
}
