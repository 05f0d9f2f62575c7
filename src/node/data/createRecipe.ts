/** Writes a suggested recipe beside its data, under a name that is free. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { slugOf } from '../../common/recipe/suggestChoices.ts';

/** A recipe of the same name is kept: the new one gets a number. @returns The file that was made. */
export async function createRecipeFile(folder: string, name: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const file = path.join(folder, `${slugOf(name)}${number === 1 ? '' : `-${number}`}.recipe.yaml`);
    if (await writeNew(file, text)) {
      return file;
    }
  }
}

/** @throws {SkilletError} `recipe-exists`: the file is there already, and is kept; `recipe-unwritable`. */
export async function createRecipeAt(file: string, text: string): Promise<void> {
  if (!(await writeNew(file, text))) {
    throw new SkilletError('recipe-exists', file, {
      message: 'is there already, and is kept as it is.',
      remedy: 'Name another file.',
    });
  }
}

/** Gives false where the file is there already. */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return false;
    }
    throw new SkilletError('recipe-unwritable', file, {
      message: `cannot be written: ${message}.`,
      remedy: 'Choose a folder that is there and that you may write to.',
    });
  }
}
