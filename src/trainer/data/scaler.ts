/** Brings each column to a common scale, with figures taken from the training rows only. */

export type ScaleKind = 'standard' | 'minMax' | 'none';
/** A rule, or a constant to divide by. */
export type Scaling = ScaleKind | { readonly divide: number };

/** `(value − offset[column]) / factor[column]`. */
export interface Scaler {
  readonly kind: ScaleKind | 'divide';
  readonly offset: readonly number[];
  readonly factor: readonly number[];
}

/**
 * A constant column is divided by 1.
 *
 * @param columns Values of each column over all rows.
 * @param rows The training rows.
 */
export function fitScaler(scaling: Scaling, columns: readonly ArrayLike<number>[], rows: Int32Array): Scaler {
  if (typeof scaling === 'object') {
    return { kind: 'divide', offset: columns.map(() => 0), factor: columns.map(() => scaling.divide) };
  }
  const fits = columns.map((values) => fit[scaling](values, rows));
  return { kind: scaling, offset: fits.map(({ offset }) => offset), factor: fits.map(({ factor }) => factor) };
}

const fit = { standard: fitStandard, minMax: fitMinMax, none: () => ({ offset: 0, factor: 1 }) };

/** Mean, and the deviation over n − 1, as R's `scale` takes it. */
function fitStandard(values: ArrayLike<number>, rows: Int32Array) {
  let sum = 0;
  for (const row of rows) {
    sum += values[row] ?? 0;
  }
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) {
    squares += ((values[row] ?? 0) - mean) ** 2;
  }
  const deviation = rows.length > 1 ? Math.sqrt(squares / (rows.length - 1)) : 0;
  // A column of equal numbers keeps a tiny deviation by rounding; it must not be blown up.
  return { offset: mean, factor: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 };
}

function fitMinMax(values: ArrayLike<number>, rows: Int32Array) {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    min = Math.min(min, values[row] ?? 0);
    max = Math.max(max, values[row] ?? 0);
  }
  return { offset: min, factor: max > min ? max - min : 1 };
}

export function transform(scaler: Scaler, column: number, value: number): number {
  return (value - (scaler.offset[column] ?? 0)) / (scaler.factor[column] ?? 1);
}

export function inverse(scaler: Scaler, column: number, value: number): number {
  return value * (scaler.factor[column] ?? 1) + (scaler.offset[column] ?? 0);
}
