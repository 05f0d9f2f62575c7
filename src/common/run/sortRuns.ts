/** The order of a list of runs. */
import { runFieldValue } from './runFields.ts';
import { type RunSummary, runFolderName } from './runSummary.ts';

export interface RunSorting {
  /** A field of runFields.ts. */
  readonly by: string;
  readonly descending: boolean;
}

export const NEWEST_FIRST: RunSorting = { by: 'started', descending: true };

/** Words before numbers would be odd, and a collator that is made once is ten times as fast as localeCompare. */
const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Runs without the value that is sorted by stand last, whichever way; equal ones keep the order they came in, whichever
 * way too.
 */
export function sortRuns(runs: readonly RunSummary[], { by, descending }: RunSorting, now: number): RunSummary[] {
  const sign = descending ? -1 : 1;
  const keyed = runs.map((run, index) => ({ run, index, key: toKey(runFieldValue(run, by, now)) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      return Number(a.key === null) - Number(b.key === null) || a.index - b.index;
    }
    return sign * compareKeys(a.key, b.key) || a.index - b.index;
  });
  return keyed.map(({ run }) => run);
}

/** Newest first by the folders' names, which begin with the time. */
export function byFolderName(runs: readonly RunSummary[]): RunSummary[] {
  return runs
    .map((run) => ({ run, name: runFolderName(run) }))
    .sort((a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0))
    .map(({ run }) => run);
}

/** A number that is none has no place. */
function toKey(value: ReturnType<typeof runFieldValue>): number | string | null {
  return typeof value === 'boolean' ? Number(value) : typeof value === 'number' && Number.isNaN(value) ? null : value;
}

/** A parameter may be a number in one run and a word in the next: numbers come first. */
function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  return typeof a === 'string' && typeof b === 'string' ? words.compare(a, b) : typeof a === 'number' ? -1 : 1;
}
