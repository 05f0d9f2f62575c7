/** Writes a recipe's text as a Keras program that finds the recipe's data. */
import path from 'node:path';
import { type ExportLanguage, exportRecipe } from '../common/export/exportRecipe.ts';
import { parseRecipe } from '../common/recipe/parse.ts';
import { RefusedRecipe } from './createRun.ts';

export interface ProgramPlace {
  /** Absolute path of the recipe, which its data paths are relative to. */
  readonly recipeFile: string;
  /** Absolute path of the folder that the program will run in. */
  readonly folder: string;
}

/** The recipe's file name without its ending. */
export function recipeStem(recipeFile: string): string {
  return path.basename(recipeFile).replace(/(\.recipe)?\.(ya?ml|json)$/, '');
}

/** @throws {RefusedRecipe} @throws {SkilletError} `export-unsupported`. */
export function exportProgram(text: string, language: ExportLanguage, { recipeFile, folder }: ProgramPlace): string {
  const { recipe, problems } = parseRecipe(text);
  if (recipe === null) {
    throw new RefusedRecipe(recipeFile, problems);
  }
  const { csv } = recipe.data;
  const found = csv === undefined ? null : path.relative(folder, path.resolve(path.dirname(recipeFile), csv));
  return exportRecipe(recipe, language, {
    recipeFile: path.basename(recipeFile),
    csv: found?.replaceAll(path.sep, '/') ?? null,
    name: recipeStem(recipeFile),
  });
}
