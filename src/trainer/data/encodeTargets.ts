/** Turns the target columns into what the loss compares with: scaled values, or class numbers. */
import { SkilletError } from '../../common/errors.ts';
import { isClassification } from '../../common/recipe/checkTraining.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Table } from './loadCsv.ts';
import { fitScaler, type Scaler } from './scaler.ts';
import { differences } from './targetUnits.ts';

export interface EncodedTargets {
  /** `values`: one number per target; `classes`: one class number. */
  readonly kind: 'values' | 'classes';
  readonly names: readonly string[];
  /** Each target over all rows, in the data's unit, or as class numbers. */
  readonly columns: readonly Float64Array[];
  readonly scaler: Scaler;
  /** The network says the change from so many rows before; 0 where it says the value. */
  readonly difference: number;
  /** Null for values. */
  readonly classes: readonly string[] | null;
}

/** @param fitRows The rows of the training targets, that the scaler may see. */
export function encodeTargets(table: Table, recipe: Recipe, fitRows: Int32Array): EncodedTargets {
  const { target, scaleTarget, difference = 0 } = recipe.data;
  if (isClassification(recipe)) {
    return encodeClasses(table, recipe, target[0] ?? '');
  }
  const columns = target.map((name) => {
    const column = table.columns.get(name);
    return column?.kind === 'number' ? toFloats(column.values) : new Float64Array(table.rows);
  });
  const wanted = difference === 0 ? columns : columns.map((column) => differences(column, difference));
  const scaler = fitScaler(scaleTarget, wanted, fitRows);
  return { kind: 'values', names: target, columns, scaler, difference, classes: null };
}

function encodeClasses(table: Table, recipe: Recipe, name: string): EncodedTargets {
  const column = table.columns.get(name);
  const codes =
    column?.kind === 'category' ? Float64Array.from(column.codes) : toFloats(column?.values ?? new Float64Array());
  if (column?.kind === 'number') {
    refuseNonClass(codes, name);
  }
  const top = codes.reduce((max, value) => Math.max(max, value), 1);
  const classes =
    column?.kind === 'category' ? column.categories : Array.from({ length: top + 1 }, (_, index) => String(index));
  if (recipe.train.loss === 'binaryCrossentropy' && classes.length !== 2) {
    throw new SkilletError('recipe-loss', 'train.loss', {
      message: `binaryCrossentropy tells two classes apart, but ${name} has ${classes.length}: ${list(classes)}.`,
      remedy: 'Use categoricalCrossentropy with a softmax over the classes.',
    });
  }
  const scaler: Scaler = { kind: 'none', offset: [0], factor: [1] };
  return { kind: 'classes', names: [name], columns: [codes], scaler, difference: 0, classes };
}

const toFloats = (values: Float64Array | Uint8Array): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values);

/** A number column serves as classes only when it holds class numbers. */
function refuseNonClass(codes: Float64Array, name: string): void {
  const odd = codes.findIndex((value) => !Number.isNaN(value) && (!Number.isInteger(value) || value < 0));
  if (odd !== -1) {
    throw new SkilletError('data-not-a-number', `data.csv: column ${name}`, {
      message: `Row ${odd + 1} has ${codes[odd]}, which is no class number (0, 1, 2, …).`,
      remedy: `List ${name} under data.categorical to take each of its values as a class.`,
    });
  }
}

function list(words: readonly string[]): string {
  return words.length > 8 ? `${words.slice(0, 8).join(', ')}, …` : words.join(', ');
}
