/** Applies an update rule to the weights of a model, keeping its slots from step to step. */
import { add, mul, scalar, sub, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';
import { clipGradients } from './clipGradients.ts';
import { learningRateAt } from './learningRate.ts';
import { createSlots } from './slots.ts';
import { toUpdateRule } from './updateRules.ts';
import { groupWeights, joinGroup, splitGroup, type WeightGroup } from './weightGroups.ts';

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

/**
 * @param twins Variables that are the sum of two weights with the same gradient. Every rule moves both alike, so their sum moves
 *   twice as far; kept apart they would only cost a layer of our own.
 */
export function createOptimizer(
  variables: readonly Variable[],
  settings: OptimizerSettings,
  twins: readonly Variable[] = [],
): Optimizer {
  const rule = toUpdateRule(settings);
  const { weightDecay } = settings;
  const groups = groupWeights(variables, twins);
  const slots = createSlots(rule, variables, groups);
  const twinPlaces = twins.map((twin) => variables.indexOf(twin));
  let steps = 0;
  const scalarsOf = (update: number): readonly number[] => {
    const rate = learningRateAt(settings.learningRate, update - 1);
    // Decoupled weight decay (Loshchilov and Hutter 2019), taken off before the step as Keras does.
    const shrink = weightDecay === 0 ? [] : [1 - rate * weightDecay];
    return [...rule.scalars(rate, update), ...shrink];
  };
  const updateGroup = (group: WeightGroup, gradients: readonly Tensor[], scalars: readonly Tensor[]) => {
    const before = joinGroup(variables, group);
    const decayed = weightDecay === 0 ? before : mul(before, scalars.at(-1) as Tensor);
    const updated = rule.update(decayed, joinGroup(gradients, group), slots.of(group), scalars);
    const weight = group.isTwin ? add(updated.weight, sub(updated.weight, decayed)) : updated.weight;
    splitGroup(weight, group).forEach((part, i) => {
      variables[group.members[i] as number]?.assign(part);
    });
    return updated.slots;
  };
  return {
    scalars: scalarsOf,
    apply(gradients, given) {
      steps += 1;
      tidy(() => {
        const scalars = given ?? scalarsOf(steps).map((value) => scalar(value));
        const clipped = clipGradients(gradients, settings, twinPlaces);
        slots.replace(groups.flatMap((group) => updateGroup(group, clipped, scalars)));
      });
    },
    slotNames: rule.slotNames,
    slots: slots.flat,
    steps: () => steps,
    restore(saved, done) {
      slots.restore(saved);
      steps = done;
    },
    state: slots.all,
    adopt(next, done) {
      slots.replace(next);
      steps = done;
    },
    dispose: () => slots.replace([]),
  };
}
