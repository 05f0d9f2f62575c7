/** Feeds a network that was trained on named columns: found by name, words as one-hot numbers, scaled as in training. */

import { isMissing } from '../../common/data/missingWords.ts';
import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import type { ColumnInputs, InputColumn } from '../../common/model/sidecar.ts';
import { didYouMean } from '../../common/recipe/didYouMean.ts';
import { type Scaler, transform } from '../data/scaler.ts';
import { createEarlierRows, type EarlierRows } from './earlierRows.ts';
import { findColumn } from './findColumn.ts';
import { type FieldPlace, missingValue, readNumber } from './readNumber.ts';
import type { RowEncoder } from './rowEncoder.ts';

interface PlacedColumn {
  readonly column: InputColumn;
  /** Its field in a row of the file. */
  readonly field: number;
  /** Its first number among the inputs. */
  readonly input: number;
  /** Place of each category; empty for a number. */
  readonly codes: ReadonlyMap<string, number>;
  /** Of a column of changes; null for all else. */
  readonly earlier: EarlierRows | null;
}

/** @throws {SkilletError} `data-unknown-column`. */
export function createColumnEncoder(inputs: ColumnInputs, header: readonly string[], file: string): RowEncoder {
  const columns = placeColumns(inputs, header, file);
  const group = inputs.sample.kind === 'sequence' ? findColumn(inputs.sample.by, header, file) : null;
  const checkTime = inputs.time === null ? null : createTimeCheck(inputs.time, { header, file, group });
  return {
    width: inputs.names.length,
    encode(fields, row, into, offset) {
      checkTime?.(fields, row);
      for (const placed of columns) {
        const field = fields[placed.field] ?? '';
        encodeField(field, placed, { file, column: placed.column.name, row }, { scaler: inputs, into, offset });
      }
    },
  };
}

function placeColumns({ columns }: ColumnInputs, header: readonly string[], file: string): PlacedColumn[] {
  let input = 0;
  return columns.map((column) => {
    const words = column.kind === 'category' ? column.categories : [];
    const placed = {
      column,
      field: findColumn(column.name, header, file),
      input,
      codes: new Map(words.map((word, code) => [word, code])),
      earlier:
        column.kind === 'number' && column.difference !== undefined ? createEarlierRows(column.difference) : null,
    };
    input += column.kind === 'category' ? words.length : 1;
    return placed;
  });
}

interface Target {
  readonly scaler: Scaler;
  readonly into: Float32Array;
  readonly offset: number;
}

function encodeField(field: string, placed: PlacedColumn, place: FieldPlace, { scaler, into, offset }: Target): void {
  const { column, input, codes, earlier } = placed;
  if (column.kind === 'category') {
    const code = isMissing(field) ? undefined : codes.get(field);
    if (code === undefined) {
      throw isMissing(field) ? missingValue(place) : unknownCategory(field, place, column.categories);
    }
    into.fill(0, offset + input, offset + input + codes.size);
    into[offset + input + code] = 1;
    return;
  }
  const parse = column.kind === 'time' ? parseTime : Number;
  const value = readNumber(field, place, { parse, mean: column.mean });
  const before = earlier === null ? 0 : earlier.before();
  earlier?.add(value);
  // In the first rows there is no change yet, and nothing may use them.
  into[offset + input] = Number.isNaN(before) ? 0 : transform(scaler, input, value - before);
}

function unknownCategory(field: string, { file, column, row }: FieldPlace, known: readonly string[]): SkilletError {
  const guess = didYouMean(field, known);
  const shown = known.length > 20 ? `${known.slice(0, 20).join(', ')}, …` : known.join(', ');
  return new SkilletError('data-unknown-category', `${file}: column ${column}`, {
    message: `Row ${row} has "${field.slice(0, 40)}", which the training data had not.`,
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Known are ${shown}. For a new one, train again with rows that have it.`,
  });
}

/** A series is read as it comes, so that a file of any length can be; it must come in the order of training. */
function createTimeCheck(
  name: string,
  { header, file, group }: { readonly header: readonly string[]; readonly file: string; readonly group: number | null },
) {
  const index = findColumn(name, header, file);
  let latest = Number.NEGATIVE_INFINITY;
  let sequence: string | undefined;
  return (fields: readonly string[], row: number) => {
    const field = fields[index] ?? '';
    const time = readNumber(field, { file, column: name, row }, { parse: parseTime, mean: null });
    const isSame = group === null || fields[group] === sequence;
    sequence = group === null ? undefined : fields[group];
    if (isSame && time < latest) {
      throw new SkilletError('data-split', `${file}: column ${name}`, {
        message: `Row ${row} (${field}) is earlier than the row before it.`,
        remedy: `Sort the file by ${name}: the network predicts from the rows before.`,
      });
    }
    latest = time;
  };
}
