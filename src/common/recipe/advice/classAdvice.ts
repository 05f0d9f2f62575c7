/** Advice on classes of very unequal size. */
import type { Problem } from '../../errors.ts';
import { isClassification } from '../checkTraining.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

const MOST = 0.85;

export function adviseClasses({ recipe, targets: [target] }: Facts): Problem[] {
  const commonest = target?.words[0];
  if (target === undefined || commonest === undefined || !isClassification(recipe)) {
    return [];
  }
  const share = commonest.count / target.filled;
  return share < MOST || !recipe.train.metrics.includes('accuracy')
    ? []
    : [
        warning('imbalanced-classes', 'train.metrics', {
          message: `${Math.round(share * 100)} % of the rows are "${commonest.word}": who always says so is that accurate, and has learnt nothing.`,
          remedy:
            'Judge by the confusion matrix of the result and by the loss beside its baseline; bring more rows of the rare classes.',
        }),
      ];
}
