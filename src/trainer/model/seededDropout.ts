/** Dropout whose masks come from the run's own random stream: reproducible, resumable and different at each step. */
import { mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { Mt19937 } from '../random/mt19937.ts';

type TfLayer = ReturnType<typeof layers.dropout>;

/** Where the masks of one dropout layer come from. */
export interface MaskSource {
  readonly random: Mt19937;
  /** The next mask, row-major: zeros with probability `rate`, elsewhere 1 / (1 − rate), so that the expected sum stays. */
  draw(size: number): Float32Array;
  /** While set, the layer takes its masks from here and draws none itself: a step that is written down gets them from outside. */
  feed: ((shape: number[]) => Tensor) | null;
}

export interface SeededDropout {
  readonly layer: TfLayer;
  readonly masks: MaskSource;
}

/** A plain Dropout layer for whoever loads the saved model; here its `call` draws the mask. */
export function seededDropout(settings: { name: string; rate: number }, seed: number): SeededDropout {
  return seedDropout(layers.dropout(settings), seed);
}

/** Makes a Dropout layer draw its masks from a stream of its own. */
export function seedDropout(layer: TfLayer, seed: number): SeededDropout {
  const { rate } = layer as unknown as { rate: number };
  const masks = createMasks(new Mt19937(seed), rate);
  layer.call = (inputs, kwargs) => {
    const input = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor;
    if (kwargs.training !== true || rate === 0) {
      return input;
    }
    const mask = masks.feed === null ? tensor(masks.draw(input.size), input.shape) : masks.feed(input.shape);
    return mul(input, mask);
  };
  return { layer, masks };
}

function createMasks(random: Mt19937, rate: number): MaskSource {
  const limit = rate * 4294967296;
  const kept = 1 / (1 - rate);
  return {
    random,
    feed: null,
    draw: (size) => {
      const mask = new Float32Array(size);
      for (let i = 0; i < size; i += 1) {
        mask[i] = random.nextUint32() < limit ? 0 : kept;
      }
      return mask;
    },
  };
}
