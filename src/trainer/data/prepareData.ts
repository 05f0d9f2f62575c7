/** From the recipe's `data` to samples for training, validation and test. */
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { DataSettings, Recipe } from '../../common/recipe/schema.ts';
import type { DataSummary } from '../../common/run/events.ts';
import { type ColumnChoice, chooseColumns } from './chooseColumns.ts';
import type { Column } from './columns.ts';
import { type EncodedInputs, encodeInputs } from './encodeInputs.ts';
import { type EncodedTargets, encodeTargets } from './encodeTargets.ts';
import { groupsOf, type Layout, layOutSequences, orderByGroup, type SampleSets } from './layOutSequences.ts';
import { loadCsv, type Table } from './loadCsv.ts';
import { fillMissing, usableRows } from './missingRows.ts';
import { holdOut, type Samples, toSamples, type Window } from './samples.ts';
import { countSteps } from './sequenceSamples.ts';
import { checkOrder, readTime, type SeriesTime } from './seriesTime.ts';
import { type RowSplit, splitRows } from './splitRows.ts';
import { differences } from './targetUnits.ts';

export interface PreparedData {
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly test: Samples;
  /** Of sequences, their steps as samples of their own: for baselines and scores. */
  readonly steps: SampleSets['steps'];
  readonly inputs: EncodedInputs;
  readonly targets: EncodedTargets;
  /** Times of the rows of a series, where a column says them. */
  readonly time: SeriesTime | null;
  /** Number in the CSV file (the first after the header is 1) of each row of the matrix. */
  readonly rowNumbers: Int32Array;
  /** Rows left out for a missing value. */
  readonly droppedRows: number;
  readonly summary: DataSummary;
}

/**
 * @param folder The recipe's folder, which data paths are relative to.
 * @throws {SkilletError} Any of the `data-*` codes.
 */
export async function prepareData(recipe: Recipe, folder: string): Promise<PreparedData> {
  const { data } = recipe;
  let choice: ColumnChoice | null = null;
  const loaded = await loadCsv(path.resolve(folder, data.csv), data.csv, (header) => {
    choice = chooseColumns(data, header);
    return choice.wanted;
  });
  if (choice === null) {
    throw new Error('The header of the CSV file was not seen');
  }
  return arrange(recipe, loaded, choice);
}

function arrange(recipe: Recipe, loaded: Table, choice: ColumnChoice): PreparedData {
  const { data } = recipe;
  const kept = orderRows(loaded, choice, usableRows(loaded, data));
  const table = takeRows(loaded, kept);
  const rowNumbers = kept.map((row) => row + 1);
  const time = readSteps(table, choice, { data, rowNumbers });
  const layout = layOutSequences(recipe, table) ?? layOutRows(recipe, table, { choice, time });
  fillMissing(table, layout.seen);
  const fit = data.scaleFit === 'all' ? allRows(table, data) : layout;
  const inputs = encodeInputs(takeDifferences(table, data), choice, { kind: data.scale, fitRows: fit.seen });
  const targets = encodeTargets(table, recipe, fit.seenTargets);
  const sets = layout.make(inputs, targets);
  const droppedRows = loaded.rows - table.rows;
  return { ...sets, inputs, targets, time, rowNumbers, droppedRows, summary: summarise() };

  function summarise(): DataSummary {
    const { train, validation, test, steps } = sets;
    return {
      file: data.csv,
      trainRows: (steps?.train ?? train).count,
      validationRows: validation === null ? 0 : countSteps(validation),
      testRows: (steps?.test ?? test).count,
      features: inputs.names,
      targets: targets.names,
      ...(targets.classes === null ? {} : { classes: targets.classes }),
      ...(data.unit === undefined ? {} : { unit: data.unit }),
    };
  }
}

/** Rows, or the windows of a series, each a sample with one target. */
function layOutRows(
  recipe: Recipe,
  table: Table,
  { choice, time }: { readonly choice: ColumnChoice; readonly time: SeriesTime | null },
): Layout {
  const { data } = recipe;
  const window = data.lookback === undefined ? null : { lookback: data.lookback, horizon: data.horizon };
  const column = choice.time === null ? undefined : table.columns.get(choice.time);
  const values = column?.kind === 'number' ? column.values : time?.values;
  const split = splitRows(data, targetRows(table.rows, window, data.difference ?? 0), (row) => values?.[row] ?? 0);
  return {
    seen: seenRows(split, window, data.difference ?? 0),
    seenTargets: split.train,
    make(inputs, targets) {
      const all = toSamples(inputs, targets, { targetRows: split.train, window });
      const test = toSamples(inputs, targets, { targetRows: split.test, window });
      return { ...holdOut(all, recipe.train.validationSplit), test, steps: null };
    },
  };
}

/** Every row with a value: of a series of differences all but the first ones. */
function allRows({ rows }: Table, { difference = 0 }: DataSettings): Pick<Layout, 'seen' | 'seenTargets'> {
  const all = Int32Array.from({ length: rows - difference }, (_, index) => difference + index);
  return { seen: all, seenTargets: all };
}

/** @throws {SkilletError} `data-time`. */
function readSteps(
  table: Table,
  { stepNames, group }: ColumnChoice,
  { data, rowNumbers }: { readonly data: DataSettings; readonly rowNumbers: Int32Array },
): SeriesTime | null {
  const column = stepNames === null ? undefined : table.columns.get(stepNames);
  if (stepNames === null || column?.kind !== 'category') {
    return null;
  }
  const from = { name: stepNames, column, rowNumbers };
  const time = readTime(from);
  const series = group === null ? [{ from: 0, to: table.rows }] : groupsOf(table, group);
  for (const span of series) {
    checkOrder(time, from, { ...span, gaps: data.time?.gaps ?? 'refuse' });
  }
  return time;
}

/** Where the recipe takes differences, the targets among the inputs are their changes. */
function takeDifferences(table: Table, { difference, target }: DataSettings): Table {
  if (difference === undefined) {
    return table;
  }
  const take = ([name, column]: [string, Column]): [string, Column] =>
    column.kind === 'number' && target.includes(name)
      ? [name, { kind: 'number', values: differences(column.values, difference) }]
      : [name, column];
  return { rows: table.rows, columns: new Map([...table.columns].map(take)) };
}

function orderRows(table: Table, choice: ColumnChoice, rows: Int32Array): Int32Array {
  return choice.group === null ? orderByTime(table, choice, rows) : orderByGroup(table, choice.group, rows);
}

function orderByTime(table: Table, choice: ColumnChoice, rows: Int32Array): Int32Array {
  const time = choice.time === null ? undefined : table.columns.get(choice.time);
  return time?.kind === 'number'
    ? rows.toSorted((a, b) => (time.values[a] ?? 0) - (time.values[b] ?? 0) || a - b)
    : rows;
}

/** The table with only these rows, in this order. */
function takeRows(table: Table, rows: Int32Array): Table {
  if (rows.length === table.rows && rows.every((row, index) => row === index)) {
    return table;
  }
  const take = (column: Column): Column =>
    column.kind === 'number'
      ? { kind: 'number', values: Float64Array.from(rows, (row) => column.values[row] ?? 0) }
      : { ...column, codes: rows.map((row) => column.codes[row] ?? -1) };
  return { rows: rows.length, columns: new Map([...table.columns].map(([name, column]) => [name, take(column)])) };
}

/** Rows that can be a sample's target: all, or those with a whole window before them. */
function targetRows(rows: number, window: Window | null, difference: number): Int32Array {
  const first = window === null ? 0 : difference + window.lookback - 1 + window.horizon;
  if (rows <= first + 1 && window !== null) {
    const besides = difference === 0 ? '' : ` and a difference of ${difference}`;
    const most = rows - difference - window.horizon - 1;
    throw new SkilletError('data-too-short', 'data.lookback', {
      message: `${rows} rows are too few for a lookback of ${window.lookback} and a horizon of ${window.horizon}${besides}.`,
      remedy:
        most < 1
          ? 'Use a smaller horizon or difference, or more rows.'
          : `Use at most ${most} as lookback, or more rows.`,
    });
  }
  return Int32Array.from({ length: rows - first }, (_, index) => first + index);
}

/** Rows that training looks at, as target or as input; the scaler is fitted on them. */
function seenRows(split: RowSplit, window: Window | null, difference: number): Int32Array {
  return window === null
    ? split.train
    : Int32Array.from({ length: (split.train.at(-1) ?? 0) + 1 - difference }, (_, index) => difference + index);
}
