/** Weight initializers, seeded so that a recipe and a seed always give the same weights. */

import { add, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../../common/recipe/layers.ts';
import { orthogonalMatrix } from './orthogonalMatrix.ts';

type TfInitializer = ReturnType<typeof initializers.zeros>;

export function buildInitializer(initializer: Initializer, seed: number): TfInitializer {
  switch (initializer.type) {
    case 'zeros':
      return initializers.zeros();
    case 'ones':
      return initializers.ones();
    case 'constant':
      return initializers.constant({ value: initializer.value });
    case 'randomUniform':
      return initializers.randomUniform({ minval: initializer.minval, maxval: initializer.maxval, seed });
    case 'randomNormal':
      return initializers.randomNormal({ mean: initializer.mean, stddev: initializer.stddev, seed });
    case 'truncatedNormal':
      return initializers.truncatedNormal({ mean: initializer.mean, stddev: initializer.stddev, seed });
    case 'orthogonal':
      return buildOrthogonal(initializer.gain, seed);
    default:
      return initializers[initializer.type]({ seed });
  }
}

/** TensorFlow.js's own takes seconds for a few hundred units; the saved model still says `orthogonal`. */
function buildOrthogonal(gain: number, seed: number): TfInitializer {
  const built = initializers.orthogonal({ gain, seed });
  built.apply = (shape) => orthogonalTensor(shape, { gain, seed });
  return built;
}

/**
 * Puts ours in the place of TensorFlow.js's own, which recurrent layers take by themselves: that one calls methods of tensors
 * that only its large package has.
 */
export function mendOrthogonal(): void {
  const { prototype } = initializers.orthogonal({ gain: 1 }).constructor as { prototype: TfInitializer };
  prototype.apply = function apply(this: TfInitializer, shape): Tensor {
    const { gain, seed } = this.getConfig() as { readonly gain: number; readonly seed?: number | null };
    return orthogonalTensor(shape, { gain, seed: seed ?? Math.trunc(Math.random() * 2 ** 32) });
  };
}

function orthogonalTensor(
  shape: Parameters<TfInitializer['apply']>[0],
  { gain, seed }: { readonly gain: number; readonly seed: number },
): Tensor {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product: number, size) => product * (size ?? 1), 1);
  return tensor(orthogonalMatrix({ rows, columns, gain, seed }), shape as number[]);
}

/** The saved model still says the first one's name. */
export function sumOfTwo(first: TfInitializer, second: TfInitializer): TfInitializer {
  const apply = first.apply.bind(first);
  first.apply = (shape, dtype): Tensor => add(apply(shape, dtype), second.apply(shape, dtype));
  return first;
}
