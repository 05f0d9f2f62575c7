/** Bayesian search: the next point is where a Gaussian process expects the greatest improvement. */
import type { ParamValue } from '../../common/recipe/params.ts';
import type { SearchSpace } from '../../common/study/studyEvents.ts';
import { axesOf, coordinatesOf, keyOf, type Point, pointFrom } from './encodePoint.ts';
import { fitProcess, type GaussianProcess, type Sample } from './gaussianProcess.ts';
import { normal } from './seededRandom.ts';
import type { Observation } from './suggest.ts';

export interface BayesianSearch {
  readonly space: SearchSpace;
  /** Less is better in all values. */
  readonly seen: readonly Observation[];
  readonly random: () => number;
}

const SCATTERED = 400;
const NEAR_BEST = 200;
/** How far from the best points it is looked more closely, as a share of each range. */
const NEAR = [0.02, 0.1];
const BEST_KEPT = 3;
const MOST_SAMPLES = 120;

/** @returns Null where fewer than two values are known, so that there is nothing to go by. */
export function suggestBayesian({ space, seen, random }: BayesianSearch): Point | null {
  const values = seen.flatMap(({ value }) => value ?? []);
  if (values.length < 2) {
    return null;
  }
  const modelled = mostTelling(seen);
  const samples = toSamples(modelled, values, space);
  const process = fitProcess(samples, axesOf(space));
  const measured = samples.filter((_, i) => modelled[i]?.value !== null);
  const least = Math.min(...measured.map(({ value }) => value));
  const best = seen
    .filter(({ value }) => value !== null)
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0))
    .slice(0, BEST_KEPT);
  const tried = new Set(seen.map(({ params }) => keyOf(params, space)));
  const points = candidates(space, best, random);
  const fresh = points.filter((point) => !tried.has(keyOf(point, space)));
  return mostPromising(fresh.length > 0 ? fresh : points, { space, process, least });
}

/** The work grows with the cube of the samples; of very many the best and the latest say enough. */
function mostTelling(seen: readonly Observation[]): readonly Observation[] {
  if (seen.length <= MOST_SAMPLES) {
    return seen;
  }
  const half = MOST_SAMPLES / 2;
  const early = seen
    .slice(0, -half)
    .sort((a, b) => (a.value ?? Number.POSITIVE_INFINITY) - (b.value ?? Number.POSITIVE_INFINITY));
  return [...early.slice(0, half), ...seen.slice(-half)];
}

/**
 * Values of mean 0 and variance 1. One that is far off (a run that diverged) is brought to the edge of the others, or it would
 * make all the rest look alike. A failed trial counts as the worst seen; a trial that still runs is taken to give the mean
 * (the constant liar), so that trials at the same time look in different places.
 */
function toSamples(seen: readonly Observation[], values: readonly number[], space: SearchSpace): Sample[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const fence = at(0.75) + 1.5 * (at(0.75) - at(0.25));
  const kept = values.map((value) => Math.min(value, fence));
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const sd = Math.sqrt(kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length) || 1;
  const worst = Math.max(...kept);
  return seen.map(({ params, value, isRunning }) => ({
    at: coordinatesOf(params, space),
    value: (Math.min(value ?? (isRunning ? mean : worst), fence) - mean) / sd,
  }));
}

function candidates(space: SearchSpace, best: readonly Observation[], random: () => number): Point[] {
  const names = Object.keys(space);
  const scattered = Array.from({ length: SCATTERED }, () =>
    pointFrom(
      names.map(() => random()),
      space,
    ),
  );
  const near = best.flatMap(({ params }) =>
    Array.from({ length: Math.ceil(NEAR_BEST / best.length) }, (_, i) =>
      movedFrom(params, { space, by: NEAR[i % NEAR.length] ?? 0, random }),
    ),
  );
  return [...scattered, ...near];
}

/** Some of the parameters moved a little, words replaced now and then. */
function movedFrom(
  point: Point,
  { space, by, random }: { readonly space: SearchSpace; readonly by: number; readonly random: () => number },
): Point {
  const shares = Object.entries(space).map(([name, range]) => {
    const isMoved = random() < 0.7;
    const step = normal(random) * by;
    const other = random();
    if (range.type === 'double' || range.type === 'int') {
      const [position = 0] = coordinatesOf(point, { [name]: range });
      return isMoved ? position + step : position;
    }
    const values: readonly ParamValue[] = range.values;
    const index = values.indexOf(point[name] ?? '');
    return isMoved && other < 0.3 ? other / 0.3 : (index + 0.5) / range.values.length;
  });
  return pointFrom(shares, space);
}

function mostPromising(
  points: readonly Point[],
  { space, process, least }: { readonly space: SearchSpace; readonly process: GaussianProcess; readonly least: number },
): Point | null {
  const rated = points.map((point) => ({
    point,
    gain: logImprovement(least, process.believe(coordinatesOf(point, space))),
  }));
  return (
    rated.reduce<(typeof rated)[number] | null>(
      (best, next) => (best === null || next.gain > best.gain ? next : best),
      null,
    )?.point ?? null
  );
}

/** Logarithm of the expected improvement on `least`; far off, where it would round to 0, its leading term. */
function logImprovement(least: number, { mean, sd }: { readonly mean: number; readonly sd: number }): number {
  const z = (least - mean) / sd;
  if (z < -6) {
    return Math.log(sd) - z ** 2 / 2 - Math.log(Math.sqrt(2 * Math.PI) * z ** 2);
  }
  const density = Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
  return Math.log(sd) + Math.log(Math.max(z * cumulative(z) + density, 1e-300));
}

/** Of the standard normal distribution; Abramowitz and Stegun 26.2.17, good to 7.5e-8. */
function cumulative(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const factors = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail =
    (factors.reduce((sum, factor) => sum * t + factor, 0) * t * Math.exp(-(z ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  return z >= 0 ? 1 - tail : tail;
}
