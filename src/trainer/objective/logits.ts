/** Catches what goes into a final softmax or sigmoid, so that the loss can be computed from it without rounding to 0 or 1. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

interface ActivationFunction {
  apply(x: Tensor): Tensor;
}

export interface LogitTap {
  /** The latest input of the final activation. */
  last(): Tensor | null;
}

/** The model itself stays as it was: the activation still applies, and is saved under its own name. */
export function tapLogits(model: LayersModel): LogitTap {
  let latest: Tensor | null = null;
  const layer = model.layers.at(-1) as unknown as { activation?: ActivationFunction } | undefined;
  const original = layer?.activation;
  if (layer !== undefined && original !== undefined) {
    layer.activation = Object.create(original, {
      apply: {
        value: (x: Tensor) => {
          latest = x;
          return original.apply(x);
        },
      },
    }) as ActivationFunction;
  }
  return { last: () => latest };
}
