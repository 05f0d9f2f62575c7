/** A recipe from its text, for tests; wrong text fails the test at once. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import type { Recipe } from '../../../../src/common/recipe/schema.ts';

export const RECIPES = path.resolve(import.meta.dirname, '../../../../recipes');
export const BOSTON_FILE = path.join(RECIPES, 'boston-housing.recipe.yaml');

export function toRecipe(text: string): Recipe {
  const { recipe, problems } = parseRecipe(text);
  assert.ok(recipe !== null, JSON.stringify(problems, null, 1));
  return recipe;
}

export function bostonRecipe(): Recipe {
  return toRecipe(readFileSync(BOSTON_FILE, 'utf8'));
}
