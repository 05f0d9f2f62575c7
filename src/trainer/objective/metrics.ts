/** Metrics over a batch, in the data's own unit. */
import {
  abs,
  argMax,
  cast,
  equal,
  greater,
  mul,
  type Scalar,
  sqrt,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { MetricName } from '../../common/recipe/schema.ts';
import { average } from './average.ts';

export interface MetricInput {
  readonly targets: Tensor;
  readonly predictions: Tensor;
  /** [outputs], size of one scaled unit in the data's; null where the target is not scaled. */
  readonly unit: Tensor | null;
  /** [batch, steps] of sequences: 1 where a step counts; absent where all do. */
  readonly counts?: Tensor | undefined;
}

const error = ({ targets, predictions, unit }: MetricInput): Tensor => {
  const scaled = sub(predictions, targets);
  return unit === null ? scaled : mul(scaled, unit);
};

export const METRICS: Readonly<Record<MetricName, (input: MetricInput) => Scalar>> = {
  rmse: (input) => sqrt(average(square(error(input)), input.counts)),
  mse: (input) => average(square(error(input)), input.counts),
  mae: (input) => average(abs(error(input)), input.counts),
  /** Share of rows whose most likely class is the right one; over one output, 0.5 divides the two classes. */
  accuracy: ({ targets, predictions, counts }) =>
    predictions.shape.at(-1) === 1
      ? average(cast(equal(greater(predictions, 0.5), greater(targets, 0.5)), 'float32'), counts)
      : average(cast(equal(argMax(predictions, -1), argMax(targets, -1)), 'float32'), counts),
};
