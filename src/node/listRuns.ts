/** Lists the runs in a folder without reading long files whole, and most of them not at all. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { NO_ANNOTATIONS } from '../common/run/annotations.ts';
import type { Evaluation } from '../common/run/events.ts';
import { newerFormat } from '../common/run/formatVersion.ts';
import type { RunState } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import type { RunSummary } from '../common/run/runSummary.ts';
import { readAnnotations } from './annotateRun.ts';
import { isTrainerAlive } from './isTrainerAlive.ts';
import { readEnds } from './readEnds.ts';
import {
  type CachedRun,
  hasSameAnnotations,
  hasSameEvents,
  type RunStamp,
  readRunCache,
  stampRuns,
  writeRunCache,
} from './runCache.ts';

/** A trainer says who it is as its first act; one that has not by then never will. */
const SILENT_MS = 60_000;
/** Files open at once. */
const PARALLEL = 16;
/** Fewer runs are read faster than remembered, and leave no file behind. */
const CACHE_FROM = 100;
/** The memory is written again once one run in so many had to be read. */
const STALE_SHARE = 200;

/** Newest first, by folder name. A folder that does not exist has no runs; folders that are no runs are passed over. */
export async function listRuns(runsFolder: string, { cacheFrom = CACHE_FROM } = {}): Promise<RunSummary[]> {
  const names = await folderNames(runsFolder);
  const isCached = names.length >= cacheFrom;
  const [cached, stamps] = await Promise.all([
    isCached ? readRunCache(runsFolder) : new Map<string, CachedRun>(),
    stampRuns(names.map((name) => path.join(runsFolder, name))),
  ]);
  const runs = names.map((name, index) => recallAtOnce(cached.get(name), stamps[index]));
  const others = [...runs.keys()].filter((index) => runs[index] === null);
  for (let first = 0; first < others.length; first += PARALLEL) {
    const batch = others.slice(first, first + PARALLEL).map(async (index) => {
      const [name, stamp] = [names[index], stamps[index]];
      if (name !== undefined && stamp !== undefined) {
        runs[index] = await recall(cached.get(name), path.join(runsFolder, name), stamp);
      }
    });
    await Promise.all(batch);
  }
  const found = runs.flatMap((run, index) => (run === null ? [] : { name: names[index] ?? '', run }));
  const lasting = found.filter(({ run }) => isLasting(run));
  const stale = lasting.filter(({ name, run }) => cached.get(name) !== run).length;
  if (isCached && stale > 0 && stale * STALE_SHARE >= names.length) {
    await writeRunCache(runsFolder, new Map(lasting.map(({ name, run }) => [name, run])));
  }
  return found.map(({ name, run }) => ({ runFolder: path.join(runsFolder, name), ...run.summary }));
}

/** Null for a folder that is no run, or went away meanwhile. */
export async function summarizeRun(runFolder: string): Promise<RunSummary | null> {
  const [stamp] = await stampRuns([runFolder]);
  const read = stamp === undefined ? null : await readSummary(runFolder, stamp);
  return read === null ? null : { runFolder, ...read.summary };
}

/** What is remembered of a run that has ended and looks as it did. */
function recallAtOnce(known: CachedRun | undefined, stamp: RunStamp | undefined): CachedRun | null {
  const isSame =
    known?.writer === null &&
    stamp !== undefined &&
    hasSameEvents(known.stamp, stamp) &&
    hasSameAnnotations(known.stamp, stamp);
  return isSame ? known : null;
}

/** What is remembered, where it still holds; read anew otherwise, as far as is needed. */
async function recall(known: CachedRun | undefined, runFolder: string, stamp: RunStamp): Promise<CachedRun | null> {
  if (known === undefined || !hasSameEvents(known.stamp, stamp)) {
    return readSummary(runFolder, stamp);
  }
  const { writer } = known;
  if (writer !== null && (await isTrainerAlive(writer, runFolder)) !== writer.isAlive) {
    return readSummary(runFolder, stamp);
  }
  if (hasSameAnnotations(known.stamp, stamp)) {
    return known;
  }
  return { ...known, stamp, summary: { ...known.summary, annotations: await readAnnotations(runFolder) } };
}

/** A run that has told nothing may still begin, or be found never to have begun: that depends on the time. */
function isLasting({ stamp, writer, summary: { status } }: CachedRun): boolean {
  const hasEnded = status === 'completed' || status === 'stopped' || status === 'failed';
  return stamp.events !== null && (writer !== null || hasEnded);
}

/** @param stamp Taken before: what changes while it is read makes it stale. */
async function readSummary(runFolder: string, stamp: RunStamp): Promise<CachedRun | null> {
  try {
    const { mtimeMs } = await stat(path.join(runFolder, RUN_FILES.recipe));
    const run = await readEnds(runFolder);
    const { trainer } = run;
    const isAlive = trainer === null || run.end !== null ? null : await isTrainerAlive(trainer, runFolder);
    const isGone = trainer === null ? Date.now() - mtimeMs > SILENT_MS : isAlive === false;
    return {
      stamp,
      writer: trainer === null || run.end !== null ? null : { ...trainer, isAlive },
      summary: {
        name: run.start?.name ?? (await recipeName(runFolder)),
        ...summarizeEvents(run),
        status: run.end === null && isGone ? 'interrupted' : run.status,
        annotations: stamp.annotations === null ? NO_ANNOTATIONS : await readAnnotations(runFolder),
      },
    };
  } catch {
    return null;
  }
}

/** What the events alone tell. */
export function summarizeEvents(run: RunState): Omit<RunSummary, 'runFolder' | 'name' | 'status' | 'annotations'> {
  return {
    recipeFile: run.recipeFile,
    params: run.start?.params ?? {},
    ...(run.pausedBecause === null ? {} : { pausedBecause: run.pausedBecause }),
    startedAt: run.startedAt,
    lastAt: run.lastAt,
    epochsDone: run.epochs.at(-1)?.epoch ?? run.start?.fork?.epoch ?? 0,
    epochs: run.start?.epochs ?? null,
    result: run.evaluation === null ? null : toResult(run.evaluation),
    backend: run.backend?.name ?? null,
    seed: run.start?.seed ?? null,
    ...(run.start?.fork === undefined ? {} : { fork: run.start.fork }),
    ...(newerFormat(run.version) === null ? {} : { newerFormat: newerFormat(run.version) as string }),
    problem: run.problems[0]?.message ?? (run.end?.status === 'failed' ? run.end.message : null),
  };
}

/** Newest first: names begin with the time. */
async function folderNames(runsFolder: string): Promise<string[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return [];
    }
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
    .reverse();
}

function toResult(evaluation: Evaluation): NonNullable<RunSummary['result']> {
  const { metric, better } = evaluation.primary;
  const values = evaluation.baselines.flatMap((baseline) => baseline.metrics[metric] ?? []);
  const best = better === 'lower' ? Math.min(...values) : Math.max(...values);
  return {
    metric,
    value: evaluation.metrics[metric] ?? null,
    baseline: values.length === 0 ? null : best,
    better,
    ...(evaluation.unit === undefined ? {} : { unit: evaluation.unit }),
  };
}

/** The name as the recipe has it, for a run that has not told it yet. */
async function recipeName(runFolder: string): Promise<string> {
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8');
  return /^name:\s*["']?(.+?)["']?\s*(?:#.*)?$/m.exec(text)?.[1] ?? path.basename(runFolder);
}
