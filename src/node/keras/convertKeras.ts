/** Starts the process that converts Keras's files, so that the HDF5 library is loaded only where it is needed. */
import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Problem, SkilletError } from '../../common/errors.ts';
import { lastWords } from '../lastWords.ts';

export interface Conversion {
  /** `dist/keras.mjs`. */
  readonly kerasFile: string;
  readonly execPath: string;
}

/** @throws {SkilletError} `model-unreadable`, `model-unsupported`, or `run-folder` where nothing can be written. */
export function importKeras(file: string, modelFolder: string, conversion: Conversion): Promise<void> {
  return convert(['import', file, modelFolder], conversion);
}

/**
 * The file appears whole or not at all, and the converter's own drafts go with the folder that it works in, even where the
 * process is killed.
 *
 * @param file Its ending says which form: `.keras`, or `.h5` and `.hdf5`.
 * @throws {SkilletError} `model-unreadable`, `model-unsupported`, `model-output`, or `trainer-died`.
 */
export async function exportKeras(modelFolder: string, file: string, conversion: Conversion): Promise<void> {
  const draft = await mkdtemp(path.join(path.dirname(path.resolve(file)), '.skillet-')).catch(cannotWrite);
  try {
    const whole = path.join(draft, `model${path.extname(file)}`);
    await convert(['export', modelFolder, whole], conversion);
    await rename(whole, file).catch(cannotWrite);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }

  function cannotWrite(error: Error): never {
    throw new SkilletError('model-output', file, {
      message: `cannot be written: ${error.message}.`,
      remedy: 'Choose another folder, or free some space.',
    });
  }
}

async function convert(args: readonly string[], { kerasFile, execPath }: Conversion): Promise<void> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  await promisify(execFile)(execPath, [kerasFile, ...args], { env, windowsHide: true }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw toFault(stdout, stderr);
  });
}

function toFault(stdout: string, stderr: string): Error {
  try {
    const { code, path: field, message, remedy } = JSON.parse(stdout.trim()) as Problem;
    return new SkilletError(code, field, { message, remedy });
  } catch {
    return new SkilletError('trainer-died', 'keras', {
      message: `The converting process is gone.${lastWords(stderr)}`,
      remedy: 'Try again; if it happens again, report it with what it said.',
    });
  }
}
