/** Advice on the learning rate, early stopping and the test, as far as the recipe alone tells. */
import type { Problem } from '../../errors.ts';
import { hasValidation } from '../checkTraining.ts';
import type { OptimizerSettings } from '../optimizers.ts';
import type { Recipe } from '../schema.ts';
import { cutOf } from '../sequences.ts';
import { adviseTestCount } from './testAdvice.ts';
import { warning } from './warning.ts';

export function adviseTraining(recipe: Recipe): Problem[] {
  return [...highRate(recipe.train.optimizer), ...stoppingOnTraining(recipe), ...adviseTestCount(recipe)];
}

/** Highest rate that people use with success, and the same with momentum taken in: rate / (1 − momentum). */
const HIGHEST: Readonly<Record<OptimizerSettings['type'], readonly [number, number]>> = {
  sgd: [1, 5],
  rmsprop: [0.05, 0.2],
  adagrad: [1, 1],
  adadelta: [10, 10],
  adam: [0.05, 0.05],
  adamw: [0.05, 0.05],
};

function highRate(optimizer: OptimizerSettings): Problem[] {
  const rate = highestRate(optimizer.learningRate);
  const momentum = 'momentum' in optimizer ? optimizer.momentum : 0;
  const [highest, highestInAll] = HIGHEST[optimizer.type];
  const inAll = rate / (1 - momentum);
  if (rate <= highest && inAll <= highestInAll) {
    return [];
  }
  const withMomentum = momentum > 0 ? ` with momentum ${momentum}` : '';
  return [
    warning('learning-rate-high', `train.optimizer.${optimizer.type}.learningRate`, {
      message: `${rate}${withMomentum} is unusually high for ${optimizer.type}; the loss may jump about or become NaN.`,
      remedy: `Begin with ${optimizer.type === 'sgd' ? 0.01 : 0.001}, and raise it while the loss falls smoothly.`,
    }),
  ];
}

function highestRate(rate: OptimizerSettings['learningRate']): number {
  if (typeof rate === 'number') {
    return rate;
  }
  switch (rate.type) {
    case 'piecewiseConstantDecay':
      return Math.max(...rate.values);
    case 'cosineDecay':
      return Math.max(rate.initialLearningRate, rate.warmupTarget ?? 0);
    default:
      return rate.initialLearningRate;
  }
}

function stoppingOnTraining(recipe: Recipe): Problem[] {
  const { earlyStopping } = recipe.train;
  const add =
    cutOf(recipe.data) === null ? 'Add validationSplit: 0.2 under train' : 'Add validation under data.sequences';
  return earlyStopping === undefined || earlyStopping.monitor.startsWith('val_')
    ? []
    : [
        warning('stopping-on-training', 'train.earlyStopping.monitor', {
          message: `${earlyStopping.monitor} is of the training rows, on which a network gains long after it has begun to learn them by heart.`,
          remedy: `${hasValidation(recipe) ? 'Monitor' : `${add}, and monitor`} val_${earlyStopping.monitor}.`,
        }),
      ];
}
