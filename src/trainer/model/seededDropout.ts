/** Dropout whose masks come from the run's own random stream: reproducible, resumable and different at each step. */
import { mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { Mt19937 } from '../random/mt19937.ts';

type TfLayer = ReturnType<typeof layers.dropout>;

export interface SeededDropout {
  readonly layer: TfLayer;
  readonly random: Mt19937;
}

/** A plain Dropout layer for whoever loads the saved model; here its `call` draws the mask. */
export function seededDropout(settings: { name: string; rate: number }, seed: number): SeededDropout {
  const layer = layers.dropout(settings);
  const random = new Mt19937(seed);
  layer.call = (inputs, kwargs) => {
    const input = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor;
    if (kwargs.training !== true || settings.rate === 0) {
      return input;
    }
    return mul(input, dropoutMask(random, input.shape, settings.rate));
  };
  return { layer, random };
}

/** Zeros with probability `rate`, elsewhere 1 / (1 − rate), so that the expected sum stays. */
function dropoutMask(random: Mt19937, shape: readonly number[], rate: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const limit = rate * 4294967296;
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < size; i += 1) {
    mask[i] = random.nextUint32() < limit ? 0 : kept;
  }
  return tensor(mask, [...shape]);
}
