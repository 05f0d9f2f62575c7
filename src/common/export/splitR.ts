/** The division into training and test rows, as R. */
import type { Recipe, TestSplit } from '../recipe/schema.ts';
import { rString } from './rText.ts';

const DEFAULT_SPLIT: TestSplit = { fraction: 0.2, seed: 0 };

/** Lines that leave `train`, `test` and `seen` as vectors of row numbers from 1. */
export function testRowsR({ data }: Recipe): string[] {
  const split = data.test ?? DEFAULT_SPLIT;
  const first = data.lookback === undefined ? 0 : data.lookback - 1 + data.horizon;
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
    data.lookback === undefined ? 'seen <- train' : 'seen <- seq_len(max(train))',
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
