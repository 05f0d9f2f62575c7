/** Finds the rows that can be used, given what the recipe says of missing values. */
import { SkilletError } from '../../common/errors.ts';
import type { DataSettings } from '../../common/recipe/schema.ts';
import type { Column } from './columns.ts';
import type { Table } from './loadCsv.ts';

/**
 * @returns The rows to use, in file order. With `mean`, rows with missing numbers stay; `fillMissing` mends them.
 * @throws {SkilletError} `data-missing-value`, or `data-empty` when every row is dropped.
 */
export function usableRows(table: Table, data: DataSettings): Int32Array {
  const rows: number[] = [];
  const columns = [...table.columns].filter(([, column]) => canMiss(column));
  for (let row = 0; row < table.rows; row += 1) {
    const gap = columns.find(([name, column]) => isGap(column, row) && !takesMean(name, column, data));
    if (gap === undefined) {
      rows.push(row);
    } else if (data.missing !== 'drop') {
      throw missingValue(gap[0], row, data);
    }
  }
  if (rows.length === 0) {
    throw new SkilletError('data-empty', 'data.missing', {
      message: `All ${table.rows} rows have a missing value and were dropped.`,
      remedy: 'Leave the emptiest columns out with data.features, or set missing: mean.',
    });
  }
  return Int32Array.from(rows);
}

/** A mean only makes sense for a number that is an input. */
function takesMean(name: string, column: Column, data: DataSettings): boolean {
  const isTime = data.test !== undefined && 'time' in data.test && data.test.time === name;
  return data.missing === 'mean' && column.kind === 'number' && !data.target.includes(name) && !isTime;
}

/** A byte is always there. */
function canMiss(column: Column): boolean {
  return column.kind === 'category' || column.values instanceof Float64Array;
}

function isGap(column: Column, row: number): boolean {
  return column.kind === 'number' ? Number.isNaN(column.values[row]) : column.codes[row] === -1;
}

function missingValue(name: string, row: number, data: DataSettings): SkilletError {
  if (name === data.text?.column) {
    return new SkilletError('data-missing-value', `data.csv: column ${name}`, {
      message: `Row ${row + 1} has no text: nothing is left of it once punctuation is out.`,
      remedy: 'Fill the field, or set data.missing: drop to leave such rows out.',
    });
  }
  const remedy =
    data.missing === 'mean'
      ? 'A mean can only stand in for a number that is an input; set data.missing: drop, or fill the field.'
      : 'Fill the field, or set data.missing to drop (leave such rows out) or mean (take the training mean).';
  return new SkilletError('data-missing-value', `data.csv: column ${name}`, {
    message: `Row ${row + 1} has no value.`,
    remedy,
  });
}

/** Puts the mean of the training rows where a number is missing, in place; gives the means by column. */
export function fillMissing(table: Table, trainRows: Int32Array): Map<string, number> {
  const means = new Map<string, number>();
  for (const [name, column] of table.columns) {
    if (column.kind === 'number' && column.values instanceof Float64Array) {
      means.set(name, fillColumn(column.values, trainRows));
    }
  }
  return means;
}

function fillColumn(values: Float64Array, trainRows: Int32Array): number {
  let sum = 0;
  let count = 0;
  for (const row of trainRows) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) {
      sum += value;
      count += 1;
    }
  }
  const mean = count === 0 ? 0 : sum / count;
  for (let row = 0; row < values.length; row += 1) {
    if (Number.isNaN(values[row])) {
      values[row] = mean;
    }
  }
  return mean;
}
