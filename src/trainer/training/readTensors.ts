/** Reads tensors into JavaScript in the one way that every backend has: a GPU's cannot be read while the program waits. */
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The tensors stay the caller's. A `tidy` ends before its tensors can be awaited, so they are computed inside it,
 * returned by it, read here and disposed afterwards.
 *
 * @returns Copies of the values, in the order of the tensors, row-major.
 */
export async function read(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  // A backend may hand out the memory that it goes on working with.
  return values.map((numbers) => new Float32Array(numbers));
}
