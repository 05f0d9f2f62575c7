/** Counts the fields of one column while a file streams by; its memory does not grow with the rows. */
import { isMissing } from '../../common/data/missingWords.ts';
import type { Strays } from '../../common/data/profile.ts';
import { createTimeTally, type TimeTally } from './timeTally.ts';
import { isDayFirst, isTimeText } from './timeText.ts';

export interface Tally {
  readonly filled: number;
  readonly missing: number;
  readonly numberCount: number;
  readonly wholeCount: number;
  readonly timeCount: number;
  readonly dayFirstCount: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  /** Different fields and how often each came, in the order of their first coming. */
  readonly words: ReadonlyMap<string, number>;
  /** There were more different fields than `words` holds. */
  readonly isCapped: boolean;
  readonly letters: number;
  readonly spaces: number;
  readonly strays: Strays | null;
  readonly times: TimeTally;
  readonly hasBrokenLetters: boolean;
}

export interface ColumnTally {
  /** Gives the field as a number, or as the milliseconds of its date; NaN for anything else. */
  add(field: string, row: number): number;
  tally(): Tally;
}

const LONGEST_WORD = 200;

/** @param mostWords How many different fields are remembered. */
export function createColumnTally(mostWords: number): ColumnTally {
  const words = new Map<string, number>();
  const times = createTimeTally();
  const counts = { filled: 0, missing: 0, number: 0, whole: 0, time: 0, dayFirst: 0, stray: 0, letters: 0, spaces: 0 };
  const numbers = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, mean: 0, squares: 0 };
  let isCapped = false;
  let hasBrokenLetters = false;
  let stray: { readonly example: string; readonly row: number } | null = null;

  // A column with too many words is not counted on: looking each up costs more than all else.
  const countWord = (field: string) => {
    if (isCapped) {
      return;
    }
    const word = field.length > LONGEST_WORD ? field.slice(0, LONGEST_WORD) : field;
    const before = words.get(word);
    if (before !== undefined || words.size < mostWords) {
      words.set(word, (before ?? 0) + 1);
    } else {
      isCapped = true;
    }
  };
  const addNumber = (value: number) => {
    counts.number += 1;
    counts.whole += Number(Number.isInteger(value));
    numbers.min = Math.min(numbers.min, value);
    numbers.max = Math.max(numbers.max, value);
    // Welford's running mean and squares: no loss of digits where the mean is large.
    const step = value - numbers.mean;
    numbers.mean += step / counts.number;
    numbers.squares += step * (value - numbers.mean);
  };
  const addText = (field: string, row: number): number => {
    counts.stray += 1;
    stray ??= { example: field.slice(0, 40), row };
    counts.letters += field.length;
    counts.spaces += Number(field.includes(' '));
    hasBrokenLetters ||= field.includes('\u{fffd}');
    counts.dayFirst += Number(isDayFirst(field));
    if (!isTimeText(field)) {
      return Number.NaN;
    }
    counts.time += 1;
    return Date.parse(field);
  };
  return {
    add(field, row) {
      if (isMissing(field)) {
        counts.missing += 1;
        return Number.NaN;
      }
      counts.filled += 1;
      countWord(field);
      const number = Number(field);
      const value = Number.isFinite(number) ? number : addText(field, row);
      if (Number.isFinite(number)) {
        addNumber(number);
      }
      if (!Number.isNaN(value)) {
        times.add(field, value);
      }
      return value;
    },
    tally: () => ({
      filled: counts.filled,
      missing: counts.missing,
      numberCount: counts.number,
      wholeCount: counts.whole,
      timeCount: counts.time,
      dayFirstCount: counts.dayFirst,
      min: numbers.min,
      max: numbers.max,
      mean: numbers.mean,
      deviation: counts.number > 1 ? Math.sqrt(numbers.squares / (counts.number - 1)) : 0,
      words,
      isCapped,
      letters: counts.letters,
      spaces: counts.spaces,
      strays: stray === null ? null : { count: counts.stray, ...stray },
      times,
      hasBrokenLetters,
    }),
  };
}
