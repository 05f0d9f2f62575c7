/** A recipe as a program that needs no Skillet. */
import { SkilletError } from '../errors.ts';
import { MODULE_FIELD } from '../recipe/modelSchema.ts';
import type { Recipe } from '../recipe/schema.ts';
import { groupedOf } from '../recipe/sequences.ts';
import { kerasPython } from './kerasPython.ts';
import { kerasR } from './kerasR.ts';

export interface ExportOptions {
  /** The recipe's file name, for the head of the program. */
  readonly recipeFile: string;
  /** Path of the CSV file as seen from the program's folder; null where the recipe names a data set. */
  readonly csv: string | null;
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

function refuseUnsupported({ data, model, module }: Recipe): void {
  if (module !== null) {
    throw new SkilletError('export-unsupported', MODULE_FIELD, {
      message: 'A module is written for TensorFlow.js, and Keras cannot run it.',
      remedy: 'List the layers in the recipe, or write the module anew in Keras.',
    });
  }
  if (groupedOf(data) !== null) {
    throw new SkilletError('export-unsupported', 'data.sequences.by', {
      message:
        'Sequences of unequal lengths, of which what is filled up counts nowhere, have no plain program in Keras.',
      remedy: 'Export the trained model instead: skillet export <run folder> --to keras.',
    });
  }
  if (data.idx !== undefined) {
    throw new SkilletError('export-unsupported', 'data.idx', {
      message: 'Keras reads no IDX files.',
      remedy: 'Use data.dataset: mnist, which Keras has too, or a CSV file.',
    });
  }
  const place = model.findIndex((layer) => 'activation' in layer && layer.activation === 'hardSigmoid');
  if (place !== -1) {
    throw new SkilletError('export-unsupported', `model[${place}].${model[place]?.type}.activation`, {
      message:
        'hardSigmoid is x / 5 + 1 / 2 here, and x / 6 + 1 / 2 in Keras 3: the program would compute something else.',
      remedy: 'Use sigmoid.',
    });
  }
}
