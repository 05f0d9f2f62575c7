/** Catches what goes into a final softmax or sigmoid, so that the loss can be computed from it without rounding to 0 or 1. */
import { clone, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

interface ActivationFunction {
  apply(x: Tensor): Tensor;
}

export interface LogitTap {
  /** The latest input of the final activation, once; the caller disposes it. */
  take(): Tensor;
  /** Forgets what was not taken. */
  dispose(): void;
}

/** The model itself stays as it was: the activation still applies, and is saved under its own name. */
export function tapLogits(model: LayersModel): LogitTap {
  let latest: Tensor | null = null;
  const layer = model.layers.at(-1) as unknown as { activation: ActivationFunction };
  const original = layer.activation;
  const dispose = () => {
    latest?.dispose();
    latest = null;
  };
  layer.activation = Object.create(original, {
    apply: {
      value: (x: Tensor) => {
        dispose();
        // Each layer tidies up behind itself; what is kept is still on the gradient's tape.
        latest = keep(clone(x));
        return original.apply(x);
      },
    },
  }) as ActivationFunction;
  return {
    take() {
      if (latest === null) {
        throw new Error('The model has not been applied since the logits were last taken');
      }
      const taken = latest;
      latest = null;
      return taken;
    },
    dispose,
  };
}
