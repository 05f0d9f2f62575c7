/** The figures of one layer as small tensors, so that all layers' are read at once. */
import {
  abs,
  cast,
  div,
  equal,
  max,
  maximum,
  mean,
  min,
  reshape,
  square,
  stack,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { LayerStatistics } from '../../common/run/events.ts';

/** Sizes below this count as it, so that nothing is divided by 0. */
const LEAST_SIZE = 1e-30;

/** How many numbers `normParts` gives. */
export const NORM_PARTS = 2;

/**
 * Largest size m of the values, and Σ (value / m)². So the norm m · √Σ is found where the squares alone would
 * be too large or too small for 32 bits.
 */
export function normParts(values: Tensor): Tensor {
  const size = maximum(max(abs(values)), LEAST_SIZE);
  return stack([size, sum(square(div(values, size)))]);
}

/** @param parts What `normParts` gave for each weight. @returns L2 norm over all of them; null where it is not finite or there is none. */
export function toNorm(parts: readonly (readonly [size: number, squares: number])[]): number | null {
  return parts.length === 0 ? null : toFigure(Math.hypot(...parts.map(([size, squares]) => size * Math.sqrt(squares))));
}

/** How many numbers `activationParts` gives. */
export const ACTIVATION_PARTS = 6;

/**
 * Smallest, largest, mean, largest size m, mean of ((value − mean) / m)², and the share of units that are 0 everywhere.
 *
 * @param output [batch, …, units]; a channel of a convolution is a unit.
 */
export function activationParts(output: Tensor): Tensor {
  const values = cast(output, 'float32');
  const [low, high] = [min(values), max(values)];
  const size = maximum(maximum(abs(low), abs(high)), LEAST_SIZE);
  const centre = mean(values);
  const spread = mean(square(div(sub(values, centre), size)));
  const units = reshape(values, [-1, output.shape.at(-1) ?? 1]);
  const dead = mean(cast(equal(max(abs(units), 0), 0), 'float32'));
  return stack([low, high, centre, size, spread, dead]);
}

type ActivationFigures = Pick<LayerStatistics, 'activation' | 'deadShare'>;

/** @param canDie Whether the layer's activation has a side on which it gives 0 and passes no gradient on. */
export function toActivation(parts: readonly number[], canDie: boolean): ActivationFigures {
  const [low = 0, high = 0, centre = 0, size = 0, spread = 0, dead = 0] = parts;
  return {
    activation: {
      min: toFigure(low),
      max: toFigure(high),
      mean: toFigure(centre),
      standardDeviation: toFigure(size * Math.sqrt(spread)),
    },
    deadShare: canDie ? toFigure(dead) : null,
  };
}

/** Five digits tell all that is drawn or judged, and keep a long run's file short. */
export function toFigure(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}
