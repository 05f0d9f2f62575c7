/** Losses as means over the batch, with Keras's names and meaning. */
import {
  abs,
  add,
  exp,
  log1p,
  logSoftmax,
  minimum,
  mul,
  neg,
  relu,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { LossName } from '../../common/recipe/schema.ts';
import { average } from './average.ts';

export interface LossInput {
  /** [batch, outputs]: values, or class indicators (one-hot; for two classes [batch, 1] of 0 and 1). */
  readonly targets: Tensor;
  /** [batch, outputs], after the last activation. */
  readonly predictions: Tensor;
  /** [batch, outputs], before the final softmax or sigmoid; class losses need it. */
  readonly logits: Tensor;
  /** [batch, steps] of sequences: 1 where a step counts; absent where all do. */
  readonly counts?: Tensor | undefined;
}

type Loss = (input: LossInput) => Scalar;

/** −Σ y·log softmax(z), stable because the softmax is never formed. */
const crossentropy: Loss = ({ targets, logits, counts }) =>
  average(neg(sum(mul(targets, logSoftmax(logits)), -1)), counts);

export const LOSSES: Readonly<Record<LossName, Loss>> = {
  meanSquaredError: ({ targets, predictions, counts }) => average(square(sub(predictions, targets)), counts),
  meanAbsoluteError: ({ targets, predictions, counts }) => average(abs(sub(predictions, targets)), counts),
  /** ½e² up to |e| = 1, |e| − ½ beyond. */
  huber: ({ targets, predictions, counts }) => {
    const error = abs(sub(predictions, targets));
    const inner = minimum(error, 1);
    return average(add(mul(0.5, square(inner)), sub(error, inner)), counts);
  },
  /** max(z, 0) − z·y + log(1 + e^−|z|). */
  binaryCrossentropy: ({ targets, logits, counts }) =>
    average(add(sub(relu(logits), mul(logits, targets)), log1p(exp(neg(abs(logits))))), counts),
  categoricalCrossentropy: crossentropy,
  /** Class numbers become one-hot when the batch is made. */
  sparseCategoricalCrossentropy: crossentropy,
};
