/** Advice on inputs and targets that are too large, or too different in size, to be learnt as they are. */
import { type ColumnProfile, isNumeric, type NumberFigures } from '../../data/profile.ts';
import type { Problem } from '../../errors.ts';
import { formatFigure } from '../../format.ts';
import { isClassification } from '../checkTraining.ts';
import { INPUT } from '../nameLayers.ts';
import type { Recipe } from '../schema.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

const LARGE_INPUT = 100;
const LARGE_TARGET = 1000;
const UNLIKE = 100;

export function adviseScale(facts: Facts): Problem[] {
  return [...adviseInputs(facts), ...adviseTarget(facts)];
}

interface Sized {
  readonly name: string;
  readonly figures: NumberFigures;
  readonly size: number;
}

function adviseInputs({ recipe, features, targets }: Facts): Problem[] {
  if (recipe.data.scale !== 'none' || takesRawInputs(recipe)) {
    return [];
  }
  const { categorical } = recipe.data;
  // Of a target among them only its changes go in, whose size is not known here.
  const seen = features.filter((column) => recipe.data.difference === undefined || !targets.includes(column));
  const sized = seen.flatMap((column) => toSized(column, categorical));
  const largest = sized.reduce<Sized | null>((best, one) => (best === null || one.size > best.size ? one : best), null);
  const widest = extreme(sized, (a, b) => a > b);
  const narrowest = extreme(sized, (a, b) => a < b);
  const remedy = 'Set data.scale: standard, so that all inputs count alike.';
  if (largest !== null && largest.size > LARGE_INPUT) {
    return [
      warning('inputs-unscaled', 'data.scale', {
        message: `${largest.name} goes from ${formatFigure(largest.figures.min)} to ${formatFigure(largest.figures.max)}, and inputs are not scaled.`,
        remedy,
      }),
    ];
  }
  const isUnlike =
    widest !== null && narrowest !== null && widest.figures.deviation > UNLIKE * narrowest.figures.deviation;
  return isUnlike
    ? [
        warning('inputs-unscaled', 'data.scale', {
          message: `${widest.name} varies ${formatFigure(Math.round(widest.figures.deviation / narrowest.figures.deviation))} times as much as ${narrowest.name}, and inputs are not scaled.`,
          remedy,
        }),
      ]
    : [];
}

function toSized(column: ColumnProfile, categorical: readonly string[]): Sized[] {
  const { name, numbers } = column;
  return numbers === null || !isNumeric(column) || categorical.includes(name)
    ? []
    : [{ name, figures: numbers, size: Math.max(Math.abs(numbers.min), Math.abs(numbers.max)) }];
}

function extreme(sized: readonly Sized[], isMore: (a: number, b: number) => boolean): Sized | null {
  return sized
    .filter(({ figures }) => figures.deviation > 0)
    .reduce<Sized | null>(
      (best, one) => (best === null || isMore(one.figures.deviation, best.figures.deviation) ? one : best),
      null,
    );
}

/** An embedding takes codes, and batch normalisation scales by itself; what a module does with them is not known here. */
function takesRawInputs({ model, module }: Recipe): boolean {
  if (module !== null) {
    return true;
  }
  const readers = model.filter(({ inputs }) => inputs.includes(INPUT));
  return readers.length > 0 && readers.every(({ type }) => type === 'embedding' || type === 'batchNormalization');
}

function adviseTarget({ recipe, targets }: Facts): Problem[] {
  if (isClassification(recipe) || recipe.data.scaleTarget !== 'none' || recipe.data.difference !== undefined) {
    return [];
  }
  const large = targets.flatMap((column) => toSized(column, [])).find(({ size }) => size > LARGE_TARGET);
  return large === undefined
    ? []
    : [
        warning('target-unscaled', 'data.scaleTarget', {
          message: `The target ${large.name} goes up to ${formatFigure(large.size)}, and is not scaled: weights start near 0 and have far to go.`,
          remedy: 'Set data.scaleTarget: standard; results are still given in its own unit.',
        }),
      ];
}
