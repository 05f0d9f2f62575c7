/** Divides rows (or the windows of a series) into training and test. */

import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import type { DataSettings, TestSplit } from '../../common/recipe/schema.ts';
import { Mt19937 } from '../random/mt19937.ts';

export interface RowSplit {
  /** In the order of training without a shuffle. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** A fifth of the rows, as most textbooks take. */
const DEFAULT_SPLIT: OtherSplit = { fraction: 0.2, seed: 0 };

/**
 * @param rows The rows to divide, oldest first.
 * @param timeOf Time of a row; needed when the split names a time column, and then `rows` are in its order.
 * @param groupOf The value of a row that the split counts by; needed when it names such a column.
 * @throws {SkilletError} `data-split`: more test rows than rows, or nothing left on one side.
 */
export function splitRows(
  data: DataSettings,
  rows: Int32Array,
  { timeOf, groupOf }: { timeOf(row: number): number; groupOf(row: number): number },
): RowSplit {
  const split = data.test ?? DEFAULT_SPLIT;
  if ('every' in split) {
    return takeEvery(split.every, rows, groupOf);
  }
  const seed = shuffleSeed(split, data);
  if (data.lookback !== undefined && seed !== null) {
    throw new SkilletError('data-split', 'data.test.permutation', {
      message: 'numpy shuffles the rows of a series that is cut into windows.',
      remedy: 'Use permutation: none, so that the test is the end of the series.',
    });
  }
  const testCount = countTestRows(split, rows, timeOf);
  if (testCount < 1 || testCount >= rows.length) {
    throw new SkilletError('data-split', 'data.test', {
      message: `${testCount} test rows of ${rows.length} usable rows leave ${testCount < 1 ? 'no test' : 'nothing to train on'}.`,
      remedy: `Choose between 1 and ${Math.max(1, rows.length - 1)} test rows.`,
    });
  }
  const order = seed === null ? rows : new Mt19937(seed).permutation(rows.length).map((index) => rows[index] ?? 0);
  return { train: order.slice(0, order.length - testCount), test: order.slice(order.length - testCount) };
}

/** Of each group, in order, the last of every so many rows is for the test. */
function takeEvery(every: number, rows: Int32Array, groupOf: (row: number) => number): RowSplit {
  const seen = new Map<number, number>();
  const isTest = rows.map((row) => {
    const count = (seen.get(groupOf(row)) ?? 0) + 1;
    seen.set(groupOf(row), count);
    return Number(count % every === 0);
  });
  const test = rows.filter((_, index) => isTest[index] === 1);
  if (test.length === 0) {
    throw new SkilletError('data-split', 'data.test.every', {
      message: `No group has ${every} rows, so that none is left for the test.`,
      remedy: 'Use a smaller number.',
    });
  }
  return { train: rows.filter((_, index) => isTest[index] === 0), test };
}

type OtherSplit = Exclude<TestSplit, { every: number }>;

/** Rows are shuffled unless the recipe says no, their time orders them, or they are a series, whose end is its only honest test. */
function shuffleSeed(split: OtherSplit, { lookback }: DataSettings): number | null {
  if ('time' in split) {
    return null;
  }
  const permutation = split.permutation ?? (lookback === undefined ? 'numpy' : 'none');
  return permutation === 'numpy' ? split.seed : null;
}

function countTestRows(split: OtherSplit, rows: Int32Array, timeOf: (row: number) => number): number {
  if ('from' in split && split.from !== undefined) {
    const from = parseTime(String(split.from));
    if (Number.isNaN(from)) {
      throw new SkilletError('data-split', 'data.test.from', {
        message: `"${split.from}" is neither a number nor a date.`,
        remedy: 'Write it like the values of the time column, for example 2024-01-31.',
      });
    }
    return rows.reduce((count, row) => count + Number(timeOf(row) >= from), 0);
  }
  if ('rows' in split && split.rows !== undefined) {
    return split.rows;
  }
  const fraction = 'fraction' in split && split.fraction !== undefined ? split.fraction : 0.2;
  return Math.max(1, Math.round(rows.length * fraction));
}
