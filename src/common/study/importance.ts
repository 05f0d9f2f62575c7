/** How much each parameter of a study matters for its objective, as far as the trials so far can tell. */
import type { ParamValue } from '../recipe/params.ts';
import { growForest, type Leaf, type Samples, type Side } from './forest.ts';
import type { StudyState, TrialState } from './reduceStudy.ts';
import { positionOf } from './scalePosition.ts';
import type { SearchRange, SearchSpace } from './studyEvents.ts';

export type Importance =
  /** `needed`: so many trials with a value must be there first. */
  | { readonly kind: 'tooFew'; readonly trials: number; readonly needed: number }
  /** The parameters do not foretell the values of trials left out: chance, or too few trials for so many parameters. */
  | { readonly kind: 'unclear'; readonly trials: number }
  | {
      readonly kind: 'known';
      readonly trials: number;
      /** Share of the differences between trials that each parameter explains by itself; the greatest first. */
      readonly shares: readonly { readonly name: string; readonly share: number }[];
      /** What only two or more of them together explain. */
      readonly together: number;
    };

const LEAST_TRIALS = 10;
const TRIALS_A_PARAMETER = 3;
/** Below this, a forest of chance values is as good: see the test with values that no parameter has made. */
const LEAST_FORESEEN = 0.2;

/**
 * Functional analysis of variance over a random forest (Hutter, Hoos and Leyton-Brown 2014, "An Efficient Approach for
 * Assessing Hyperparameter Importance"): the variance of the objective's mean over all other parameters, as a share of
 * its whole variance over the search space. The objective enters by its rank among the trials, so one trial that ran
 * away to a million counts as the worst and no more.
 */
export function paramImportance({ trials, start }: StudyState): Importance {
  const space = start?.space ?? {};
  const names = Object.keys(space);
  const needed = Math.max(LEAST_TRIALS, TRIALS_A_PARAMETER * names.length);
  const samples = toSamples(trials, space, names);
  const count = samples.targets.length;
  if (count < needed) {
    return { kind: 'tooFew', trials: count, needed };
  }
  const { trees, foreseen } = growForest(samples);
  const parts = trees.map(shareOf).filter((shares) => shares !== null);
  if (foreseen < LEAST_FORESEEN || parts.length === 0) {
    return { kind: 'unclear', trials: count };
  }
  const shares = names
    .map((name, index) => ({ name, share: mean(parts.map((part) => part[index] ?? 0)) }))
    .sort((a, b) => b.share - a.share);
  const together = Math.max(0, 1 - shares.reduce((sum, { share }) => sum + share, 0));
  return { kind: 'known', trials: count, shares, together };
}

function toSamples(trials: readonly TrialState[], space: SearchSpace, names: readonly string[]): Samples {
  const rows = trials.flatMap(({ params, value, status }) => {
    const places = names.map((name) => placeOf(params[name], space[name]));
    return value === null || status === 'running' || !places.every((place) => place !== null)
      ? []
      : [{ places, value }];
  });
  return {
    dimensions: names.map((name) => {
      const range = space[name];
      return range?.type === 'categorical' ? { kind: 'words', count: range.values.length } : { kind: 'number' };
    }),
    inputs: rows.map(({ places }) => places),
    targets: ranks(rows.map(({ value }) => value)),
  };
}

/** Whole numbers and listed ones stand in the middle of cells, so that each of them has its share of the space. */
function placeOf(value: ParamValue | undefined, range: SearchRange | undefined): number | null {
  if (range === undefined || value === undefined) {
    return null;
  }
  if (range.type === 'categorical' || range.type === 'discrete') {
    const values: readonly ParamValue[] = range.values;
    const index = values.indexOf(value);
    const place = range.type === 'categorical' ? index : (index + 0.5) / values.length;
    return index < 0 ? null : place;
  }
  if (typeof value !== 'number') {
    return null;
  }
  const margin = range.type === 'int' ? 0.5 : 0;
  const place = positionOf(value, { ...range, min: range.min - margin, max: range.max + margin });
  return Number.isFinite(place) ? Math.min(1, Math.max(0, place)) : null;
}

/** From 0 to 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const last = Math.max(1, values.length - 1);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 / last);
}

/** Each parameter's share of one tree's variance; null for a tree that is the same everywhere. */
function shareOf(leaves: readonly Leaf[]): number[] | null {
  const volumes = leaves.map(({ sides }) => sides.reduce((product, side) => product * widthOf(side), 1));
  const whole = leaves.reduce((sum, { value }, index) => sum + (volumes[index] ?? 0) * value, 0);
  const variance = leaves.reduce((sum, { value }, index) => sum + (volumes[index] ?? 0) * (value - whole) ** 2, 0);
  const dimensions = leaves[0]?.sides.length ?? 0;
  return variance < 1e-12
    ? null
    : Array.from({ length: dimensions }, (_, dimension) => marginal(leaves, volumes, dimension, whole) / variance);
}

/** Variance over one dimension of the tree's mean over all the others. */
function marginal(leaves: readonly Leaf[], volumes: readonly number[], dimension: number, whole: number): number {
  const cells = cellsOf(leaves, dimension);
  return cells.reduce((variance, { width, holds }) => {
    const at = leaves.reduce((sum, { sides, value }, index) => {
      const side = sides[dimension];
      // The leaf's share of the space across this dimension: its volume without this side.
      return side !== undefined && holds(side) ? sum + ((volumes[index] ?? 0) / widthOf(side)) * value : sum;
    }, 0);
    return variance + width * (at - whole) ** 2;
  }, 0);
}

interface Cell {
  readonly width: number;
  holds(side: Side): boolean;
}

/** The stretches of a dimension that no leaf's border cuts. */
function cellsOf(leaves: readonly Leaf[], dimension: number): Cell[] {
  const sides = leaves.flatMap((leaf) => leaf.sides[dimension] ?? []);
  const [first] = sides;
  if (first?.kind === 'words') {
    const width = 1 / first.holds.length;
    return first.holds.map((_, word) => ({
      width,
      holds: (side) => side.kind === 'words' && side.holds[word] === true,
    }));
  }
  const borders = [...new Set(sides.flatMap((side) => (side.kind === 'number' ? [side.from, side.to] : [])))].sort(
    (a, b) => a - b,
  );
  return borders.slice(1).map((to, index) => {
    const from = borders[index] ?? 0;
    return { width: to - from, holds: (side) => side.kind === 'number' && side.from <= from && side.to >= to };
  });
}

function widthOf(side: Side): number {
  return side.kind === 'number' ? side.to - side.from : side.holds.filter((held) => held).length / side.holds.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
