/** Starts the process that converts Keras's files, so that the HDF5 library is loaded only where it is needed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Problem, SkilletError } from '../../common/errors.ts';

export interface Conversion {
  /** `dist/keras.mjs`. */
  readonly kerasFile: string;
  readonly execPath: string;
}

/** @throws {SkilletError} `model-unreadable`, `model-unsupported`, or `run-folder` where nothing can be written. */
export function importKeras(file: string, modelFolder: string, conversion: Conversion): Promise<void> {
  return convert(['import', file, modelFolder], conversion);
}

/** @param file Its ending says which form: `.keras`, or `.h5` and `.hdf5`. */
export function exportKeras(modelFolder: string, file: string, conversion: Conversion): Promise<void> {
  return convert(['export', modelFolder, file], conversion);
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
    const { code, path, message, remedy } = JSON.parse(stdout.trim()) as Problem;
    return new SkilletError(code, path, { message, remedy });
  } catch {
    return new Error(`The conversion ended without a word: ${stderr.slice(-2000)}`);
  }
}
