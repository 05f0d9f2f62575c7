/** How regular a column of times is, told while its rows stream by. */
import type { TimeFigures } from '../../common/data/profile.ts';

export interface TimeTally {
  /** @param value Milliseconds for a date, or a plain number. */
  add(field: string, value: number): void;
  /** @param isDate Whether the values are milliseconds. Null where there was none. */
  finish(isDate: boolean): TimeFigures | null;
  /** Whether each value was above the one before by one. */
  countsUp(): boolean;
  /** Whether no value was below the one before. */
  isSorted(): boolean;
}

const MOST_STEPS = 100;

export function createTimeTally(): TimeTally {
  const steps = new Map<number, number>();
  let first: string | null = null;
  let last = '';
  let before = Number.NaN;
  let outOfOrder = 0;
  let repeated = 0;
  let rises = 0;
  return {
    add(field, value) {
      const step = value - before;
      if (first === null) {
        first = field;
      } else {
        outOfOrder += Number(step < 0);
        repeated += Number(step === 0);
        rises += Number(step > 0);
        const size = Math.abs(step);
        // So many different steps are no rhythm, and are not counted on.
        if (size > 0 && steps.size < MOST_STEPS) {
          steps.set(size, (steps.get(size) ?? 0) + 1);
        }
      }
      before = value;
      last = field;
    },
    finish(isDate) {
      if (first === null) {
        return null;
      }
      // A file that runs from new to old is in order too, only the other way round.
      const isDescending = outOfOrder > 0 && rises === 0;
      const common = commonStep(steps, isDate);
      const gaps = common === null ? 0 : countGaps(steps, common);
      const isRegular = common?.isEven === true && repeated === 0 && (outOfOrder === 0 || isDescending);
      return { first, last, step: common?.words ?? null, isRegular, gaps, outOfOrder, repeated };
    },
    countsUp: () => steps.size === 1 && steps.has(1) && outOfOrder === 0 && repeated === 0,
    isSorted: () => outOfOrder === 0,
  };
}

interface CommonStep {
  readonly words: string;
  /** Steps above it are gaps. */
  readonly longest: number;
  readonly isEven: boolean;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Months and years are steps of unequal length. */
const CALENDAR: readonly [string, number, number][] = [
  ['1 month', 28 * DAY - HOUR, 31 * DAY + HOUR],
  ['3 months', 90 * DAY - HOUR, 92 * DAY + HOUR],
  ['1 year', 365 * DAY - HOUR, 366 * DAY + HOUR],
];

function commonStep(steps: ReadonlyMap<number, number>, isDate: boolean): CommonStep | null {
  const sizes = [...steps.keys()];
  if (sizes.length === 0) {
    return null;
  }
  const commonest = [...steps].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  const month = isDate ? CALENDAR.find(([, low, high]) => commonest >= low && commonest <= high) : undefined;
  // An hour more or less is the clock being put forward or back.
  const slack = isDate && commonest >= DAY ? HOUR : 0;
  const [words, low, high] = month ?? [stepWords(commonest, isDate), commonest - slack, commonest + slack];
  return { words, longest: high, isEven: sizes.every((size) => size >= low && size <= high) };
}

function countGaps(steps: ReadonlyMap<number, number>, { longest }: CommonStep): number {
  return [...steps].reduce((sum, [size, count]) => sum + (size > longest ? count : 0), 0);
}

function stepWords(step: number, isDate: boolean): string {
  if (!isDate) {
    return String(step);
  }
  const units: [number, string][] = [
    [7 * DAY, 'week'],
    [DAY, 'day'],
    [HOUR, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  const [size, word] = units.find(([one]) => step % one === 0) ?? [1, 'millisecond'];
  const count = step / size;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
