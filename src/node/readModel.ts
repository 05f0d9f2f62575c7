/** Reads what a model folder says of itself, without the network. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { MODEL_FILES, parseSidecar, type Sidecar } from '../common/model/sidecar.ts';

/** Whether the folder holds a saved network, not whether it can be read. */
export async function isModelFolder(folder: string): Promise<boolean> {
  const found = await stat(path.join(folder, MODEL_FILES.topology)).catch(() => null);
  return found?.isFile() === true;
}

/** @throws {SkilletError} `model-unreadable`. */
export async function readSidecar(folder: string): Promise<Sidecar> {
  const file = path.join(folder, MODEL_FILES.sidecar);
  const value: unknown = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text))
    .catch((error: Error) => {
      throw new SkilletError('model-unreadable', file, {
        message: `cannot be read: ${error.message}.`,
        remedy: 'Save the model again: train the recipe, or import it anew.',
      });
    });
  return parseSidecar(value, file, { name: path.basename(folder), sample: null });
}
