/** What a list says of a run, and what follows from it without reading more. */
import type { RunAnnotations } from './annotations.ts';
import type { Fork } from './events.ts';
import type { RunState, RunStatus } from './reduceRun.ts';

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
    readonly better: 'lower' | 'higher';
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
  readonly annotations: RunAnnotations;
}

/** Whether a process writes it, or is about to. */
export function isLiveRun({ status }: Pick<RunSummary, 'status'>): boolean {
  return status === 'running' || status === 'paused' || status === 'starting';
}

/** From the first event to the last, in ms; pauses and breaks are part of it. */
export function runDuration({ startedAt, lastAt }: Pick<RunSummary, 'startedAt' | 'lastAt'>): number | null {
  return startedAt === null || lastAt === null ? null : Math.max(0, Date.parse(lastAt) - Date.parse(startedAt));
}

/** Null where there is nothing to compare. */
export function beatsBaseline({ result }: Pick<RunSummary, 'result'>): boolean | null {
  if (result === null || result.value === null || result.baseline === null) {
    return null;
  }
  return result.better === 'lower' ? result.value < result.baseline : result.value > result.baseline;
}

/** Name of the recipe's file without its ending; empty where it is not known. */
export function recipeLabel({ recipeFile }: Pick<RunSummary, 'recipeFile'>): string {
  return lastPart(recipeFile ?? '').replace(/\.recipe\.(ya?ml|json)$/, '');
}

/** Name of the run's folder. */
export function runFolderName({ runFolder }: Pick<RunSummary, 'runFolder'>): string {
  return lastPart(runFolder);
}

function lastPart(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
