/** Which data set a recipe asks for by name, so that it can be there before training starts. */
import { readFile } from 'node:fs/promises';
import type { DatasetName } from '../../common/recipe/datasets.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';

/** Null for other data, and for recipes that cannot be read: their faults are told elsewhere. */
export async function recipeDataset(recipeFile: string): Promise<DatasetName | null> {
  const text = await readFile(recipeFile, 'utf8').catch(() => null);
  return (text === null ? null : parseRecipe(text).recipe?.data.dataset) ?? null;
}
