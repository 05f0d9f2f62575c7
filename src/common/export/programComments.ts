/** The comments at the head of a program; both languages mark them with a number sign. */
import type { Recipe } from '../recipe/schema.ts';
import { kerasDifferences } from './kerasTraining.ts';

/** @param needs How what the program needs is installed. */
export function programComments(recipe: Recipe, recipeFile: string, needs: string): string[] {
  return [
    recipe.name,
    ...(recipe.description?.split('\n') ?? []),
    `Written by Skillet from ${recipeFile}. Needs: ${needs}`,
    ...kerasDifferences(recipe),
  ].map((line) => `# ${line}`);
}
