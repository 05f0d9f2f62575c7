/** Advice on a test that is too small. */
import type { Problem } from '../../errors.ts';
import type { Recipe } from '../schema.ts';
import { cutOf, groupedOf } from '../sequences.ts';
import type { Facts } from './facts.ts';
import { warning } from './warning.ts';

const FEW = 20;

/** @param what One of them, in words. */
export function adviseTestSize(count: number, what: 'row' | 'step' | 'sequence'): Problem[] {
  return count >= FEW
    ? []
    : [
        warning('small-test', what === 'step' ? 'data.sequences' : 'data.test', {
          message: `${count} test ${what}${count === 1 ? ' is' : 's are'} few: which ${what}s they are decides the result as much as the network does.`,
          remedy: `Test on at least ${FEW} ${what}s, or read the result with care.`,
        }),
      ];
}

/** Where the recipe counts them itself. */
export function adviseTestCount({ data }: Recipe): Problem[] {
  const { test } = data;
  const steps = cutOf(data)?.testSteps;
  if (steps !== undefined) {
    return adviseTestSize(steps, 'step');
  }
  return test !== undefined && 'rows' in test && test.rows !== undefined ? adviseTestSize(test.rows, whatOf(data)) : [];
}

/** A share of the rows, which the recipe alone does not tell. */
export function adviseTestShare({ recipe: { data }, testSamples }: Facts): Problem[] {
  const { test } = data;
  const isCounted = cutOf(data) !== null || (test !== undefined && 'rows' in test && test.rows !== undefined);
  return isCounted || testSamples === null ? [] : adviseTestSize(testSamples, whatOf(data));
}

const whatOf = (data: Recipe['data']) => (groupedOf(data) === null ? 'row' : 'sequence');
