/** Where a value lies in its search range, as the search itself measures distance there: from 0 to 1. */
import type { ParamValue } from '../recipe/params.ts';
import type { SearchRange, SearchScale } from './studyEvents.ts';

/** A stretch of numbers and how they are spread over it. */
export interface NumberScale {
  readonly min: number;
  readonly max: number;
  readonly scale: SearchScale;
}

/** The numbers of a range, or null where it has words. */
export function numberScale(range: SearchRange): NumberScale | null {
  switch (range.type) {
    case 'int':
    case 'double':
      return { min: range.min, max: range.max, scale: range.scale };
    case 'discrete':
      return { min: range.values[0] ?? 0, max: range.values.at(-1) ?? 0, scale: range.scale };
    case 'categorical':
      return null;
  }
}

/** From 0 at `min` to 1 at `max`; beyond them for values that lie outside. */
export function positionOf(value: number, { min, max, scale }: NumberScale): number {
  if (max === min) {
    return 0.5;
  }
  switch (scale) {
    case 'linear':
      return (value - min) / (max - min);
    case 'log':
      return Math.log(value / min) / Math.log(max / min);
    case 'reverseLog':
      // The same curve, seen from the other end.
      return 1 - Math.log((min + max - value) / min) / Math.log(max / min);
  }
}

/** The value at a position: the inverse of `positionOf`. */
export function valueAt(position: number, { min, max, scale }: NumberScale): number {
  switch (scale) {
    case 'linear':
      return min + position * (max - min);
    case 'log':
      return min * (max / min) ** position;
    case 'reverseLog':
      return min + max - min * (max / min) ** (1 - position);
  }
}

/** Position of any value of the range; words stand evenly apart. Null for a word that the range does not hold. */
export function rangePosition(value: ParamValue, range: SearchRange): number | null {
  if (range.type === 'categorical') {
    const index = range.values.indexOf(value);
    return index < 0 ? null : (index + 0.5) / range.values.length;
  }
  const scale = numberScale(range);
  const position = scale === null || typeof value !== 'number' ? Number.NaN : positionOf(value, scale);
  return Number.isFinite(position) ? position : null;
}
