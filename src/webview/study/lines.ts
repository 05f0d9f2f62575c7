/** The geometry of the parallel axes: where they stand, a trial's line across them, and the line under a pointer. */
import type { TrialState } from '../../common/study/reduceStudy.ts';
import type { Axis } from './axes.ts';

/** All in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** How many. */
  readonly axes: number;
}

export function axisX(index: number, { left, right, width, axes }: Frame): number {
  return axes < 2 ? (left + width - right) / 2 : left + (index * (width - left - right)) / (axes - 1);
}

export function placeY(place: number, { top, bottom, height }: Frame): number {
  return height - bottom - place * (height - top - bottom);
}

export function placesOf(trial: TrialState, axes: readonly Axis[]): (number | null)[] {
  return axes.map((axis) => axis.place(trial));
}

/** The line breaks where a trial has no place; a trial without a value ends at its last parameter. */
export function linePath(places: readonly (number | null)[], frame: Frame): string {
  let isDown = false;
  return places
    .map((place, index) => {
      if (place === null) {
        isDown = false;
        return '';
      }
      const command = isDown ? 'L' : 'M';
      isDown = true;
      return `${command}${axisX(index, frame).toFixed(1)} ${placeY(place, frame).toFixed(1)}`;
    })
    .join('');
}

/** How near a line must be to count, in pixels. */
const REACH = 9;

/** Number of the trial whose line passes nearest above or below a point; null where none is near. */
export function nearestTrial(
  trials: readonly TrialState[],
  axes: readonly Axis[],
  frame: Frame,
  point: { readonly x: number; readonly y: number },
): number | null {
  const left = axes.findLastIndex((_, index) => axisX(index, frame) <= point.x);
  const [from, to] = [axes[left], axes[left + 1]];
  if (from === undefined || to === undefined) {
    return null;
  }
  const [x0, x1] = [axisX(left, frame), axisX(left + 1, frame)];
  const share = (point.x - x0) / (x1 - x0);
  let nearest: number | null = null;
  let least = REACH;
  for (const trial of trials) {
    const [a, b] = [from.place(trial), to.place(trial)];
    if (a !== null && b !== null) {
      const distance = Math.abs(placeY(a + share * (b - a), frame) - point.y);
      if (distance <= least) {
        least = distance;
        nearest = trial.number;
      }
    }
  }
  return nearest;
}
