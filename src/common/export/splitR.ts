/** The division into training and test rows, as R. */
import type { DataSettings, Recipe, TestSplit } from '../recipe/schema.ts';
import { type CutSequences, cutOf } from '../recipe/sequences.ts';
import { rString } from './rText.ts';

const DEFAULT_SPLIT: TestSplit = { fraction: 0.2, seed: 0 };

/** Lines that leave `train`, `test` and `seen` as vectors of row numbers from 1. */
export function testRowsR({ data }: Recipe): string[] {
  const cut = cutOf(data);
  const start = data.difference ?? 0;
  return [
    ...(cut === null ? divideRows(data) : cutSequences(cut, start)),
    ...(data.scaleFit === 'all' ? [`whole <- ${start + 1}:nrow(table) # odd: the test rows too`] : []),
  ];
}

/** Also leaves `steps`, the rows of each training sequence. Rows of `train` and `test` are those of targets. */
function cutSequences({ length, train, validation = 0, testSteps }: CutSequences, start: number): string[] {
  const end = start + train * length;
  const from = end + validation * length;
  return [
    `steps <- matrix(${start + 1}:${end}, ncol = ${length}, byrow = TRUE)`,
    ...(validation === 0 ? [] : [`validation_steps <- matrix(${end + 1}:${from}, ncol = ${length}, byrow = TRUE)`]),
    `train <- ${start + 2}:${end + 1}`,
    `test <- ${from + 2}:${testSteps === undefined ? 'nrow(table)' : from + 1 + testSteps}`,
    `seen <- ${start + 1}:${end + 1}`,
  ];
}

function divideRows(data: DataSettings): string[] {
  const split = data.test ?? DEFAULT_SPLIT;
  const start = data.difference ?? 0;
  const first = data.lookback === undefined ? 0 : start + data.lookback - 1 + data.horizon;
  if ('every' in split) {
    return takeEvery(split);
  }
  const shuffle = 'time' in split ? 'none' : (split.permutation ?? (data.lookback === undefined ? 'numpy' : 'none'));
  return [
    first === 0 ? 'rows <- seq_len(nrow(table))' : `rows <- ${first + 1}:nrow(table)`,
    ...(shuffle === 'numpy' && !('time' in split) ? [`rows <- rows[permutation(${split.seed}L, length(rows))]`] : []),
    `held <- ${countRows(split)}`,
    'train <- head(rows, -held)',
    'test <- tail(rows, held)',
    data.lookback === undefined
      ? 'seen <- train'
      : start === 0
        ? 'seen <- seq_len(max(train))'
        : `seen <- ${start + 1}:max(train)`,
  ];
}

type EverySplit = Extract<TestSplit, { every: number }>;

function takeEvery({ every, by }: EverySplit): string[] {
  const rows = 'seq_len(nrow(table))';
  const count = by === undefined ? rows : `ave(${rows}, table[[${rString(by)}]], FUN = seq_along)`;
  return [
    `is_test <- ${count} %% ${every}L == 0`,
    'train <- which(!is_test)',
    'test <- which(is_test)',
    'seen <- train',
  ];
}

function countRows(split: Exclude<TestSplit, EverySplit>): string {
  if ('from' in split && split.from !== undefined) {
    const column = `table[[${rString(split.time)}]][rows]`;
    return typeof split.from === 'number'
      ? `sum(${column} >= ${split.from})`
      : `sum(as.Date(${column}) >= as.Date(${rString(split.from)}))`;
  }
  if ('rows' in split && split.rows !== undefined) {
    return `${split.rows}L`;
  }
  const fraction = 'fraction' in split && split.fraction !== undefined ? split.fraction : 0.2;
  return `max(1L, floor(length(rows) * ${fraction} + 0.5))`;
}
