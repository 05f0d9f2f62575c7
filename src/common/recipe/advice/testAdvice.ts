/** Advice on a test that is too small. */
import type { Problem } from '../../errors.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

const FEW = 20;

export function adviseTestRows(count: number, path = 'data.test'): Problem[] {
  return count >= FEW
    ? []
    : [
        warning('small-test', path, {
          message: `${count} test row${count === 1 ? ' is' : 's are'} few: which rows they are decides the result as much as the network does.`,
          remedy: `Test on at least ${FEW} rows, or read the result with care.`,
        }),
      ];
}

/** A share of the rows, which the recipe alone does not tell. */
export function adviseTestShare({ recipe, testSamples }: Facts): Problem[] {
  const { test, sequences } = recipe.data;
  const isCounted = test !== undefined && 'rows' in test && test.rows !== undefined;
  return isCounted || testSamples === null
    ? []
    : adviseTestRows(testSamples, sequences === undefined ? 'data.test' : 'data.sequences');
}
