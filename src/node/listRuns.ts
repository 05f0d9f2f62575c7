/** Lists the runs in a folder without reading long files whole. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Evaluation, Fork } from '../common/run/events.ts';
import { newerFormat } from '../common/run/formatVersion.ts';
import type { RunState, RunStatus } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { isTrainerAlive } from './isTrainerAlive.ts';
import { readEnds } from './readEnds.ts';

export interface RunSummary {
  /** Absolute path. */
  readonly runFolder: string;
  readonly name: string;
  readonly recipeFile: string | null;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly status: RunStatus | 'interrupted';
  /** Why it is paused, where nobody asked for it. */
  readonly pausedBecause?: RunState['pausedBecause'];
  /** ISO 8601, or null where nothing was written yet. */
  readonly startedAt: string | null;
  readonly lastAt: string | null;
  readonly epochsDone: number;
  readonly epochs: number | null;
  /** The result on the test rows by its primary metric, and the best naive baseline by the same. */
  readonly result: {
    readonly metric: string;
    readonly value: number | null;
    readonly baseline: number | null;
    readonly unit?: string;
  } | null;
  readonly backend: string | null;
  readonly seed: number | null;
  /** Where it branched off another run; absent for one that began by itself. */
  readonly fork?: Fork;
  /** What is to be said of a run that a newer Skillet has made, as a whole sentence. */
  readonly newerFormat?: string;
  /** First sentence of what went wrong, for a failed run. */
  readonly problem: string | null;
}

/** A trainer says who it is as its first act; one that has not by then never will. */
const SILENT_MS = 60_000;
/** Files open at once. */
const PARALLEL = 16;

/** Newest first, by folder name. A folder that does not exist has no runs; folders that are no runs are passed over. */
export async function listRuns(runsFolder: string): Promise<RunSummary[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return [];
    }
    throw error;
  });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(runsFolder, entry.name));
  const summaries: RunSummary[] = [];
  for (let first = 0; first < folders.length; first += PARALLEL) {
    const batch = await Promise.all(folders.slice(first, first + PARALLEL).map(summarizeRun));
    summaries.push(...batch.filter((summary) => summary !== null));
  }
  return summaries.sort((a, b) => (path.basename(a.runFolder) < path.basename(b.runFolder) ? 1 : -1));
}

/** Null for a folder that is no run, or went away meanwhile. */
export async function summarizeRun(runFolder: string): Promise<RunSummary | null> {
  try {
    const { mtimeMs } = await stat(path.join(runFolder, RUN_FILES.recipe));
    return await toSummary(await readEnds(runFolder), runFolder, mtimeMs);
  } catch {
    return null;
  }
}

async function toSummary(run: RunState, runFolder: string, madeAtMs: number): Promise<RunSummary> {
  const isGone = run.end === null && (await hasLostTrainer(run, runFolder, madeAtMs));
  return {
    runFolder,
    name: run.start?.name ?? (await recipeName(runFolder)),
    recipeFile: run.recipeFile,
    params: run.start?.params ?? {},
    status: isGone ? 'interrupted' : run.status,
    ...(isGone || run.pausedBecause === null ? {} : { pausedBecause: run.pausedBecause }),
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

async function hasLostTrainer({ trainer }: RunState, runFolder: string, madeAtMs: number): Promise<boolean> {
  return trainer === null ? Date.now() - madeAtMs > SILENT_MS : (await isTrainerAlive(trainer, runFolder)) === false;
}

function toResult(evaluation: Evaluation): NonNullable<RunSummary['result']> {
  const { metric, better } = evaluation.primary;
  const values = evaluation.baselines.flatMap((baseline) => baseline.metrics[metric] ?? []);
  const best = better === 'lower' ? Math.min(...values) : Math.max(...values);
  return {
    metric,
    value: evaluation.metrics[metric] ?? null,
    baseline: values.length === 0 ? null : best,
    ...(evaluation.unit === undefined ? {} : { unit: evaluation.unit }),
  };
}

/** The name as the recipe has it, for a run that has not told it yet. */
async function recipeName(runFolder: string): Promise<string> {
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8');
  return /^name:\s*["']?(.+?)["']?\s*(?:#.*)?$/m.exec(text)?.[1] ?? path.basename(runFolder);
}
