/** Advice on a last activation that cannot give all values of the target. */
import type { Problem } from '../../errors.ts';
import { formatFigure } from '../../format.ts';
import { isClassification } from '../checkTraining.ts';
import type { Recipe } from '../schema.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

const UP = Number.POSITIVE_INFINITY;
/** What each activation can give; those that can give anything are not here. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  relu: [0, UP],
  relu6: [0, 6],
  elu: [-1, UP],
  selu: [-1.76, UP],
  sigmoid: [0, 1],
  hardSigmoid: [0, 1],
  tanh: [-1, 1],
  softmax: [0, 1],
  softplus: [0, UP],
  softsign: [-1, 1],
  swish: [-0.28, UP],
};
/** Most values of a standardised target lie within this of 0. */
const STANDARD = 1.5;

/** A target that is scaled to mean 0 needs both signs, whatever the data. */
export function adviseScaledOutput(recipe: Recipe): Problem[] {
  const end = lastRange(recipe);
  if (end === null || recipe.data.scaleTarget !== 'standard') {
    return [];
  }
  const [low, high] = end.range;
  return low > -STANDARD || high < STANDARD
    ? [
        warning('output-range', end.path, {
          message: `ends with ${end.activation}, which gives ${inWords(low, high)}, but the target is scaled to mean 0 and deviation 1.`,
          remedy: REMEDY,
        }),
      ]
    : [];
}

export function adviseOutput({ recipe, targets }: Facts): Problem[] {
  const end = lastRange(recipe);
  // The range of the changes is not known here.
  if (end === null || recipe.data.scaleTarget !== 'none' || recipe.data.difference !== undefined) {
    return [];
  }
  const [low, high] = end.range;
  const odd = targets.find(({ numbers }) => numbers !== null && (numbers.min < low || numbers.max > high));
  return odd === undefined || odd.numbers === null
    ? []
    : [
        warning('output-range', end.path, {
          message: `ends with ${end.activation}, which gives ${inWords(low, high)}, but ${odd.name} goes from ${formatFigure(odd.numbers.min)} to ${formatFigure(odd.numbers.max)}.`,
          remedy: REMEDY,
        }),
      ];
}

const REMEDY = 'Leave the last activation out (linear), or scale the target to fit it (scaleTarget: minMax).';

interface End {
  readonly activation: string;
  readonly path: string;
  readonly range: readonly [number, number];
}

function lastRange(recipe: Recipe): End | null {
  const last = recipe.model.at(-1);
  if (last === undefined || !('activation' in last) || isClassification(recipe)) {
    return null;
  }
  const range = RANGES[last.activation];
  const path = `model[${recipe.model.length - 1}].${last.type}.activation`;
  return range === undefined ? null : { activation: last.activation, path, range };
}

function inWords(low: number, high: number): string {
  return high === UP ? `nothing below ${low}` : `values from ${low} to ${high}`;
}
