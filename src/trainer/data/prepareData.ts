/** From the recipe's `data` to samples for training, validation and test. */
import { SkilletError } from '../../common/errors.ts';
import { dataTitle } from '../../common/recipe/dataFiles.ts';
import type { DataSettings, Recipe } from '../../common/recipe/schema.ts';
import type { DataSummary } from '../../common/run/events.ts';
import type { ColumnChoice } from './chooseColumns.ts';
import type { Column } from './columns.ts';
import { type EncodedInputs, encodeInputs } from './encodeInputs.ts';
import { type EncodedTargets, encodeTargets } from './encodeTargets.ts';
import { encodeTexts } from './encodeTexts.ts';
import { groupsOf, type Layout, layOutSequences, orderByGroup, type SampleSets } from './layOutSequences.ts';
import type { Table } from './loadCsv.ts';
import { type LoadedTable, loadTable } from './loadTable.ts';
import { fillMissing, usableRows } from './missingRows.ts';
import { refuseUnseenClasses } from './refuseUnseenClasses.ts';
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
  /** Number in its file (the first after the header is 1) of each row of the matrix. */
  readonly rowNumbers: Int32Array;
  /** Rows left out for a missing value. */
  readonly droppedRows: number;
  readonly summary: DataSummary;
  /** Column that orders the rows; null where the file does. */
  readonly timeColumn: string | null;
}

/**
 * @param folder The recipe's folder, which data paths are relative to.
 * @param datasetsFolder Where fetched data sets lie; null where there are none.
 * @throws {SkilletError} Any of the `data-*` codes, `dataset-missing`.
 */
export async function prepareData(
  recipe: Recipe,
  folder: string,
  datasetsFolder: string | null = null,
): Promise<PreparedData> {
  return arrange(recipe, await loadTable(recipe.data, { folder, datasetsFolder }));
}

function arrange(recipe: Recipe, { table: loaded, choice, image, testRows, files }: LoadedTable): PreparedData {
  const { data } = recipe;
  const kept = orderRows(loaded, choice, usableRows(loaded, data));
  const table = takeRows(loaded, kept);
  const ownFile = loaded.rows - (testRows ?? 0);
  const rowNumbers = kept.map((row) => (row < ownFile ? row + 1 : row - ownFile + 1));
  const time = readSteps(table, choice, { data, rowNumbers });
  const layout = layOutSequences(recipe, table) ?? layOutRows(recipe, table, { choice, time, image, testRows });
  const means = fillMissing(table, layout.seen);
  const fit = data.scaleFit === 'all' ? allRows(table, data) : layout;
  const scaling = { scaling: data.scale, fitRows: fit.seen, ...(data.missing === 'mean' ? { means } : {}) };
  const inputs =
    data.text === undefined
      ? encodeInputs(takeDifferences(table, data), choice, scaling)
      : encodeTexts(table, data.text, fit.seen);
  const targets = encodeTargets(table, recipe, fit.seenTargets);
  const sets = layout.make(inputs, targets);
  refuseUnseenClasses(targets, sets.steps ?? sets, data);
  const droppedRows = loaded.rows - table.rows;
  return { ...sets, inputs, targets, time, timeColumn: choice.time, rowNumbers, droppedRows, summary: summarise() };

  function summarise(): DataSummary {
    const { train, validation, test, steps } = sets;
    return {
      file: dataTitle(data),
      trainRows: (steps?.train ?? train).count,
      validationRows: validation === null ? 0 : countSteps(validation),
      testRows: (steps?.test ?? test).count,
      features: inputs.names,
      targets: targets.names,
      ...(targets.classes === null ? {} : { classes: targets.classes }),
      ...(data.unit === undefined ? {} : { unit: data.unit }),
      files,
    };
  }
}

/** Numbers of a column by row, class codes where it holds words; 0 where there is no such column. */
function valuesOf(table: Table, name: string | null): (row: number) => number {
  const column = name === null ? undefined : table.columns.get(name);
  const values = column?.kind === 'category' ? column.codes : column?.values;
  return (row) => values?.[row] ?? 0;
}

function splitAt(rows: number, first: number): RowSplit {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return { train: all.slice(0, first), test: all.slice(first) };
}

/** Rows, or the windows of a series, each a sample with one target. */
function layOutRows(
  recipe: Recipe,
  table: Table,
  {
    choice,
    time,
    image,
    testRows,
  }: Pick<LoadedTable, 'choice' | 'image' | 'testRows'> & { readonly time: SeriesTime | null },
): Layout {
  const { data } = recipe;
  const window = data.lookback === undefined ? null : { lookback: data.lookback, horizon: data.horizon };
  const timeOf =
    choice.time === null && time !== null ? (row: number) => time.values[row] ?? 0 : valuesOf(table, choice.time);
  const split =
    testRows === null
      ? splitRows(data, targetRows(table.rows, window, data.difference ?? 0), {
          timeOf,
          groupOf: valuesOf(table, choice.splitBy),
        })
      : splitAt(table.rows, table.rows - testRows);
  return {
    seen: seenRows(split, window, data.difference ?? 0),
    seenTargets: split.train,
    make(inputs, targets) {
      const all = toSamples(inputs, targets, { targetRows: split.train, window, image });
      const test = toSamples(inputs, targets, { targetRows: split.test, window, image });
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
