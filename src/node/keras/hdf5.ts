/** Opens HDF5 files through NIST's WebAssembly build of the HDF5 library, which reads and writes real files. */
import { SkilletError } from '../../common/errors.ts';

export type Hdf5 = typeof import('h5wasm/node');
export type Hdf5File = InstanceType<Hdf5['File']>;
export type Hdf5Group = InstanceType<Hdf5['Group']>;

/** @throws {SkilletError} `model-unreadable`: no HDF5 file, or a damaged one. */
export async function withHdf5<T>(file: string, mode: 'r' | 'w', use: (opened: Hdf5File, hdf5: Hdf5) => T): Promise<T> {
  const hdf5 = await import('h5wasm/node');
  const module = await hdf5.ready;
  // Otherwise the library prints its faults to the terminal.
  module.activate_throwing_error_handler();
  const opened = openFile(file, mode, hdf5);
  try {
    return use(opened, hdf5);
  } finally {
    opened.close();
  }
}

function openFile(file: string, mode: 'r' | 'w', { File }: Hdf5): Hdf5File {
  let why = '';
  try {
    const opened = new File(file, mode);
    if (opened.file_id > 0n) {
      return opened;
    }
  } catch (error) {
    why = ` (${error instanceof Error ? error.message.split('\n')[0] : error})`;
  }
  throw new SkilletError('model-unreadable', file, {
    message: mode === 'r' ? `is no HDF5 file, or a damaged one${why}.` : `cannot be written${why}.`,
    remedy: 'Save the model again with model.save.',
  });
}

/** The group at `path`, or null. */
export function groupAt(parent: Hdf5Group, path: string, { Group }: Hdf5): Hdf5Group | null {
  const found = parent.get(path);
  return found instanceof Group ? found : null;
}

/** @throws {SkilletError} `model-unreadable`: not there, or no array of floats. */
export function floatsAt(parent: Hdf5Group, path: string, { Dataset }: Hdf5): { shape: number[]; data: Float32Array } {
  const found = parent.get(path);
  const value = found instanceof Dataset ? found.value : null;
  const data = value instanceof Float32Array ? value : value instanceof Float64Array ? Float32Array.from(value) : null;
  if (!(found instanceof Dataset) || data === null) {
    throw new SkilletError('model-unreadable', `${parent.path}/${path}`, {
      message: found === null ? 'is missing.' : 'holds no 32-bit numbers.',
      remedy: 'Save the model again in float32.',
    });
  }
  return { shape: found.shape ?? [], data };
}

export function textAttribute(group: Hdf5Group, name: string): string | null {
  const value = group.attrs[name]?.value;
  return typeof value === 'string' ? value : null;
}
