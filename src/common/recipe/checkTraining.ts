/** Refuses a loss, metrics, last layer and early stopping that do not fit together. */
import type { ErrorCode } from '../errorCodes.ts';
import type { Problem } from '../errors.ts';
import { checkSeries } from './checkSeries.ts';
import { checkEmbeddings, checkText } from './checkText.ts';
import { didYouMean } from './didYouMean.ts';
import type { Recipe } from './schema.ts';
import { cutOf, readsOwnPast } from './sequences.ts';

const CLASS_LOSSES: readonly string[] = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
];

/** Whether the loss compares classes rather than values. */
export function isClassification(recipe: Recipe): boolean {
  return CLASS_LOSSES.includes(recipe.train.loss);
}

export function checkTraining(recipe: Recipe): Problem[] {
  return [
    // What a module ends with is known once it was run.
    ...(recipe.module === null ? checkLastLayer(recipe) : []),
    ...checkMetrics(recipe),
    ...checkTarget(recipe),
    ...checkStopping(recipe),
    ...checkSplit(recipe),
    ...checkText(recipe),
    ...checkEmbeddings(recipe),
    ...checkSeries(recipe, isClassification(recipe)),
  ];
}

const problem = (code: ErrorCode, path: string, message: string, remedy: string): Problem => ({
  code,
  path,
  message,
  remedy,
});

/** The problem with the value that mends it. */
const withValue = (found: Problem, path: string, value: string | number | boolean): Problem => ({
  ...found,
  set: { path, value },
});

/** The activation that the last layer ends with. */
function lastActivation(recipe: Recipe): string {
  const last = recipe.model.at(-1);
  return last !== undefined && 'activation' in last ? last.activation : 'linear';
}

function checkLastLayer(recipe: Recipe): Problem[] {
  const { loss } = recipe.train;
  const activation = lastActivation(recipe);
  const path = `model[${recipe.model.length - 1}].${recipe.model.at(-1)?.type}`;
  const wanted = loss === 'binaryCrossentropy' ? 'sigmoid' : CLASS_LOSSES.includes(loss) ? 'softmax' : null;
  const type = recipe.model.at(-1)?.type;
  if (wanted !== null && type !== 'dense' && type !== 'activation') {
    return [
      problem(
        'recipe-loss',
        path,
        `${type} cannot be the last layer with the loss ${loss}.`,
        `End the model with a dense layer of activation ${wanted}.`,
      ),
    ];
  }
  if (wanted !== null && activation !== wanted) {
    const found = problem(
      'recipe-loss',
      path,
      `ends with activation ${activation}, but ${loss} needs probabilities.`,
      `End the model with activation ${wanted}, or choose another loss.`,
    );
    return [withValue(found, `${path}.activation`, wanted)];
  }
  return [];
}

function checkMetrics(recipe: Recipe): Problem[] {
  const classes = isClassification(recipe);
  return recipe.train.metrics.flatMap((metric, index) => {
    const fits = classes ? metric === 'accuracy' : metric !== 'accuracy';
    const usable = classes ? 'accuracy' : 'rmse, mse or mae';
    const path = `train.metrics[${index}]`;
    const found = problem(
      'recipe-loss',
      path,
      `${metric} says nothing about the loss ${recipe.train.loss}.`,
      `Use ${usable}.`,
    );
    const value = classes ? 'accuracy' : 'rmse';
    return fits ? [] : [recipe.train.metrics.includes(value) ? found : withValue(found, path, value)];
  });
}

function checkTarget(recipe: Recipe): Problem[] {
  const { target, categorical, features } = recipe.data;
  const problems: Problem[] = [];
  const wordTarget = target.find((name) => categorical.includes(name));
  if (isClassification(recipe) && target.length > 1) {
    problems.push(
      problem(
        'recipe-loss',
        'data.target',
        `${target.length} targets with the class loss ${recipe.train.loss}.`,
        'Give one target column.',
      ),
    );
  }
  if (!isClassification(recipe) && wordTarget !== undefined) {
    problems.push(
      problem(
        'recipe-loss',
        'train.loss',
        `${recipe.train.loss} compares numbers, but the target ${wordTarget} is categorical.`,
        'Use categoricalCrossentropy, or take the column out of data.categorical.',
      ),
    );
  }
  const both = features?.find((name) => target.includes(name));
  if (both !== undefined && !readsOwnPast(recipe.data)) {
    problems.push(
      problem(
        'recipe-loss',
        'data.features',
        `${both} is a feature and the target: the network would only copy it.`,
        'Take it out of one of the two.',
      ),
    );
  }
  return problems;
}

/** Names that every `epochEnd` of the recipe's runs carries. */
export function measuredMetrics(recipe: Recipe): string[] {
  const names = ['loss', ...recipe.train.metrics];
  return hasValidation(recipe) ? [...names, ...names.map((name) => `val_${name}`)] : names;
}

/** Whether there are rows for validation. */
export function hasValidation({ data, train }: Recipe): boolean {
  return train.validationSplit !== undefined || cutOf(data)?.validation !== undefined;
}

function checkStopping(recipe: Recipe): Problem[] {
  const { earlyStopping } = recipe.train;
  if (earlyStopping === undefined) {
    return [];
  }
  const cut = cutOf(recipe.data);
  const known = measuredMetrics(recipe);
  if (known.includes(earlyStopping.monitor)) {
    return [];
  }
  const needsSplit = !hasValidation(recipe) && earlyStopping.monitor.startsWith('val_');
  const remedy = needsSplit
    ? `Add ${cut === null ? 'validationSplit: 0.2 under train' : 'validation under data.sequences'}, or monitor a training metric.`
    : `Monitor one of: ${known.join(', ')}.`;
  const message = needsSplit
    ? `${earlyStopping.monitor} needs validation rows, and there are none.`
    : `${earlyStopping.monitor} is not measured.`;
  const path = 'train.earlyStopping.monitor';
  const found = problem('recipe-loss', path, message, remedy);
  return [
    needsSplit
      ? withValue(found, 'train.validationSplit', 0.2)
      : withValue(found, path, didYouMean(earlyStopping.monitor, known) ?? known[0] ?? 'loss'),
  ];
}

function checkSplit(recipe: Recipe): Problem[] {
  const { test, lookback } = recipe.data;
  if (test === undefined) {
    return [];
  }
  if ('time' in test) {
    const given = [test.fraction, test.rows, test.from].filter((value) => value !== undefined).length;
    return given === 1
      ? []
      : [
          problem(
            'data-split',
            'data.test',
            `says ${given} times where the test begins.`,
            'Give exactly one of fraction, rows and from beside time.',
          ),
        ];
  }
  if ('every' in test) {
    return lookback === undefined
      ? []
      : [
          problem(
            'data-split',
            'data.test.every',
            'takes test rows out of the middle of a series that is cut into windows.',
            'Use rows or fraction, so that the test is the end of the series.',
          ),
        ];
  }
  return lookback !== undefined && test.permutation === 'numpy'
    ? [
        withValue(
          problem(
            'data-split',
            'data.test.permutation',
            'shuffles the rows of a series that is cut into windows.',
            'Use permutation: none, so that the test is the end of the series.',
          ),
          'data.test.permutation',
          'none',
        ),
      ]
    : [];
}
