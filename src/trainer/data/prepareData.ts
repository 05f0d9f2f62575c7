/** From the recipe's `data` to samples for training, validation and test. */
import { SkilletError } from '../../common/errors.ts';
import { dataTitle } from '../../common/recipe/dataFiles.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { DataSummary } from '../../common/run/events.ts';
import type { ColumnChoice } from './chooseColumns.ts';
import type { Column } from './columns.ts';
import { type EncodedInputs, encodeInputs } from './encodeInputs.ts';
import { type EncodedTargets, encodeTargets } from './encodeTargets.ts';
import { encodeTexts } from './encodeTexts.ts';
import type { Table } from './loadCsv.ts';
import { type LoadedTable, loadTable } from './loadTable.ts';
import { fillMissing, usableRows } from './missingRows.ts';
import { refuseUnseenClasses } from './refuseUnseenClasses.ts';
import { type Samples, sliceSamples, toSamples, type Window } from './samples.ts';
import { type RowSplit, splitRows } from './splitRows.ts';

export interface PreparedData {
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly test: Samples;
  readonly inputs: EncodedInputs;
  readonly targets: EncodedTargets;
  /** Number in its file (the first after the header is 1) of each row of the matrix. */
  readonly rowNumbers: Int32Array;
  /** Rows left out for a missing value. */
  readonly droppedRows: number;
  readonly summary: DataSummary;
  /** Column that orders the rows; null where the file does. */
  readonly time: string | null;
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

function arrange(recipe: Recipe, { table: loaded, choice, image, testRows }: LoadedTable): PreparedData {
  const { data } = recipe;
  const kept = orderByTime(loaded, choice, usableRows(loaded, data));
  const table = takeRows(loaded, kept);
  const window = data.lookback === undefined ? null : { lookback: data.lookback, horizon: data.horizon };
  const split =
    testRows === null
      ? splitRows(data, targetRows(table.rows, window), {
          timeOf: valuesOf(table, choice.time),
          groupOf: valuesOf(table, choice.group),
        })
      : splitAt(table.rows, table.rows - testRows);
  const fitRows = seenRows(split, window);
  const means = fillMissing(table, fitRows);
  const scaling = { scaling: data.scale, fitRows, ...(data.missing === 'mean' ? { means } : {}) };
  const inputs =
    data.text === undefined ? encodeInputs(table, choice, scaling) : encodeTexts(table, data.text, fitRows);
  const targets = encodeTargets(table, recipe, split.train);
  const all = toSamples(inputs, targets, { targetRows: split.train, window, image });
  const test = toSamples(inputs, targets, { targetRows: split.test, window, image });
  const { train, validation } = holdOut(all, recipe.train.validationSplit);
  refuseUnseenClasses(targets, { train, validation, test });
  const ownFile = loaded.rows - (testRows ?? 0);
  const rowNumbers = kept.map((row) => (row < ownFile ? row + 1 : row - ownFile + 1));
  const droppedRows = loaded.rows - table.rows;
  return { train, validation, test, inputs, targets, rowNumbers, droppedRows, summary: summarise(), time: choice.time };

  function summarise(): DataSummary {
    return {
      file: dataTitle(data),
      trainRows: train.count,
      validationRows: validation?.count ?? 0,
      testRows: test.count,
      features: inputs.names,
      targets: targets.names,
      ...(targets.classes === null ? {} : { classes: targets.classes }),
      ...(data.unit === undefined ? {} : { unit: data.unit }),
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
function targetRows(rows: number, window: Window | null): Int32Array {
  const first = window === null ? 0 : window.lookback - 1 + window.horizon;
  if (rows <= first + 1 && window !== null) {
    throw new SkilletError('data-too-short', 'data.lookback', {
      message: `${rows} rows are too few for a lookback of ${window.lookback} and a horizon of ${window.horizon}.`,
      remedy: `Use at most ${Math.max(1, rows - window.horizon - 1)} as lookback, or more rows.`,
    });
  }
  return Int32Array.from({ length: rows - first }, (_, index) => first + index);
}

/** Rows that training looks at, as target or as input; the scaler is fitted on them. */
function seenRows(split: RowSplit, window: Window | null): Int32Array {
  return window === null
    ? split.train
    : Int32Array.from({ length: (split.train.at(-1) ?? 0) + 1 }, (_, index) => index);
}

/** The last of the training samples serve as validation, as Keras takes them. */
function holdOut(samples: Samples, share: number | undefined): { train: Samples; validation: Samples | null } {
  if (share === undefined) {
    return { train: samples, validation: null };
  }
  const held = samples.count - Math.floor(samples.count * (1 - share));
  if (held < 1 || held >= samples.count) {
    throw new SkilletError('data-split', 'train.validationSplit', {
      message: `leaves ${held} rows for validation and ${samples.count - held} for training.`,
      remedy: 'Choose a share that leaves at least one row on each side.',
    });
  }
  return {
    train: sliceSamples(samples, 0, samples.count - held),
    validation: sliceSamples(samples, samples.count - held, samples.count),
  };
}
