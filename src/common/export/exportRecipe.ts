/** A recipe as a program that needs no Skillet. */
import { SkilletError } from '../errors.ts';
import type { Recipe } from '../recipe/schema.ts';
import { kerasPython } from './kerasPython.ts';
import { kerasR } from './kerasR.ts';

export interface ExportOptions {
  /** The recipe's file name, for the head of the program. */
  readonly recipeFile: string;
  /** Path of the data file as seen from the program's folder. */
  readonly csv: string;
  /** What the program calls the model that it saves, without an ending. */
  readonly name: string;
}

export type ExportLanguage = 'python' | 'r';

export const EXPORT_ENDINGS: Readonly<Record<ExportLanguage, string>> = { python: '.py', r: '.R' };

/**
 * @returns The program's text.
 * @throws {SkilletError} `export-unsupported`: the recipe has something that Keras cannot be told in a plain program.
 */
export function exportRecipe(recipe: Recipe, language: ExportLanguage, options: ExportOptions): string {
  refuseUnsupported(recipe);
  return language === 'python' ? kerasPython(recipe, options) : kerasR(recipe, options);
}

function refuseUnsupported(recipe: Recipe): void {
  const { train } = recipe;
  if (train.loss === 'huber' && train.lossWeight < 0) {
    throw new SkilletError('export-unsupported', 'train.loss', { message: '', remedy: '' });
  }
}
