/** The bytes of a tensor, to and from JavaScript's arrays. */

/** `TF_DataType` of the types that are used here. */
export const DTYPE = {
  float: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;

export type Values = Float32Array | Int32Array | Uint8Array | BigInt64Array | readonly number[];

const BYTES: Readonly<Record<number, number>> = {
  [DTYPE.float]: 4,
  [DTYPE.int32]: 4,
  [DTYPE.uint8]: 1,
  [DTYPE.int64]: 8,
  [DTYPE.bool]: 1,
  [DTYPE.complex64]: 8,
};

/** @throws {Error} A type that has no plain bytes: TensorFlow.js's kernels need none such for training. */
export function toBytes(values: Values, dtype: number): Uint8Array {
  sizeOf(dtype);
  const typed = ArrayBuffer.isView(values) ? values : toTyped(values, dtype);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

/** Bytes of one value. */
export function sizeOf(dtype: number): number {
  const size = BYTES[dtype];
  if (size === undefined) {
    throw new Error(`Tensors of TensorFlow's type ${dtype} cannot be made here`);
  }
  return size;
}

function toTyped(values: readonly number[], dtype: number): Exclude<Values, readonly number[]> {
  switch (dtype) {
    case DTYPE.bool:
    case DTYPE.uint8:
      return Uint8Array.from(values);
    case DTYPE.int32:
      return Int32Array.from(values);
    case DTYPE.int64:
      return BigInt64Array.from(values, BigInt);
    default:
      return Float32Array.from(values);
  }
}

export function fromBytes(bytes: Uint8Array, dtype: number): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case DTYPE.float:
    case DTYPE.complex64:
      return new Float32Array(bytes.buffer);
    case DTYPE.int32:
      return new Int32Array(bytes.buffer);
    case DTYPE.int64:
      return Int32Array.from(new BigInt64Array(bytes.buffer), Number);
    case DTYPE.bool:
    case DTYPE.uint8:
      return bytes;
    default:
      throw new Error(`Tensors of TensorFlow's type ${dtype} cannot be read here`);
  }
}
