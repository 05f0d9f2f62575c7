/** Reads the arrays of an MXNet `.params` file: every length is checked against what is left of the file. */
import { SkilletError } from '../errors.ts';

export interface MxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export interface MxParams {
  /** Arrays under `arg:`, trained by gradients. */
  readonly args: ReadonlyMap<string, MxArray>;
  /** Arrays under `aux:`, such as the moving means of a batch normalisation. */
  readonly aux: ReadonlyMap<string, MxArray>;
}

const FILE_MAGIC = 0x112;
/** An array of MXNet 0.11 and later; the next one is of those with NumPy's shapes. */
const ARRAY_MAGICS = [0xf993fac9, 0xf993faca];
const DTYPES = ['float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64'];
const MOST_DIMENSIONS = 32;

/**
 * @param name Of the file, for messages.
 * @throws {SkilletError} `import-damaged`: cut off, too long, or another form. `import-unsupported`: sparse arrays, or other numbers than floating-point ones.
 */
export function parseMxParams(bytes: Uint8Array, name: string): MxParams {
  const reader = createReader(bytes, name);
  if (bytes.byteLength < 8 || reader.u64('its first number') !== FILE_MAGIC) {
    throw damaged(name, 'does not begin as a .params file of MXNet does.');
  }
  reader.u64('its header');
  const count = reader.count('the number of arrays', 12);
  const arrays = Array.from({ length: count }, (_, index) => readArray(reader, name, index));
  const names = Array.from({ length: reader.count('the number of names', 8) }, () => reader.text('a name'));
  if (names.length !== arrays.length) {
    throw damaged(name, `has ${arrays.length} arrays but ${names.length} names.`);
  }
  if (reader.left() > 0) {
    throw damaged(name, `goes on for ${reader.left()} bytes behind its last name.`);
  }
  return sortByKind(names, arrays, name);
}

function sortByKind(names: readonly string[], arrays: readonly MxArray[], file: string): MxParams {
  const args = new Map<string, MxArray>();
  const aux = new Map<string, MxArray>();
  names.forEach((full, index) => {
    const array = arrays[index];
    const [kind = '', ...rest] = full.split(':');
    const into = { arg: args, aux }[kind];
    const name = rest.join(':');
    if (into === undefined || array === undefined || name === '') {
      throw damaged(file, `names an array "${full}", which is neither arg: nor aux:.`);
    }
    if (into.has(name)) {
      throw damaged(file, `has two arrays called "${full}".`);
    }
    into.set(name, array);
  });
  return { args, aux };
}

function readArray(reader: Reader, file: string, index: number): MxArray {
  const place = `array ${index + 1}`;
  const magic = reader.u32(place);
  if (!ARRAY_MAGICS.includes(magic)) {
    throw damaged(file, `${place} begins with 0x${magic.toString(16)}, which is no array of MXNet 0.11 or later.`);
  }
  const storage = reader.i32(place);
  if (storage !== 0) {
    throw unsupported(file, `${place} is sparse (storage ${storage}).`, 'Save it dense: tostype("default").');
  }
  const rank = reader.i32(place);
  if (rank < 1 || rank > MOST_DIMENSIONS) {
    throw damaged(file, `${place} has ${rank} dimensions.`);
  }
  const shape = Array.from({ length: rank }, () => reader.u64(place));
  reader.i32(place); // Device type and number: where it was, which does not matter here.
  reader.i32(place);
  const dtype = reader.i32(place);
  if (dtype !== 0 && dtype !== 1) {
    throw unsupported(
      file,
      `${place} holds ${DTYPES[dtype] ?? 'numbers of an unknown type'} (dtype ${dtype}).`,
      'Save the parameters as float32.',
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: reader.floats(place, size, dtype === 0 ? 4 : 8) };
}

interface Reader {
  u32(what: string): number;
  i32(what: string): number;
  u64(what: string): number;
  /** A number of things of which each takes at least so many bytes. */
  count(what: string, least: number): number;
  text(what: string): string;
  floats(what: string, count: number, width: 4 | 8): Float32Array;
  left(): number;
}

/** Little-endian, as MXNet writes on every machine that it runs on. */
function createReader(bytes: Uint8Array, file: string): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (what: string, length: number) => {
    const from = at;
    if (!(length <= view.byteLength - at)) {
      throw damaged(file, `is cut off in ${what}: ${length} bytes are wanted and ${view.byteLength - at} are left.`);
    }
    at += length;
    return from;
  };
  const u64 = (what: string) => {
    const from = take(what, 8);
    const value = view.getUint32(from, true) + view.getUint32(from + 4, true) * 2 ** 32;
    if (value > Number.MAX_SAFE_INTEGER) {
      throw damaged(file, `${what} is ${value}, which cannot be.`);
    }
    return value;
  };
  const count = (what: string, least: number) => {
    const value = u64(what);
    if (value * least > view.byteLength - at) {
      throw damaged(file, `is cut off: ${what} is ${value}, but only ${view.byteLength - at} bytes are left.`);
    }
    return value;
  };
  return {
    u32: (what) => view.getUint32(take(what, 4), true),
    i32: (what) => view.getInt32(take(what, 4), true),
    u64,
    count,
    text(what) {
      const length = count(`the length of ${what}`, 1);
      const from = take(what, length);
      return decodeName(bytes.subarray(from, from + length), file);
    },
    floats(what, length, width) {
      const from = take(what, length * width);
      const values = new Float32Array(length);
      for (let i = 0; i < length; i += 1) {
        values[i] = width === 4 ? view.getFloat32(from + 4 * i, true) : view.getFloat64(from + 8 * i, true);
      }
      return values;
    },
    left: () => view.byteLength - at,
  };
}

/** UTF-8, by the one decoder that every place has. */
function decodeName(bytes: Uint8Array, file: string): string {
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    throw damaged(file, 'a name is no text.');
  }
}

function damaged(file: string, message: string): SkilletError {
  return new SkilletError('import-damaged', file, {
    message,
    remedy: 'Copy the file again, or save the model again with MXNet.',
  });
}

function unsupported(file: string, message: string, remedy: string): SkilletError {
  return new SkilletError('import-unsupported', file, { message, remedy });
}
