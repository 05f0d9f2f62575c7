/** How many classes a network tells apart, by its outputs and by its data. */
import { SkilletError } from '../common/errors.ts';
import type { NetworkGraph } from '../common/graph.ts';
import { isClassification } from '../common/recipe/checkTraining.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import type { PreparedData } from './data/prepareData.ts';

/** Outputs of a network over classes, which the classes of the data must fit; null for values and two-class outputs. */
export function countClasses(recipe: Recipe, data: PreparedData, graph: NetworkGraph): number | null {
  if (!isClassification(recipe) || recipe.train.loss === 'binaryCrossentropy') {
    return null;
  }
  const last = graph.nodes.at(-1);
  const outputs = last?.outputShape.at(-1) ?? 0;
  const classes = data.targets.classes ?? [];
  const isWordColumn = recipe.data.categorical.includes(data.targets.names[0] ?? '');
  if (outputs < classes.length || (isWordColumn && outputs !== classes.length)) {
    throw new SkilletError('recipe-shape', last?.recipePath ?? 'model', {
      message: `gives ${outputs} outputs, but ${data.targets.names[0]} has ${classes.length} classes.`,
      remedy: `Set units: ${classes.length}.`,
    });
  }
  return outputs;
}
