/** A first `tune:` for a recipe that has none, from the values under its `params`. */

import { isMap, parseDocument } from 'yaml';
import { metricDirection } from '../run/metricDirection.ts';
import { hasValidation } from './checkTraining.ts';
import type { ParamValue } from './params.ts';
import { parseRecipe } from './parse.ts';
import type { Recipe } from './schema.ts';
import { cutOf } from './sequences.ts';

/**
 * Lines to put at the end of the recipe; null where it has no parameter that could be searched, is written in braces,
 * or has problems of its own.
 */
export function tuneDraft(text: string): string | null {
  const { contents } = parseDocument(text);
  const { recipe } = parseRecipe(text);
  if (recipe === null || !isMap(contents) || contents.flow === true) {
    return null;
  }
  const ranges = Object.entries(recipe.params).flatMap(([name, value]) => {
    const range = rangeAround(value);
    return range === null ? [] : [{ name, range }];
  });
  // A value that the recipe cannot take, or a parameter that is used nowhere: the recipe itself says so.
  const kept = ranges.filter(({ name, range }) => {
    const { problems } = parseRecipe(text + draftOf(recipe, [{ name, range }], text));
    return problems.length === 0;
  });
  return kept.length === 0 ? null : draftOf(recipe, kept, text);
}

function draftOf(recipe: Recipe, ranges: readonly { name: string; range: string }[], text: string): string {
  const { objective, remark } = objectiveOf(recipe);
  const lines = [
    'tune: # a study: trains the recipe with other parameters and keeps what was best',
    `  objective: ${objective}${remark}`,
    '  trials: 20',
    '  params:',
    ...ranges.map(({ name, range }) => `    ${name}: ${range}`),
  ];
  return `${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`;
}

function objectiveOf(recipe: Recipe): { objective: string; remark: string } {
  const { data, train } = recipe;
  const metric = train.metrics[0] ?? 'loss';
  const goal = metricDirection(metric) === 'higher' ? 'maximize' : 'minimize';
  if (hasValidation(recipe)) {
    return { objective: `{ ${goal}: val_${metric} }`, remark: '' };
  }
  const hold = cutOf(data) === null ? 'validationSplit: 0.2 under train' : 'validation under data.sequences';
  const isWords = /[cC]rossentropy$/.test(train.loss);
  return {
    objective: isWords ? '{ maximize: test_accuracy }' : '{ minimize: test_rmse }',
    remark: ` # spoils the test rows; better: ${hold}, and a val_ metric here`,
  };
}

/** A stretch around the value, as wide as is usual for its kind; null where there is nothing to stretch. */
function rangeAround(value: ParamValue): string | null {
  if (typeof value === 'boolean') {
    return '{ categorical: [true, false] }';
  }
  if (typeof value !== 'number' || value === 0) {
    return null;
  }
  if (Number.isInteger(value) && value > 0) {
    const [low, high] = [Math.max(1, Math.round(value / 4)), value * 4];
    return `{ int: [${low}, ${high}]${high >= 16 ? ', scale: log' : ''} }`;
  }
  if (value < 0) {
    return `{ double: [${tidy(value * 2)}, ${tidy(value / 2)}] }`;
  }
  // Rates of dropout and momentum lie here, and must stay below 1.
  return value >= 0.1 && value < 1
    ? `{ double: [${tidy(value / 2)}, ${tidy(Math.min(value * 2, (1 + value) / 2))}] }`
    : `{ double: [${tidy(value / 10)}, ${tidy(value * 10)}], scale: log }`;
}

const tidy = (value: number) => String(Number(value.toPrecision(3)));
