/** The division into training and test rows, as Python. */
import type { DataSettings, Recipe, TestSplit } from '../recipe/schema.ts';
import { type CutSequences, cutOf } from '../recipe/sequences.ts';
import { pythonString } from './pythonText.ts';

const DEFAULT_SPLIT: TestSplit = { fraction: 0.2, seed: 0 };

/** Lines that leave `train`, `test` and `seen` as arrays of row numbers. */
export function testRowsPython({ data }: Recipe): string[] {
  const cut = cutOf(data);
  const start = data.difference ?? 0;
  return [
    ...(cut === null ? divideRows(data) : cutSequences(cut, start)),
    ...(data.scaleFit === 'all' ? [`whole = np.arange(${start}, len(table)) # odd: the test rows too`] : []),
  ];
}

/** Also leaves `steps`, the rows of each training sequence. Rows of `train` and `test` are those of targets. */
function cutSequences({ length, train, validation = 0, testSteps }: CutSequences, start: number): string[] {
  const end = start + train * length;
  const from = end + validation * length;
  return [
    `steps = np.arange(${start}, ${end}).reshape(${train}, ${length})`,
    ...(validation === 0 ? [] : [`validation_steps = np.arange(${end}, ${from}).reshape(${validation}, ${length})`]),
    `train, test = np.arange(${start + 1}, ${end + 1}), np.arange(${from + 1}, ${testSteps === undefined ? 'len(table)' : from + 1 + testSteps})`,
    `seen = np.arange(${start}, ${end + 1})`,
  ];
}

function divideRows(data: DataSettings): string[] {
  const split = data.test ?? DEFAULT_SPLIT;
  const start = data.difference ?? 0;
  const first = data.lookback === undefined ? 0 : start + data.lookback - 1 + data.horizon;
  const rows = first === 0 ? 'np.arange(len(table))' : `np.arange(${first}, len(table))`;
  if ('every' in split) {
    return takeEvery(split);
  }
  const shuffle = 'time' in split ? 'none' : (split.permutation ?? (data.lookback === undefined ? 'numpy' : 'none'));
  return [
    `rows = ${rows}`,
    ...(shuffle === 'numpy' && !('time' in split)
      ? [`rows = rows[np.random.RandomState(${split.seed}).permutation(len(rows))]`]
      : []),
    `held = ${countRows(split)}`,
    'train, test = rows[:-held], rows[-held:]',
    data.lookback === undefined ? 'seen = train' : `seen = np.arange(${start === 0 ? '' : `${start}, `}train[-1] + 1)`,
  ];
}

type EverySplit = Extract<TestSplit, { every: number }>;

function takeEvery({ every, by }: EverySplit): string[] {
  const count = by === undefined ? 'np.arange(len(table))' : `table.groupby(${pythonString(by)}).cumcount().to_numpy()`;
  return [
    'rows = np.arange(len(table))',
    `is_test = (${count} + 1) % ${every} == 0`,
    'train, test = rows[~is_test], rows[is_test]',
    'seen = train',
  ];
}

function countRows(split: Exclude<TestSplit, EverySplit>): string {
  if ('from' in split && split.from !== undefined) {
    const column = `table[${pythonString(split.time)}].to_numpy()[rows]`;
    return typeof split.from === 'number'
      ? `int((${column} >= ${split.from}).sum())`
      : `int((pd.to_datetime(${column}) >= pd.Timestamp(${pythonString(split.from)})).sum())`;
  }
  if ('rows' in split && split.rows !== undefined) {
    return String(split.rows);
  }
  const fraction = 'fraction' in split && split.fraction !== undefined ? split.fraction : 0.2;
  return `max(1, int(len(rows) * ${fraction} + 0.5))`;
}
