/** Applies an update rule to the weights of a model, keeping its slots from step to step. */
import { concat, keep, mul, reshape, split, type Tensor, tensor1d, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';
import { clipGradients } from './clipGradients.ts';
import { toUpdateRule } from './updateRules.ts';

export interface Optimizer {
  /** One update, in place; the gradients stay the caller's. They are in the order of the variables. */
  apply(gradients: readonly Tensor[]): void;
  /** Slots by name, one flat tensor each over all weights; they stay the optimizer's. */
  slots(): Readonly<Record<string, Tensor>>;
  /** Updates done. */
  steps(): number;
  restore(slots: Readonly<Record<string, Float32Array>>, steps: number): void;
  dispose(): void;
}

/**
 * All weights are updated as one long vector: the rules work element by element, and a dozen operations
 * on one vector cost a small network far less than a dozen on each of its weights.
 */
export function createOptimizer(variables: readonly Variable[], settings: OptimizerSettings): Optimizer {
  const rule = toUpdateRule(settings);
  const sizes = variables.map(({ size }) => size);
  const flatten = (tensors: readonly Tensor[]): Tensor => {
    const flat = tensors.map((tensor) => reshape(tensor, [-1]));
    return flat.length === 1 ? (flat[0] as Tensor) : concat(flat);
  };
  let slots = tidy(() => rule.begin(flatten(variables)).map((slot) => keep(slot)));
  let steps = 0;
  const replaceSlots = (next: readonly Tensor[]) => {
    for (const slot of slots) {
      slot.dispose();
    }
    slots = [...next];
  };
  return {
    apply(gradients) {
      steps += 1;
      tidy(() => {
        const before = flatten(variables);
        // Decoupled weight decay (Loshchilov and Hutter 2019), taken off before the step as Keras does.
        const shrink = 1 - settings.learningRate * settings.weightDecay;
        const decayed = shrink === 1 ? before : mul(before, shrink);
        const { weight, slots: next } = rule.update(decayed, flatten(clipGradients(gradients, settings)), slots, steps);
        replaceSlots(next.map((slot) => keep(slot)));
        const parts = sizes.length === 1 ? [weight] : split(weight, sizes);
        variables.forEach((variable, i) => {
          variable.assign(reshape(parts[i] as Tensor, variable.shape));
        });
      });
    },
    slots: () => Object.fromEntries(rule.slotNames.map((name, i) => [name, slots[i] as Tensor])),
    steps: () => steps,
    restore(saved, done) {
      replaceSlots(rule.slotNames.map((name) => keep(tensor1d(saved[name] ?? new Float32Array()))));
      steps = done;
    },
    dispose: () => replaceSlots([]),
  };
}
