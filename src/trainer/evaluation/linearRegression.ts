/** Ordinary least squares, as the straight line that a network has to beat. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { matrixWidth, type Samples } from '../data/samples.ts';

/** Beyond these the line would take longer than many a network. */
const MAX_FEATURES = 2000;
const MAX_PRODUCTS = 5e8;

export interface LinearFit {
  /** Predictions of each target for the test samples, scaled like `train.targets`. */
  readonly predicted: readonly Float64Array[];
  /** Training rows that were used, evenly taken. */
  readonly rowsUsed: number;
}

/** @returns Null when there are more inputs than rows, or too many to be quick. */
export function linearRegression(train: Samples, test: Samples): LinearFit | null {
  const width = inputSize(train);
  if (width > MAX_FEATURES || width >= train.count) {
    return null;
  }
  const rowsUsed = Math.max(Math.min(train.count, Math.floor(MAX_PRODUCTS / width ** 2)), width + 1);
  const size = width + 1;
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size * train.targetWidth);
  const means = columnMeans(train);
  for (let k = 0; k < rowsUsed; k += 1) {
    const sample = Math.floor((k * train.count) / rowsUsed);
    addSample(readInputs(train, sample, means), train, { sample, gram, moments });
  }
  const weights = solve(gram, moments, size);
  const predicted = Array.from({ length: train.targetWidth }, (_, target) =>
    Float64Array.from({ length: test.count }, (_unused, sample) =>
      readInputs(test, sample, means).reduce((sum, value, i) => sum + value * weights.get(i, target), 0),
    ),
  );
  return { predicted, rowsUsed };
}

function inputSize({ inputShape }: Samples): number {
  return inputShape.reduce((product, length) => product * length, 1);
}

/** Inputs less their means, and a 1 for the intercept: centred columns keep the normal equations well conditioned. */
function readInputs(samples: Samples, sample: number, means: Float64Array): Float64Array {
  const { matrix, firstRow } = samples;
  const begin = (firstRow[sample] ?? 0) * matrixWidth(samples);
  const row = new Float64Array(means.length + 1).fill(1);
  for (let i = 0; i < means.length; i += 1) {
    row[i] = (matrix[begin + i] ?? 0) - (means[i] ?? 0);
  }
  return row;
}

function columnMeans(samples: Samples): Float64Array {
  const none = new Float64Array(inputSize(samples));
  const sums = new Float64Array(none.length);
  for (let sample = 0; sample < samples.count; sample += 1) {
    const row = readInputs(samples, sample, none);
    for (let i = 0; i < sums.length; i += 1) {
      sums[i] = (sums[i] ?? 0) + (row[i] ?? 0);
    }
  }
  return sums.map((sum) => sum / samples.count);
}

function addSample(
  row: Float64Array,
  { targets, targetWidth }: Samples,
  into: { readonly sample: number; readonly gram: Float64Array; readonly moments: Float64Array },
): void {
  const { sample, gram, moments } = into;
  const size = row.length;
  for (let i = 0; i < size; i += 1) {
    const value = row[i] ?? 0;
    if (value === 0) {
      continue;
    }
    for (let j = 0; j <= i; j += 1) {
      gram[i * size + j] = (gram[i * size + j] ?? 0) + value * (row[j] ?? 0);
    }
    for (let target = 0; target < targetWidth; target += 1) {
      const y = targets[sample * targetWidth + target] ?? 0;
      moments[i * targetWidth + target] = (moments[i * targetWidth + target] ?? 0) + value * y;
    }
  }
}

/** Cholesky; a trace of ridge lets columns that depend on each other (one-hot ones do) pass. */
function solve(gram: Float64Array, moments: Float64Array, size: number): Matrix {
  const ridge = 1e-10;
  const full = Matrix.zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = gram[i * size + j] ?? 0;
      full.set(i, j, value);
      full.set(j, i, value);
    }
    full.set(i, i, (gram[i * size + i] ?? 0) * (1 + ridge) + 1e-12);
  }
  return new CholeskyDecomposition(full).solve(Matrix.from1DArray(size, moments.length / size, Array.from(moments)));
}
