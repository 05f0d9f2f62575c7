/** The update rules as plain tensor formulas: from weight, gradient and slots to the new weight and the new slots. */
import { add, div, fill, mul, sqrt, square, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';

/** What an update gives: the new weight, and its slots in the order of the names. */
export interface Updated {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** One rule, ready to be applied element by element; runs inside the caller's `tidy`. */
export interface UpdateRule {
  readonly slotNames: readonly string[];
  /** First value of the slots of a weight. */
  begin(weight: Tensor): readonly Tensor[];
  /**
   * What changes from update to update.
   *
   * @param rate The learning rate of this update.
   * @param update Number of the update, counted from 1.
   */
  scalars(rate: number, update: number): readonly number[];
  /** @param scalars Those of this update, as tensors without a dimension. */
  update(weight: Tensor, gradient: Tensor, slots: readonly Tensor[], scalars: readonly Tensor[]): Updated;
}

type Settings<T extends OptimizerSettings['type']> = Extract<OptimizerSettings, { type: T }>;

/** ρ·average + (1 − ρ)·value. */
const decay = (average: Tensor, value: Tensor, rho: number): Tensor => add(mul(average, rho), mul(value, 1 - rho));

/** η; Adam's with its bias correction. */
const rateOf = (scalars: readonly Tensor[]): Tensor => scalars[0] as Tensor;

const onlyRate = (rate: number): readonly number[] => [rate];

const zeroSlots = (count: number) => (weight: Tensor) => Array.from({ length: count }, () => zerosLike(weight));

export function toUpdateRule(settings: OptimizerSettings): UpdateRule {
  switch (settings.type) {
    case 'sgd':
      return settings.momentum === 0 ? plainDescent() : momentumDescent(settings);
    case 'rmsprop':
      return rmsprop(settings);
    case 'adagrad':
      return adagrad(settings);
    case 'adadelta':
      return adadelta(settings);
    default:
      return adam(settings);
  }
}

/** w ← w − η·g. */
function plainDescent(): UpdateRule {
  return {
    slotNames: [],
    begin: () => [],
    scalars: onlyRate,
    update: (weight, gradient, _slots, scalars) => ({
      weight: sub(weight, mul(gradient, rateOf(scalars))),
      slots: [],
    }),
  };
}

/** v ← μ·v − η·g; w ← w + v (Polyak 1964), or w ← w + μ·v − η·g (Nesterov, in the form of Sutskever et al. 2013). */
function momentumDescent({ momentum, nesterov }: Settings<'sgd'>): UpdateRule {
  return {
    slotNames: ['velocity'],
    begin: zeroSlots(1),
    scalars: onlyRate,
    update: (weight, gradient, [velocity], scalars) => {
      const step = mul(gradient, rateOf(scalars));
      const moved = sub(mul(velocity as Tensor, momentum), step);
      const change = nesterov ? sub(mul(moved, momentum), step) : moved;
      return { weight: add(weight, change), slots: [moved] };
    },
  };
}

/**
 * n ← ρ·n + (1 − ρ)·g²; w ← w − η·g / √(n + ε) (Tieleman and Hinton 2012), ε inside the root as in Keras and MXNet.
 * Centered: n − m² in place of n, with m ← ρ·m + (1 − ρ)·g; momentum: d ← μ·d − η·g / √…; w ← w + d (Graves 2013, equations 38–45).
 */
function rmsprop({ rho, momentum, epsilon, centered }: Settings<'rmsprop'>): UpdateRule {
  const hasMomentum = momentum > 0;
  const slotNames = ['meanSquare', ...(centered ? ['mean'] : []), ...(hasMomentum ? ['momentum'] : [])];
  return {
    slotNames,
    begin: zeroSlots(slotNames.length),
    scalars: onlyRate,
    update: (weight, gradient, slots, scalars) => {
      const meanSquare = decay(slots[0] as Tensor, square(gradient), rho);
      const mean = centered ? [decay(slots[1] as Tensor, gradient, rho)] : [];
      const spread = mean[0] === undefined ? meanSquare : sub(meanSquare, square(mean[0]));
      const step = div(mul(gradient, rateOf(scalars)), sqrt(add(spread, epsilon)));
      if (!hasMomentum) {
        return { weight: sub(weight, step), slots: [meanSquare, ...mean] };
      }
      const moved = sub(mul(slots.at(-1) as Tensor, momentum), step);
      return { weight: add(weight, moved), slots: [meanSquare, ...mean, moved] };
    },
  };
}

/** n ← n + g²; w ← w − η·g / √(n + ε) (Duchi, Hazan and Singer 2011), ε inside the root as in Keras. */
function adagrad({ initialAccumulatorValue, epsilon }: Settings<'adagrad'>): UpdateRule {
  return {
    slotNames: ['sumSquare'],
    begin: (weight) => [fill(weight.shape, initialAccumulatorValue)],
    scalars: onlyRate,
    update: (weight, gradient, [before], scalars) => {
      const sumSquare = add(before as Tensor, square(gradient));
      const step = div(mul(gradient, rateOf(scalars)), sqrt(add(sumSquare, epsilon)));
      return { weight: sub(weight, step), slots: [sumSquare] };
    },
  };
}

/** n ← ρ·n + (1 − ρ)·g²; Δ ← g·√(d + ε) / √(n + ε); d ← ρ·d + (1 − ρ)·Δ²; w ← w − η·Δ (Zeiler 2012, algorithm 1). */
function adadelta({ rho, epsilon }: Settings<'adadelta'>): UpdateRule {
  return {
    slotNames: ['meanSquare', 'meanSquareStep'],
    begin: zeroSlots(2),
    scalars: onlyRate,
    update: (weight, gradient, [before, stepBefore], scalars) => {
      const meanSquare = decay(before as Tensor, square(gradient), rho);
      const step = div(mul(gradient, sqrt(add(stepBefore as Tensor, epsilon))), sqrt(add(meanSquare, epsilon)));
      const meanSquareStep = decay(stepBefore as Tensor, square(step), rho);
      return { weight: sub(weight, mul(step, rateOf(scalars))), slots: [meanSquare, meanSquareStep] };
    },
  };
}

/**
 * m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 * (Kingma and Ba 2015, end of section 2: ε is not scaled, as in Keras). AdamW differs in its default weight decay only.
 */
function adam({ beta1, beta2, epsilon }: Settings<'adam' | 'adamw'>): UpdateRule {
  return {
    slotNames: ['mean', 'meanSquare'],
    begin: zeroSlots(2),
    scalars: (rate, update) => [(rate * Math.sqrt(1 - beta2 ** update)) / (1 - beta1 ** update)],
    update: (weight, gradient, [meanBefore, squareBefore], scalars) => {
      const mean = decay(meanBefore as Tensor, gradient, beta1);
      const meanSquare = decay(squareBefore as Tensor, square(gradient), beta2);
      const change = div(mul(mean, rateOf(scalars)), add(sqrt(meanSquare), epsilon));
      return { weight: sub(weight, change), slots: [mean, meanSquare] };
    },
  };
}
