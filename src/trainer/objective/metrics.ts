/** Metrics over a batch, in the data's own unit. */
import {
  abs,
  argMax,
  cast,
  equal,
  greater,
  mean,
  mul,
  type Scalar,
  sqrt,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { MetricName } from '../../common/recipe/schema.ts';

export interface MetricInput {
  readonly targets: Tensor;
  readonly predictions: Tensor;
  /** [outputs], size of one scaled unit in the data's; null where the target is not scaled. */
  readonly unit: Tensor | null;
}

const error = ({ targets, predictions, unit }: MetricInput): Tensor => {
  const scaled = sub(predictions, targets);
  return unit === null ? scaled : mul(scaled, unit);
};

export const METRICS: Readonly<Record<MetricName, (input: MetricInput) => Scalar>> = {
  rmse: (input) => sqrt(mean(square(error(input)))),
  mse: (input) => mean(square(error(input))),
  mae: (input) => mean(abs(error(input))),
  /** Share of rows whose most likely class is the right one; over one output, 0.5 divides the two classes. */
  accuracy: ({ targets, predictions }) =>
    predictions.shape.at(-1) === 1
      ? mean(cast(equal(greater(predictions, 0.5), greater(targets, 0.5)), 'float32'))
      : mean(cast(equal(argMax(predictions, -1), argMax(targets, -1)), 'float32')),
};

/** Whether more of a metric (`val_` or not) is better. */
export function isHigherBetter(metric: string): boolean {
  return metric.endsWith('accuracy');
}
