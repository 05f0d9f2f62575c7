/** Advice on networks, batches and windows that are too large for the rows that there are. */
import type { Problem } from '../../errors.ts';
import { formatCount } from '../../format.ts';
import { inferGraph, inputShapeOf } from '../inferGraph.ts';
import type { Recipe } from '../schema.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

export function adviseSize(facts: Facts): Problem[] {
  const short = shortSeries(facts);
  return short.length > 0 ? short : [...largeBatch(facts), ...manyParameters(facts)];
}

/** The trainer's own rule: two windows at least. */
function shortSeries({ recipe: { data }, profile, rows }: Facts): Problem[] {
  const { lookback, horizon, difference = 0 } = data;
  const most = rows - difference - horizon - 1;
  return lookback === undefined || profile.share < 1 || lookback <= most
    ? []
    : [
        warning('series-too-short', 'data.lookback', {
          message: `${rows} rows are too few for a lookback of ${lookback} and a horizon of ${horizon}${difference === 0 ? '' : ` and a difference of ${difference}`}.`,
          remedy:
            most < 1
              ? 'Use a smaller horizon or difference, or more rows.'
              : `Use at most ${most} as lookback, or more rows.`,
        }),
      ];
}

function largeBatch({ recipe: { data, train }, trainSamples }: Facts): Problem[] {
  const what = data.sequences === undefined ? 'training rows' : 'training sequences';
  return trainSamples === null || trainSamples < 1 || train.batchSize <= trainSamples
    ? []
    : [
        warning('batch-too-large', 'train.batchSize', {
          message: `A batch of ${train.batchSize} is larger than the ${trainSamples} ${what}: each epoch is a single step.`,
          remedy: `Use at most ${Math.max(1, Math.floor(trainSamples / 10))}, so that an epoch has some ten steps.`,
        }),
      ];
}

/** The book's own Boston network has 13 for a row and does well; from here on rows are learnt by heart. */
const WEIGHTS_A_ROW = 20;

function manyParameters({ recipe, features, trainTargets }: Facts): Problem[] {
  if (trainTargets === null || trainTargets < 1 || isHeldBack(recipe)) {
    return [];
  }
  const { categorical } = recipe.data;
  const width = features.reduce((sum, { name, distinct }) => sum + (categorical.includes(name) ? distinct : 1), 0);
  const shape = inputShapeOf(recipe);
  const { graph } = inferGraph(recipe, shape.at(-1) === null ? [...shape.slice(0, -1), width] : shape);
  const parameters = graph.nodes.reduce((sum, { parameterCount }) => sum + (parameterCount ?? 0), 0);
  return parameters <= WEIGHTS_A_ROW * trainTargets
    ? []
    : [
        warning('too-many-parameters', 'model', {
          message: `${formatCount(parameters)} weights for ${formatCount(trainTargets)} training rows, ${Math.round(parameters / trainTargets)} each: the network can learn the rows by heart.`,
          remedy: 'Use fewer units, or add dropout, kernelRegularizer, or earlyStopping with validationSplit.',
        }),
      ];
}

function isHeldBack({ model, train }: Recipe): boolean {
  const isRegular = (layer: Recipe['model'][number]) =>
    (layer.type === 'dropout' && layer.rate > 0) ||
    ('kernelRegularizer' in layer && layer.kernelRegularizer !== undefined);
  return train.earlyStopping !== undefined || train.optimizer.weightDecay > 0 || model.some(isRegular);
}
