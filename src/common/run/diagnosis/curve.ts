/** The course of one metric over the epochs of a run, as the rules look at it. */
import type { RunState } from '../reduceRun.ts';

export interface Curve {
  readonly name: string;
  /** Numbers of the epochs, ascending; a forked run's do not begin at 1. */
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** Trends compare every pair: more points would cost their square at each epoch and say nothing more. */
const MOST_POINTS = 240;

/** @returns Epochs with a finite value alone; of a long run the means of equal pieces, each under its last epoch. */
export function curveOf(run: Pick<RunState, 'epochs'>, name: string): Curve {
  const points = run.epochs.flatMap(({ epoch, metrics }) => {
    const value = metrics[name];
    return typeof value === 'number' && Number.isFinite(value) ? [{ epoch, value }] : [];
  });
  const size = Math.ceil(points.length / MOST_POINTS);
  const pieces =
    size <= 1
      ? points
      : Array.from({ length: Math.floor(points.length / size) }, (_, index) => {
          const piece = points.slice(index * size, (index + 1) * size);
          const sum = piece.reduce((total, { value }) => total + value, 0);
          return { epoch: piece.at(-1)?.epoch ?? 0, value: sum / piece.length };
        });
  return { name, epochs: pieces.map(({ epoch }) => epoch), values: pieces.map(({ value }) => value) };
}

/** The part from the point `index` on. */
export function from(curve: Curve, index: number): Curve {
  return { ...curve, epochs: curve.epochs.slice(index), values: curve.values.slice(index) };
}
