/** Reduces series of any length to the points that a screen can show, one list of places for all of them. */
import type { StepSeries } from '../../common/run/stepSeries.ts';

export type Value = number | null;

/** Filled again and again: what a chart holds is not made anew for each frame. */
export interface ScreenPoints {
  /** Epochs or steps, counted from 1, ascending. */
  readonly x: number[];
  /** For each series a value for each place. */
  readonly columns: Value[][];
}

export interface PointsWanted {
  /** What is shown, counted from 1; null: all. A little beyond each border is taken too, so that lines go on there. */
  readonly zoom: readonly [number, number] | null;
  /** Pixels side by side. */
  readonly width: number;
  /** A logarithmic axis has no place for zero and below. */
  readonly scale: 'linear' | 'log';
}

export const emptyPoints = (): ScreenPoints => ({ x: [], columns: [] });

/**
 * Shows every step where there is room; else the lowest and the highest of each bucket, in their order, so that no peak is
 * lost. Buckets are powers of two wide and begin at multiples of their width: as a run grows, what was drawn stays.
 */
export function fillPoints(points: ScreenPoints, series: readonly StepSeries[], wanted: PointsWanted): void {
  const length = Math.max(0, ...series.map((one) => one.length));
  const first = wanted.zoom === null ? 0 : Math.max(0, Math.floor(wanted.zoom[0]) - 2);
  const end = wanted.zoom === null ? length : Math.min(length, Math.ceil(wanted.zoom[1]) + 1);
  points.x.length = 0;
  points.columns.length = series.length;
  for (let index = 0; index < series.length; index += 1) {
    points.columns[index] ??= [];
    (points.columns[index] ?? []).length = 0;
  }
  const size = bucketSize(end - first, Math.max(1, wanted.width));
  if (size === 1) {
    fillEach(points, series, { first, end, scale: wanted.scale });
  } else {
    fillBuckets(points, series, { first: first - (first % size), end, size, scale: wanted.scale });
  }
}

function bucketSize(steps: number, width: number): number {
  let size = 1;
  while (steps / size > width) {
    size *= 2;
  }
  return size;
}

interface Range {
  readonly first: number;
  readonly end: number;
  readonly scale: 'linear' | 'log';
}

function fillEach({ x, columns }: ScreenPoints, series: readonly StepSeries[], { first, end, scale }: Range): void {
  const values = new Float32Array(Math.max(0, end - first));
  for (let step = first; step < end; step += 1) {
    x.push(step + 1);
  }
  for (const [index, one] of series.entries()) {
    one.read(first, values);
    for (const value of values) {
      columns[index]?.push(shown(value, scale));
    }
  }
}

function fillBuckets(points: ScreenPoints, series: readonly StepSeries[], range: Range & { size: number }): void {
  const { first, end, size } = range;
  for (let from = first; from < end; from += size) {
    const to = Math.min(end, from + size);
    const middle = from + ((to - from) >> 1);
    points.x.push(from + 1);
    if (middle > from) {
      points.x.push(middle + 1);
    }
    for (const [index, one] of series.entries()) {
      const [before, after] = bucketValues(one, { first: from, end: to, scale: range.scale });
      points.columns[index]?.push(before);
      if (middle > from) {
        points.columns[index]?.push(after);
      }
    }
  }
  if (end > first && points.x.at(-1) !== end) {
    // The newest value is what a person looks for.
    points.x.push(end);
    for (const [index, one] of series.entries()) {
      points.columns[index]?.push(shown(one.at(end - 1) ?? Number.NaN, range.scale));
    }
  }
}

/** Two values: the lowest and the highest, as they follow one another. */
function bucketValues(series: StepSeries, { first, end, scale }: Range): readonly [Value, Value] {
  const found = series.extremes(first, end);
  if (found === null) {
    return [null, null];
  }
  const high = shown(found.high, scale);
  const low = shown(found.low, scale) ?? high;
  return found.lowStep <= found.highStep ? [low, high] : [high, low];
}

function shown(value: number, scale: 'linear' | 'log'): Value {
  return Number.isNaN(value) || (scale === 'log' && value <= 0) ? null : value;
}
