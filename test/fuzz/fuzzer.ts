/** What a fuzzer is: cases made by chance from a seed, and what must hold of each. */
import type { IAsyncProperty } from 'fast-check';

export interface Fuzzer {
  readonly name: string;
  /** @param folder Empty, for the files of its cases. */
  property(folder: string): IAsyncProperty<[unknown]>;
}

/** A case that takes longer on a machine that does other things too has no bound. */
const MOST_MS = 10_000;

/** @throws {Error} The work took too long. */
export async function inTime<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  const ms = performance.now() - startMs;
  if (ms > MOST_MS) {
    throw new Error(`${what} took ${Math.round(ms)} ms`);
  }
  return result;
}
