/** What a recipe says about training, as calls of Keras's. */

import { isClassification } from '../recipe/checkTraining.ts';
import type { OptimizerSettings } from '../recipe/optimizers.ts';
import type { MetricName, Recipe } from '../recipe/schema.ts';
import { metricDirection } from '../run/metricDirection.ts';
import { type Call, call, type Expression, integer, text, toExpression, truth } from './expression.ts';
import { toSettings } from './kerasLayers.ts';
import { snake } from './kerasWords.ts';

export function kerasOptimizer({ type, learningRate, weightDecay, ...settings }: OptimizerSettings): Call {
  return call('optimizer', type, {
    learningRate: rateOf(learningRate),
    ...toSettings(settings),
    // Keras refuses a decay of zero for some rules, and adamw decays by default.
    ...(weightDecay === 0 && type !== 'adamw' ? {} : { weightDecay: toExpression('weightDecay', weightDecay) }),
  });
}

function rateOf(rate: OptimizerSettings['learningRate']): Expression {
  if (typeof rate === 'number') {
    return toExpression('learningRate', rate);
  }
  const { type, ...settings } = rate;
  return call('schedule', type, toSettings(settings));
}

/** Class numbers stay numbers in the programs, so that both losses over classes are the sparse one. */
export function kerasLoss(recipe: Recipe): string {
  const { loss } = recipe.train;
  return loss === 'categoricalCrossentropy' ? 'sparse_categorical_crossentropy' : snake(loss);
}

const METRICS: Readonly<Record<MetricName, (recipe: Recipe) => Expression>> = {
  rmse: () => call('metric', 'rootMeanSquaredError', { name: text('rmse') }),
  mse: () => call('metric', 'meanSquaredError', { name: text('mse') }),
  mae: () => call('metric', 'meanAbsoluteError', { name: text('mae') }),
  accuracy: () => text('accuracy'),
};

export function kerasMetrics(recipe: Recipe): Expression[] {
  const { metrics } = recipe.train;
  const wanted = metrics.length > 0 ? metrics : isClassification(recipe) ? (['accuracy'] as const) : [];
  return wanted.map((name) => METRICS[name](recipe));
}

export function kerasCallbacks(recipe: Recipe): Expression[] {
  const { earlyStopping } = recipe.train;
  if (earlyStopping === undefined) {
    return [];
  }
  const { monitor, patience, minDelta, restoreBestWeights } = earlyStopping;
  return [
    call('callback', 'earlyStopping', {
      monitor: text(monitor),
      minDelta: toExpression('minDelta', minDelta),
      patience: integer(patience),
      mode: text(metricDirection(monitor) === 'higher' ? 'max' : 'min'),
      restoreBestWeights: truth(restoreBestWeights),
    }),
  ];
}

/** What Keras cannot be told, as sentences for the head of the program. */
export function kerasDifferences(recipe: Recipe): string[] {
  const { train } = recipe;
  const hasLast = train.lastBatch !== 'keep';
  return [
    ...(hasLast ? [`Keras keeps a last batch that is too small; the recipe says lastBatch: ${train.lastBatch}.`] : []),
    ...(train.replicas === undefined
      ? []
      : ['The recipe shares batches among devices (replicas); this program does not.']),
    ...(recipe.model.some((layer) => layer.type === 'lstm' && layer.biases === 2)
      ? [
          'The recipe has two biases where Keras has one (biases: 2): their sum starts otherwise, and takes each step twice.',
        ]
      : []),
    'Random numbers differ between engines, so results agree within their spread over seeds, not digit by digit.',
  ];
}
