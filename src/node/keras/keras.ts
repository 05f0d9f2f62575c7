/** Converts between Keras's files and a model folder in a process of its own: `keras import <file> <folder>`, `keras export <folder> <file>`. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { toProblem } from '../../common/errors.ts';
import { readModelFolder, writeModelFolder } from './modelFolder.ts';
import { readKeras } from './readKeras.ts';
import { writeKeras } from './writeKeras.ts';

const [direction, from = '', to = ''] = process.argv.slice(2);
try {
  if (direction === 'import') {
    await importModel(from, to);
  } else {
    await writeKeras(await readModelFolder(from), to, new Date());
  }
} catch (error) {
  process.stdout.write(`${JSON.stringify(toProblem(error, path.basename(from)))}\n`);
  process.exitCode = 1;
}

/** The folder appears whole or not at all. */
async function importModel(file: string, folder: string): Promise<void> {
  const model = await readKeras(file);
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(folder), '.new-model-'));
  try {
    await writeModelFolder(model, draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
