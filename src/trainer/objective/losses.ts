/** Losses as means over the batch, with Keras's names and meaning. */
import {
  abs,
  add,
  exp,
  log1p,
  logSoftmax,
  mean,
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

export interface LossInput {
  /** [batch, outputs]: values, or class indicators (one-hot; for two classes [batch, 1] of 0 and 1). */
  readonly targets: Tensor;
  /** [batch, outputs], after the last activation. */
  readonly predictions: Tensor;
  /** [batch, outputs], before the final softmax or sigmoid; class losses need it. */
  readonly logits: Tensor;
}

type Loss = (input: LossInput) => Scalar;

/** −Σ y·log softmax(z), stable because the softmax is never formed. */
const crossentropy: Loss = ({ targets, logits }) => mean(neg(sum(mul(targets, logSoftmax(logits)), -1)));

export const LOSSES: Readonly<Record<LossName, Loss>> = {
  meanSquaredError: ({ targets, predictions }) => mean(square(sub(predictions, targets))),
  meanAbsoluteError: ({ targets, predictions }) => mean(abs(sub(predictions, targets))),
  /** ½e² up to |e| = 1, |e| − ½ beyond. */
  huber: ({ targets, predictions }) => {
    const error = abs(sub(predictions, targets));
    const inner = minimum(error, 1);
    return mean(add(mul(0.5, square(inner)), sub(error, inner)));
  },
  /** max(z, 0) − z·y + log(1 + e^−|z|). */
  binaryCrossentropy: ({ targets, logits }) =>
    mean(add(sub(relu(logits), mul(logits, targets)), log1p(exp(neg(abs(logits)))))),
  categoricalCrossentropy: crossentropy,
  /** Class numbers become one-hot when the batch is made. */
  sparseCategoricalCrossentropy: crossentropy,
};
