/** Points of a search space as coordinates from 0 to 1, as the search measures distance, and back. */
import type { ParamValue } from '../../common/recipe/params.ts';
import { numberScale, positionOf, valueAt } from '../../common/study/scalePosition.ts';
import { tidyNumber } from '../../common/study/searchSpace.ts';
import type { SearchRange, SearchSpace } from '../../common/study/studyEvents.ts';

export type Point = Readonly<Record<string, ParamValue>>;

/** The value of a range at a share from 0 to 1 of it; every value of a list, and every whole number, has an equal part on its scale. */
export function valueFrom(share: number, range: SearchRange): ParamValue {
  const inside = Math.min(Math.max(share, 0), 1);
  switch (range.type) {
    case 'double':
      return clamp(tidyNumber(valueAt(inside, range)), range);
    case 'int':
      return clamp(wholeFrom(inside, range), range);
    default:
      return range.values[Math.min(range.values.length - 1, Math.floor(inside * range.values.length))] ?? '';
  }
}

/** The range reaches to the number behind its last, so that cutting off the fraction favours neither end. */
function wholeFrom(share: number, { min, max, scale }: Extract<SearchRange, { type: 'int' }>): number {
  const wide = { min, max: max + 1, scale };
  return scale === 'reverseLog'
    ? min + max - Math.floor(valueAt(1 - share, { ...wide, scale: 'log' }))
    : Math.floor(valueAt(share, wide));
}

function clamp(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(Math.max(value, min), max);
}

/** How many shares describe a point: one for each parameter. */
export function pointFrom(shares: readonly number[], space: SearchSpace): Point {
  return Object.fromEntries(Object.entries(space).map(([name, range], i) => [name, valueFrom(shares[i] ?? 0, range)]));
}

/** For a model of distances: numbers by their position, words each on an axis of its own and equally far apart. */
export function coordinatesOf(point: Point, space: SearchSpace): number[] {
  return Object.entries(space).flatMap(([name, range]) => {
    const value = point[name];
    if (range.type === 'categorical') {
      return range.values.map((one) => (one === value ? Math.SQRT1_2 : 0));
    }
    const scale = numberScale(range);
    return scale === null ? 0 : positionOf(Number(value), scale);
  });
}

/** For each coordinate the parameter that it belongs to, by number. */
export function axesOf(space: SearchSpace): number[] {
  return Object.values(space).flatMap((range, axis) =>
    range.type === 'categorical' ? range.values.map(() => axis) : [axis],
  );
}

/** Same points have the same key. */
export function keyOf(point: Point, space: SearchSpace): string {
  return JSON.stringify(Object.keys(space).map((name) => point[name]));
}
