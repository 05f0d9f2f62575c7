/** The mean over a batch, in which filled-up steps of sequences do not count. */
import { div, expandDims, mean, mul, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';

/**
 * @param values [batch, …], or [batch, steps, …] with counts.
 * @param counts [batch, steps]: 1 where a step counts, else 0; absent where all do.
 */
export function average(values: Tensor, counts: Tensor | undefined): Scalar {
  if (counts === undefined) {
    return mean<Scalar>(values);
  }
  const width = values.shape.slice(2).reduce((product, size) => product * size, 1);
  const wide = values.shape.length > counts.shape.length ? expandDims(counts, -1) : counts;
  return div(sum(mul(values, wide)), mul(sum(counts), width));
}
