/** Makes what a module leaves to chance follow the recipe's seed. */
import { Mt19937 } from '../random/mt19937.ts';

/** TensorFlow.js seeds every random operation without a seed, and so every initializer, by one call of Math.random. */
export function withSeededChance<T>(seed: number, run: () => T): T {
  const stream = new Mt19937(seed);
  const { random } = Math;
  Math.random = () => (stream.nextUint32() + 0.5) / 4294967296;
  try {
    return run();
  } finally {
    Math.random = random;
  }
}
