/** Random matrices with orthonormal rows or columns (Saxe, McClelland and Ganguli 2013), for recurrent weights. */
import { Mt19937 } from '../random/mt19937.ts';

export interface OrthogonalOptions {
  readonly rows: number;
  readonly columns: number;
  readonly gain: number;
  readonly seed: number;
}

/** @returns [rows, columns], row-major: orthonormal along the longer side, times `gain`. */
export function orthogonalMatrix({ rows, columns, gain, seed }: OrthogonalOptions): Float32Array {
  const long = Math.max(rows, columns);
  const short = Math.min(rows, columns);
  const random = new Mt19937(seed);
  const vectors: Float64Array[] = [];
  while (vectors.length < short) {
    const vector = Float64Array.from({ length: long }, () => nextNormal(random));
    // Taken off twice: once leaves rounding errors that grow with the number of vectors.
    removeComponents(vector, vectors);
    removeComponents(vector, vectors);
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const matrix = new Float32Array(rows * columns);
  vectors.forEach((vector, i) => {
    vector.forEach((value, j) => {
      matrix[rows >= columns ? j * columns + i : i * columns + j] = gain * value;
    });
  });
  return matrix;
}

function removeComponents(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (const unit of basis) {
    const length = dot(vector, unit);
    for (let i = 0; i < vector.length; i += 1) {
      vector[i] = (vector[i] ?? 0) - length * (unit[i] ?? 0);
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    sum += (a[i] ?? 0) * (b[i] ?? 0);
  }
  return sum;
}

/** Standard normal by Box and Muller. */
function nextNormal(random: Mt19937): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
  return radius * Math.cos(2 * Math.PI * random.nextDouble());
}
