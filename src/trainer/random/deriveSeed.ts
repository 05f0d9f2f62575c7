/** Independent seeds for the parts of a run from its one seed. */
import { Mt19937 } from './mt19937.ts';

/** @param place Whole numbers that name the part, such as the layer's index and which of its weights. */
export function deriveSeed(seed: number, ...place: readonly number[]): number {
  return new Mt19937([seed, ...place]).nextUint32();
}
