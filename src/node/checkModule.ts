/** What can be told of a recipe's module without running it; the trainer tells the rest. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../common/errors.ts';
import { MODULE_FIELD } from '../common/recipe/modelSchema.ts';
import type { Recipe } from '../common/recipe/schema.ts';

/** @param folder The recipe's. @returns Null where the recipe names no module, or one that is there. */
export async function checkModule({ module }: Recipe, folder: string): Promise<Problem | null> {
  if (module === null) {
    return null;
  }
  const file = path.resolve(folder, module);
  const found = await stat(file).catch(() => null);
  return found?.isFile()
    ? null
    : {
        code: 'recipe-module',
        path: MODULE_FIELD,
        message: `"${module}" is ${found === null ? 'not there' : 'no file'} (looked for ${file}).`,
        remedy: 'Give the path relative to the recipe.',
      };
}
