/** Applies an update rule to the weights of a model, keeping its slots from step to step. */
import { keep, mul, type Scalar, scalar, type Tensor, tensor1d, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';
import { clipGradients } from './clipGradients.ts';
import { learningRateAt } from './learningRate.ts';
import { toUpdateRule } from './updateRules.ts';
import { groupWeights, joinFlat, joinGroup, splitJoined, type WeightGroup } from './weightGroups.ts';

/**
 * Whatever is computed anew for each update comes in as tensors, so that an update can be recorded once,
 * operation by operation, and replayed with other values.
 */
export interface Optimizer {
  /**
   * What changes from update to update: the rate of the rule (that of Adam with its bias correction), then with a
   * weight decay also 1 − rate × weightDecay. The same length each time.
   *
   * @param update Number of the update, counted from 1.
   */
  scalars(update: number): readonly number[];
  /**
   * One update, in place; gradients and scalars stay the caller's.
   *
   * @param gradients In the order of the variables.
   * @param scalars `scalars` of this update as tensors without a dimension; made here when absent.
   */
  apply(gradients: readonly Tensor[], scalars?: readonly Tensor[]): void;
  /** In the order of `slots`. */
  readonly slotNames: readonly string[];
  /** Slots by name, one flat tensor each over all weights in the order of the variables; made anew, the caller's to dispose. */
  slots(): Readonly<Record<string, Tensor>>;
  /** Updates done. */
  steps(): number;
  /** Takes back what `slots` gave. */
  restore(slots: Readonly<Record<string, Float32Array>>, steps: number): void;
  /** The slots as they are kept, in a fixed order; they stay the optimizer's, and the next update disposes them. */
  state(): readonly Tensor[];
  /**
   * Takes the outcome of updates that were done elsewhere, as by a replayed recording; the old slots are disposed.
   *
   * @param state In the order of `state`; from here on the optimizer's. Weights are the caller's to set.
   * @param steps Updates done in all.
   */
  adopt(state: readonly Tensor[], steps: number): void;
  dispose(): void;
}

export function createOptimizer(variables: readonly Variable[], settings: OptimizerSettings): Optimizer {
  const rule = toUpdateRule(settings);
  const { weightDecay } = settings;
  const { length: slotCount } = rule.slotNames;
  const shapes = variables.map(({ shape }) => shape);
  const groups = groupWeights(variables.map(({ size }) => size));
  const shapesOf = (group: WeightGroup) => group.map((index) => shapes[index] as number[]);
  // Group by group, in each in the order of the names.
  let state = tidy(() => groups.flatMap((group) => rule.begin(joinGroup(variables, group))).map((slot) => keep(slot)));
  let steps = 0;
  const replaceState = (next: readonly Tensor[]) => {
    for (const slot of state) {
      slot.dispose();
    }
    state = next.map((slot) => keep(slot));
  };
  const scalarsOf = (update: number): readonly number[] => {
    const rate = learningRateAt(settings.learningRate, update - 1);
    // Decoupled weight decay (Loshchilov and Hutter 2019), taken off before the step as Keras does.
    const shrink = weightDecay === 0 ? [] : [1 - rate * weightDecay];
    return [...rule.scalars(rate, update), ...shrink];
  };
  const updateGroup = (group: WeightGroup, gradient: Tensor, slots: readonly Tensor[], scalars: readonly Tensor[]) => {
    const before = joinGroup(variables, group);
    const decayed = weightDecay === 0 ? before : mul(before, scalars.at(-1) as Tensor);
    const updated = rule.update(decayed, gradient, slots, scalars);
    splitJoined(updated.weight, shapesOf(group)).forEach((part, i) => {
      variables[group[i] as number]?.assign(part);
    });
    return updated.slots;
  };
  return {
    scalars: scalarsOf,
    apply(gradients, given) {
      steps += 1;
      tidy(() => {
        const scalars = given ?? scalarsOf(steps).map((value): Scalar => scalar(value));
        const clipped = clipGradients(gradients, settings);
        const next = groups.flatMap((group, i) =>
          updateGroup(group, joinGroup(clipped, group), state.slice(i * slotCount, (i + 1) * slotCount), scalars),
        );
        replaceState(next);
      });
    },
    slotNames: rule.slotNames,
    slots: () =>
      tidy(() =>
        Object.fromEntries(
          rule.slotNames.map((name, slot) => {
            const parts: Tensor[] = [];
            groups.forEach((group, i) => {
              const joined = state[i * slotCount + slot] as Tensor;
              splitJoined(joined, shapesOf(group)).forEach((part, k) => {
                parts[group[k] as number] = part;
              });
            });
            return [name, joinFlat(parts)];
          }),
        ),
      ),
    steps: () => steps,
    restore(saved, done) {
      tidy(() => {
        const parts = rule.slotNames.map((name) => splitJoined(tensor1d(saved[name] ?? new Float32Array()), shapes));
        replaceState(groups.flatMap((group) => parts.map((ofSlot) => joinGroup(ofSlot, group))));
      });
      steps = done;
    },
    state: () => state,
    adopt(next, done) {
      replaceState(next);
      steps = done;
    },
    dispose: () => replaceState([]),
  };
}
