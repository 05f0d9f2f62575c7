/** The smoothed form of a series, carried on as it grows. */
import { StepSeries } from '../../common/run/stepSeries.ts';

export interface Smoother {
  /** @param weight From 0 up to 1, without 1: the larger, the smoother. */
  follow(source: StepSeries, weight: number): StepSeries;
}

const PIECE = 4096;

/**
 * Exponential moving average with its start-up bias divided out: s ← w·s + (1 − w)·v, shown as s / (1 − wⁿ).
 * The correction is Adam's (Kingma and Ba 2015, section 3).
 */
function movingAverage(weight: number): (value: number) => number {
  let sum = 0;
  let decay = 1;
  return (value) => {
    sum = weight * sum + (1 - weight) * value;
    decay *= weight;
    return sum / (1 - decay);
  };
}

/** The same of a whole list; gaps stay gaps. */
export function smoothValues(values: readonly (number | null)[], weight: number): readonly (number | null)[] {
  const average = movingAverage(weight);
  return weight === 0 ? values : values.map((value) => (value === null ? null : average(value)));
}

/** Gaps stay gaps. Only what is new is looked at, unless the weight or the series is another one or steps were taken back. */
export function createSmoother(): Smoother {
  let smoothed = new StepSeries();
  let followed: { source: StepSeries; weight: number; cuts: number } | null = null;
  let average = movingAverage(0);
  const piece = new Float32Array(PIECE);
  const add = (values: Float32Array) => {
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? Number.NaN;
      if (!Number.isNaN(value)) {
        values[index] = average(value);
      }
    }
    smoothed.append(values);
  };
  return {
    follow(source, weight) {
      if (followed?.source !== source || followed.weight !== weight || followed.cuts !== source.cuts) {
        followed = { source, weight, cuts: source.cuts };
        smoothed = new StepSeries();
        average = movingAverage(weight);
      }
      for (let next = source.nextFrom(smoothed.length); next !== null; next = source.nextFrom(smoothed.length)) {
        smoothed.skipTo(next);
        const values = piece.subarray(0, Math.min(PIECE, source.length - next));
        source.read(next, values);
        add(values);
      }
      return smoothed;
    },
  };
}
