/** The settings that a person is asked about for a fork: those that it may change. */
import { SkilletError } from '../errors.ts';
import { FIXED_OF_TRAINING, forkProblems } from './forkProblems.ts';
import { parseRecipe } from './parse.ts';
import type { Recipe } from './schema.ts';
import { setFields, settableFields } from './setFields.ts';

/** @param text The recipe of the run that is forked. @returns Names for `setFields`. */
export function forkFields(text: string, recipe: Recipe): string[] {
  const fixed: readonly string[] = FIXED_OF_TRAINING;
  return settableFields(recipe).filter((field) => !fixed.includes(field) && !isRefused(text, recipe, field));
}

/** Tries another number: whether a parameter is one of the network is seen by what it changes. */
function isRefused(text: string, recipe: Recipe, field: string): boolean {
  const value = recipe.params[field];
  if (typeof value !== 'number') {
    return false;
  }
  try {
    const other = Number.isInteger(value) ? value + 1 : value / 2;
    const { recipe: changed } = parseRecipe(setFields(text, { [field]: String(other) }));
    return changed !== null && forkProblems(recipe, changed, 0).length > 0;
  } catch (error) {
    if (error instanceof SkilletError) {
      return false;
    }
    throw error;
  }
}
