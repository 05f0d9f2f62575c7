/** A Gaussian process over points in the unit cube: what the values seen so far say about a value not seen. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface Sample {
  readonly at: readonly number[];
  readonly value: number;
}

export interface Belief {
  readonly mean: number;
  /** Standard deviation of the function itself, without the noise of a measurement. */
  readonly sd: number;
}

export interface GaussianProcess {
  believe(at: readonly number[]): Belief;
}

interface Settings {
  /** Distance, for each axis, over which values are alike. */
  readonly lengths: readonly number[];
  /** Variance of the noise; that of the function is 1, because values come standardised. */
  readonly noise: number;
}

/** Looks at each axis by turns; twice is enough for a rough answer, which is all that a few samples allow. */
const ROUNDS = 2;
const LENGTHS = [0.1, 0.2, 0.35, 0.6, 1, 2];
const NOISES = [1e-4, 1e-2, 0.1, 0.3];
const FIRST: Omit<Settings, 'lengths'> & { length: number } = { length: 0.6, noise: 1e-2 };

/**
 * Fits lengths and noise by the likelihood of the samples times a mild preference for smooth functions.
 *
 * @param axes For each coordinate the axis whose length it shares. @param samples Values of mean 0 and variance 1, at least one.
 */
export function fitProcess(samples: readonly Sample[], axes: readonly number[]): GaussianProcess {
  const count = Math.max(...axes) + 1;
  let settings: Settings = { lengths: new Array<number>(count).fill(FIRST.length), noise: FIRST.noise };
  let best = posterior(samples, axes, settings);
  const consider = (next: Settings) => {
    const found = posterior(samples, axes, next);
    if (found.score > best.score) {
      best = found;
      settings = next;
    }
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const length of LENGTHS) {
      consider({ ...settings, lengths: settings.lengths.map(() => length) });
    }
    for (let axis = 0; axis < count; axis += 1) {
      for (const length of LENGTHS) {
        consider({ ...settings, lengths: settings.lengths.with(axis, length) });
      }
    }
    for (const noise of NOISES) {
      consider({ ...settings, noise });
    }
  }
  return best;
}

/** Rasmussen and Williams, Gaussian Processes for Machine Learning, algorithm 2.1. */
function posterior(
  samples: readonly Sample[],
  axes: readonly number[],
  { lengths, noise }: Settings,
): GaussianProcess & { readonly score: number } {
  const scales = axes.map((axis) => lengths[axis] ?? 1);
  const size = samples.length;
  const covariance = new Matrix(size, size);
  samples.forEach(({ at }, i) => {
    samples.slice(0, i + 1).forEach((other, j) => {
      const value = matern(at, other.at, scales) + (i === j ? noise + JITTER : 0);
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    });
  });
  const cholesky = new CholeskyDecomposition(covariance);
  const lower = cholesky.lowerTriangularMatrix;
  const values = Matrix.columnVector(samples.map(({ value }) => value));
  const weights = cholesky.solve(values).getColumn(0);
  const fit = samples.reduce((sum, { value }, i) => sum + value * (weights[i] ?? 0), 0);
  const volume = lower.diagonal().reduce((sum, entry) => sum + Math.log(entry), 0);
  // Log-normal about the first guess: without it a handful of samples is explained by noise or by islands alone.
  const surprise =
    lengths.reduce((sum, length) => sum + Math.log(length / FIRST.length) ** 2, 0) / 2 +
    Math.log(noise / FIRST.noise) ** 2 / 18;
  return {
    score: -fit / 2 - volume - surprise,
    believe(at) {
      const alike = samples.map((sample) => matern(at, sample.at, scales));
      const mean = alike.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
      const known = forwardSolve(lower, alike).reduce((sum, value) => sum + value * value, 0);
      return { mean, sd: Math.sqrt(Math.max(1e-12, 1 - known)) };
    },
  };
}

/** Keeps the matrix positive where two samples are the same point. */
const JITTER = 1e-8;

/** Matérn's covariance with ν = 5/2 and variance 1: twice differentiable, as smooth as a learning curve's optimum is. */
function matern(a: readonly number[], b: readonly number[], scales: readonly number[]): number {
  const squares = a.reduce((sum, value, i) => sum + ((value - (b[i] ?? 0)) / (scales[i] ?? 1)) ** 2, 0);
  const distance = Math.sqrt(5 * squares);
  return (1 + distance + distance ** 2 / 3) * Math.exp(-distance);
}

function forwardSolve(lower: Matrix, right: readonly number[]): number[] {
  const solution: number[] = [];
  right.forEach((value, i) => {
    const rest = solution.reduce((sum, known, j) => sum - lower.get(i, j) * known, value);
    solution.push(rest / lower.get(i, i));
  });
  return solution;
}
