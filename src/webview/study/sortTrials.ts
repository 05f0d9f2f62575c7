/** The order of the trial table. */
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';

export interface Sorting {
  /** `number`, `status`, `value`, `epochs`, `duration`, or `param:` and a parameter's name. */
  readonly by: string;
  readonly descending: boolean;
}

/** Trials without the value that is sorted by stand last, whichever way; equal ones keep the order of their numbers. */
export function sortTrials(trials: readonly TrialState[], { by, descending }: Sorting): TrialState[] {
  const sign = descending ? -1 : 1;
  return [...trials].sort((a, b) => {
    const [left, right] = [keyOf(a, by), keyOf(b, by)];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || a.number - b.number;
    }
    const order =
      typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right));
    return sign * order || a.number - b.number;
  });
}

function keyOf(trial: TrialState, by: string): number | string | null {
  switch (by) {
    case 'number':
      return trial.number;
    case 'status':
      return trial.status;
    case 'value':
      return trial.value;
    case 'epochs':
      return trial.epochs;
    case 'duration':
      return trial.durationMs;
    default: {
      const value = trial.params[by.slice('param:'.length)];
      return value === undefined ? null : typeof value === 'boolean' ? Number(value) : value;
    }
  }
}

/** What a click on a column's head asks for: first the better end on top, then the other way round. */
export function nextSorting(now: Sorting, by: string, goal: 'minimize' | 'maximize'): Sorting {
  return now.by === by
    ? { by, descending: !now.descending }
    : { by, descending: by === 'value' && goal === 'maximize' };
}

/** How good each trial's value is among all: 0 the best, 1 the worst; only those that have one. */
export function goodness({ trials, start }: StudyState): ReadonlyMap<number, number> {
  const valued = trials.filter(({ value }) => value !== null);
  const sorted = sortTrials(valued, { by: 'value', descending: start?.objective.goal === 'maximize' });
  const last = Math.max(1, sorted.length - 1);
  return new Map(sorted.map(({ number }, index) => [number, index / last]));
}
