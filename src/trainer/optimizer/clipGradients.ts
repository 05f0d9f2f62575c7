/** Cuts gradients that are too large, with Keras's three rules. */
import { addN, clipByValue, div, maximum, mul, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';

/**
 * Runs inside the caller's `tidy`. Formulas: Pascanu, Mikolov and Bengio (2013), section 3.2.
 *
 * @param twins Places of the gradients that two weights have in common: they count twice in the norm of all.
 */
export function clipGradients(
  gradients: readonly Tensor[],
  settings: OptimizerSettings,
  twins: readonly number[] = [],
): readonly Tensor[] {
  const { clipValue, clipNorm, globalClipNorm } = settings;
  if (clipValue !== undefined) {
    return gradients.map((gradient) => clipByValue(gradient, -clipValue, clipValue));
  }
  if (clipNorm !== undefined) {
    return gradients.map((gradient) => scaleToNorm(gradient, sum(square(gradient)), clipNorm));
  }
  if (globalClipNorm !== undefined) {
    const all = [...gradients, ...twins.map((place) => gradients[place] as Tensor)];
    const squares = addN(all.map((gradient) => sum(square(gradient))));
    return gradients.map((gradient) => scaleToNorm(gradient, squares, globalClipNorm));
  }
  return gradients;
}

/** g · limit / max(‖g‖, limit). */
function scaleToNorm(gradient: Tensor, squares: Tensor, limit: number): Tensor {
  return mul(gradient, div(limit, maximum(sqrt(squares), limit)));
}
