/** Advice on networks, batches and windows that are too large for the rows that there are. */
import type { Problem } from '../../errors.ts';
import { formatCount } from '../../format.ts';
import { inferGraph } from '../inferGraph.ts';
import type { Recipe } from '../schema.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

export function adviseSize(facts: Facts): Problem[] {
  const short = shortSeries(facts);
  return short.length > 0 ? short : [...largeBatch(facts), ...manyParameters(facts)];
}

/** The trainer's own rule: two windows at least. */
function shortSeries({ recipe: { data }, profile, rows }: Facts): Problem[] {
  const { lookback, horizon } = data;
  return lookback === undefined || profile.share < 1 || rows > lookback + horizon
    ? []
    : [
        warning('series-too-short', 'data.lookback', {
          message: `${rows} rows are too few for a lookback of ${lookback} and a horizon of ${horizon}.`,
          remedy: `Use at most ${Math.max(1, rows - horizon - 1)} as lookback, or more rows.`,
        }),
      ];
}

function largeBatch({ recipe: { train }, trainSamples }: Facts): Problem[] {
  return trainSamples === null || trainSamples < 1 || train.batchSize <= trainSamples
    ? []
    : [
        warning('batch-too-large', 'train.batchSize', {
          message: `A batch of ${train.batchSize} is larger than the ${trainSamples} training rows: each epoch is a single step.`,
          remedy: `Use at most ${Math.max(1, Math.floor(trainSamples / 10))}, so that an epoch has some ten steps.`,
        }),
      ];
}

/** The book's own Boston network has 13 for a row and does well; from here on rows are learnt by heart. */
const WEIGHTS_A_ROW = 20;

function manyParameters({ recipe, features, trainSamples }: Facts): Problem[] {
  if (trainSamples === null || trainSamples < 1 || isHeldBack(recipe)) {
    return [];
  }
  const { categorical, lookback } = recipe.data;
  const width = features.reduce((sum, { name, distinct }) => sum + (categorical.includes(name) ? distinct : 1), 0);
  const { graph } = inferGraph(recipe, lookback === undefined ? [width] : [lookback, width]);
  const parameters = graph.nodes.reduce((sum, { parameterCount }) => sum + (parameterCount ?? 0), 0);
  return parameters <= WEIGHTS_A_ROW * trainSamples
    ? []
    : [
        warning('too-many-parameters', 'model', {
          message: `${formatCount(parameters)} weights for ${formatCount(trainSamples)} training rows, ${Math.round(parameters / trainSamples)} each: the network can learn the rows by heart.`,
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
