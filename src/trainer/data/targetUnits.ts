/** Between a target in the data's unit and what the network is to say: scaled, and the change from an earlier row where the recipe takes differences. */
import type { EncodedTargets } from './encodeTargets.ts';
import { inverse, transform } from './scaler.ts';

type Targets = Pick<EncodedTargets, 'columns' | 'scaler' | 'difference'>;

/** What the network should say of a target in a row. */
export function toTarget({ columns, scaler, difference }: Targets, target: number, row: number): number {
  const value = columns[target]?.[row] ?? 0;
  return transform(scaler, target, difference === 0 ? value : value - (columns[target]?.[row - difference] ?? 0));
}

/** What the network said of a target in a row, in the data's unit. */
export function fromTarget(
  { columns, scaler, difference }: Targets,
  target: number,
  { row, output }: { readonly row: number; readonly output: number },
): number {
  const value = inverse(scaler, target, output);
  return difference === 0 ? value : value + (columns[target]?.[row - difference] ?? Number.NaN);
}

/** A column of changes from so many rows before; 0 in the first rows, which nothing may use. */
export function differences(values: ArrayLike<number>, difference: number): Float64Array {
  return Float64Array.from(values, (value, row) => (row < difference ? 0 : value - (values[row - difference] ?? 0)));
}
