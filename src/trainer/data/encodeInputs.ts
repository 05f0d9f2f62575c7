/** Turns the feature columns into one row-major matrix of scaled numbers, with one-hot columns for words. */
import { SkilletError } from '../../common/errors.ts';
import type { InputColumn } from '../../common/model/sidecar.ts';
import type { TextSettings } from '../../common/recipe/textSchema.ts';
import type { Vocabulary } from '../../common/text/vocabulary.ts';
import type { ColumnChoice } from './chooseColumns.ts';
import type { Column } from './columns.ts';
import type { Table } from './loadCsv.ts';
import { fitScaler, type Scaler, type Scaling, transform } from './scaler.ts';
import { typicalColumns } from './typicalColumns.ts';

export interface EncodedInputs {
  /** [rows, width], row-major. */
  readonly values: Float32Array;
  readonly width: number;
  /** Names after one-hot, such as `colour=red`. */
  readonly names: readonly string[];
  /** Categories of each word column, in the order of its one-hot columns. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** One column per input; one-hot columns are left as they are. */
  readonly scaler: Scaler;
  /** The columns that they were made from, for rows to come. */
  readonly columns: readonly InputColumn[];
  /** How texts were turned into the codes of the matrix; absent where the inputs are no texts. */
  readonly text?: EncodedText;
}

export interface EncodedText {
  readonly rule: TextSettings;
  /** Of the training rows alone. */
  readonly vocabulary: Vocabulary;
  /** The first of the training rows. */
  readonly example: string | null;
}

interface Plane {
  readonly name: string;
  readonly column: Column;
  /** Which category this one-hot column stands for. */
  readonly category: number;
}

/**
 * @param table Without missing numbers in the rows to be used.
 * @param how `fitRows`: the training rows, that the scaler may see; `means`: what stands for a missing number, by column.
 */
export function encodeInputs(
  table: Table,
  choice: ColumnChoice,
  how: { readonly scaling: Scaling; readonly fitRows: Int32Array; readonly means?: ReadonlyMap<string, number> },
): EncodedInputs {
  const planes = choice.features.flatMap((name) => planesOf(name, table));
  const width = planes.length;
  refuseTooWide(table.rows, planes);
  const numbers = planes.map(({ column }) => (column.kind === 'number' ? column.values : [0]));
  const scaler = fitScaler(how.scaling, numbers, how.fitRows);
  const neutral = planes.map(({ column }, i) => (column.kind === 'number' ? null : i));
  const untouched = {
    kind: scaler.kind,
    offset: scaler.offset.map((value, i) => (neutral[i] === null ? value : 0)),
    factor: scaler.factor.map((value, i) => (neutral[i] === null ? value : 1)),
  };
  const values = new Float32Array(table.rows * width);
  planes.forEach(({ column, category }, i) => {
    for (let row = 0; row < table.rows; row += 1) {
      values[row * width + i] =
        column.kind === 'number'
          ? transform(untouched, i, column.values[row] ?? 0)
          : Number(column.codes[row] === category);
    }
  });
  const categories = Object.fromEntries(
    choice.features.flatMap((name) => {
      const column = table.columns.get(name);
      return column?.kind === 'category' ? [[name, column.categories]] : [];
    }),
  );
  const columns = typicalColumns(table, choice, { rows: how.fitRows, means: how.means ?? new Map() });
  return { values, width, names: planes.map(({ name }) => name), categories, scaler: untouched, columns };
}

/** Two gigabytes of numbers; beyond that it is one-hot columns by mistake. */
const MOST_NUMBERS = 5e8;

function refuseTooWide(rows: number, planes: readonly Plane[]): void {
  if (rows * planes.length <= MOST_NUMBERS) {
    return;
  }
  const words = planes.flatMap(({ column }) => (column.kind === 'category' ? [column.categories.length] : []));
  throw new SkilletError('recipe-out-of-range', words.length > 0 ? 'data.categorical' : 'data.features', {
    message: `${rows} rows of ${planes.length} inputs do not fit into memory${words.length > 0 ? `; a column of words has ${Math.max(...words)} different ones` : ''}.`,
    remedy: 'Choose fewer columns with data.features.',
  });
}

function planesOf(name: string, table: Table): Plane[] {
  const column = table.columns.get(name);
  if (column === undefined) {
    return [];
  }
  return column.kind === 'number'
    ? [{ name, column, category: -1 }]
    : column.categories.map((word, category) => ({ name: `${name}=${word}`, column, category }));
}
