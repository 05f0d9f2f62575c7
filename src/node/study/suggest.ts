/** Says which point a study tries next. The answer depends on the search, the trial's number and the results so far, and nothing else. */
import { countPoints, type GridAxes, gridPoint } from '../../common/study/searchSpace.ts';
import type { SearchSpace, StudyObjective, StudyStart } from '../../common/study/studyEvents.ts';
import { type Point, pointFrom } from './encodePoint.ts';
import { seededRandom } from './seededRandom.ts';
import { suggestBayesian } from './suggestBayesian.ts';

/** A trial as the search sees it. */
export interface Observation {
  readonly params: Point;
  /** Null where it failed, or has not been measured yet. */
  readonly value: number | null;
  readonly isRunning: boolean;
}

export interface Search {
  readonly algorithm: StudyStart['algorithm'];
  readonly space: SearchSpace;
  readonly goal: StudyObjective['goal'];
  readonly seed: number;
  /** Used by a grid alone. */
  readonly axes: GridAxes;
}

/** @param number Of the trial, counted from 1. @returns Null where the grid has no more points. */
export function suggest(search: Search, number: number, seen: readonly Observation[]): Point | null {
  const { algorithm, space, axes } = search;
  if (algorithm === 'grid') {
    return number > countPoints(axes) ? null : gridPoint(axes, number - 1);
  }
  if (algorithm === 'random') {
    return randomPoint(search, number);
  }
  const sign = search.goal === 'minimize' ? 1 : -1;
  const model =
    number > scatteredTrials(space)
      ? suggestBayesian({
          space,
          seen: seen.map((one) => ({ ...one, value: one.value === null ? null : one.value * sign })),
          random: seededRandom(search.seed, number),
        })
      : null;
  return model ?? scatteredPoint(search, number);
}

function randomPoint({ space, seed }: Search, number: number): Point {
  const random = seededRandom(seed, number);
  return pointFrom(
    Object.keys(space).map(() => random()),
    space,
  );
}

/** So many trials of a Bayesian search are spread before its model has a say. */
export function scatteredTrials(space: SearchSpace): number {
  return Math.max(3, Object.keys(space).length + 1);
}

/**
 * Points that keep apart from each other better than chance would: an additive recurrence, begun at a place that the seed
 * decides. Its steps are the powers of 1/φ, φ being the root of φ^(d+1) = φ + 1 (Roberts's generalised golden ratio).
 */
function scatteredPoint({ space, seed }: Search, number: number): Point {
  const random = seededRandom(seed);
  const dimensions = Object.keys(space).length;
  const ratio = goldenRatio(dimensions);
  const shares = Array.from({ length: dimensions }, (_, i) => (random() + number / ratio ** (i + 1)) % 1);
  return pointFrom(shares, space);
}

function goldenRatio(dimensions: number): number {
  let ratio = 2;
  for (let round = 0; round < 40; round += 1) {
    ratio = (1 + ratio) ** (1 / (dimensions + 1));
  }
  return ratio;
}
