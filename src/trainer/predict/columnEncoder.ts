/** Feeds a network that was trained on named columns: found by name, words as one-hot numbers, scaled as in training. */

import { isMissing } from '../../common/data/missingWords.ts';
import { parseTime } from '../../common/data/parseTime.ts';
import { SkilletError } from '../../common/errors.ts';
import type { ColumnInputs, InputColumn } from '../../common/model/sidecar.ts';
import { didYouMean } from '../../common/recipe/didYouMean.ts';
import { type Scaler, transform } from '../data/scaler.ts';
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
}

/** @throws {SkilletError} `data-unknown-column`. */
export function createColumnEncoder(inputs: ColumnInputs, header: readonly string[], file: string): RowEncoder {
  const columns = placeColumns(inputs, header, file);
  const checkTime = inputs.time === null ? null : createTimeCheck(inputs.time, header, file);
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
    };
    input += column.kind === 'category' ? words.length : 1;
    return placed;
  });
}

function findColumn(name: string, header: readonly string[], file: string): number {
  const index = header.indexOf(name);
  if (index === -1) {
    const guess = didYouMean(name, header);
    const shown = header.length > 30 ? `${header.slice(0, 30).join(', ')}, …` : header.join(', ');
    throw new SkilletError('data-unknown-column', `${file}: column ${name}`, {
      message: 'is missing; the network was trained on it.',
      remedy: `${guess === null ? 'Add it' : `Rename ${guess}, if that is meant`}. Columns of the file: ${shown}.`,
    });
  }
  if (header.indexOf(name, index + 1) !== -1) {
    throw new SkilletError('data-unknown-column', `${file}: column ${name}`, {
      message: 'is there twice, so that the name does not tell which is meant.',
      remedy: 'Rename one of them.',
    });
  }
  return index;
}

interface Target {
  readonly scaler: Scaler;
  readonly into: Float32Array;
  readonly offset: number;
}

function encodeField(field: string, placed: PlacedColumn, place: FieldPlace, { scaler, into, offset }: Target): void {
  const { column, input, codes } = placed;
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
  into[offset + input] = transform(scaler, input, readNumber(field, place, { parse, mean: column.mean }));
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
function createTimeCheck(name: string, header: readonly string[], file: string) {
  const index = findColumn(name, header, file);
  let latest = Number.NEGATIVE_INFINITY;
  return (fields: readonly string[], row: number) => {
    const field = fields[index] ?? '';
    const time = readNumber(field, { file, column: name, row }, { parse: parseTime, mean: null });
    if (time < latest) {
      throw new SkilletError('data-split', `${file}: column ${name}`, {
        message: `Row ${row} (${field}) is earlier than the row before it.`,
        remedy: `Sort the file by ${name}: the network predicts from the rows before.`,
      });
    }
    latest = time;
  };
}
