/** The search space of a recipe's `tune:`, and the points of a grid laid over it. */
import type { ParamValue } from '../recipe/params.ts';
import type { TuneRange, TuneSettings } from '../recipe/tune.ts';
import { numberScale, valueAt } from './scalePosition.ts';
import type { SearchRange, SearchSpace } from './studyEvents.ts';

export function toSearchSpace(tune: TuneSettings): SearchSpace {
  return Object.fromEntries(Object.entries(tune.params).map(([name, range]) => [name, toSearchRange(range)]));
}

export function toSearchRange({ int, double, discrete, categorical, scale }: TuneRange): SearchRange {
  if (int !== undefined) {
    return { type: 'int', min: int[0], max: int[1], scale };
  }
  if (double !== undefined) {
    return { type: 'double', min: double[0], max: double[1], scale };
  }
  if (discrete !== undefined) {
    return { type: 'discrete', values: [...new Set(discrete)].sort((a, b) => a - b), scale };
  }
  return { type: 'categorical', values: [...new Set(categorical)] };
}

/** Parameter → the values that a grid takes of it, in order. */
export type GridAxes = Readonly<Record<string, readonly ParamValue[]>>;

export function gridAxes(tune: TuneSettings): GridAxes {
  return Object.fromEntries(
    Object.entries(tune.params).map(([name, range]) => [name, gridValues(toSearchRange(range), range.steps)]),
  );
}

/** How many values a grid takes of a range; infinite for numbers without steps. */
export function gridCount(range: SearchRange, steps: number | undefined): number {
  switch (range.type) {
    case 'int':
      return Math.min(range.max - range.min + 1, steps ?? Number.POSITIVE_INFINITY);
    case 'double':
      return steps ?? Number.POSITIVE_INFINITY;
    default:
      return range.values.length;
  }
}

function gridValues(range: SearchRange, steps: number | undefined): ParamValue[] {
  const scale = numberScale(range);
  if (range.type === 'discrete' || range.type === 'categorical' || scale === null) {
    return 'values' in range ? [...range.values] : [];
  }
  const count = gridCount(range, steps);
  const values = Array.from({ length: count }, (_, i) => valueAt(count === 1 ? 0 : i / (count - 1), scale));
  // Each end is hit exactly; on a logarithmic scale several steps may round to one whole number.
  return range.type === 'double'
    ? values.map((value, i) => (i === 0 ? range.min : i === count - 1 ? range.max : tidyNumber(value)))
    : [...new Set(values.map(Math.round))];
}

/** Six digits are more than a result can tell apart, and are read more easily. */
export function tidyNumber(value: number): number {
  return Number(value.toPrecision(6));
}

/** How many points a grid has in all. */
export function countPoints(axes: GridAxes): number {
  return Object.values(axes).reduce((product, values) => product * values.length, 1);
}

/** The point with a number, counted from 0; the last parameter changes first. */
export function gridPoint(axes: GridAxes, index: number): Record<string, ParamValue> {
  let rest = index;
  const point: Record<string, ParamValue> = {};
  for (const [name, values] of Object.entries(axes).reverse()) {
    point[name] = values[rest % values.length] ?? '';
    rest = Math.floor(rest / values.length);
  }
  return Object.fromEntries(Object.keys(axes).map((name) => [name, point[name] ?? '']));
}
