/** Takes the two files of a model out of a `.keras` archive. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { SkilletError } from '../../common/errors.ts';

const WANTED = ['config.json', 'model.weights.h5'];

/** @throws {SkilletError} `model-unreadable`. */
export async function unzipModel(file: string, folder: string): Promise<void> {
  const found = new Set<string>();
  try {
    const zip = await openPromise(file, { autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        if (WANTED.includes(entry.fileName)) {
          await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path.join(folder, entry.fileName)));
          found.add(entry.fileName);
        }
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw new SkilletError('model-unreadable', file, {
      message: `is a damaged archive: ${error instanceof Error ? error.message : error}.`,
      remedy: 'Copy the file again, or save the model again with model.save.',
    });
  }
  const missing = WANTED.find((name) => !found.has(name));
  if (missing !== undefined) {
    throw new SkilletError('model-unreadable', file, {
      message: `has no ${missing} in it.`,
      remedy: 'Give a model that Keras 3 saved as .keras.',
    });
  }
}
