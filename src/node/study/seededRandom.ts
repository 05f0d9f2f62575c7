/** A small stream of random numbers from a seed, for searches that must go on the same after a break. */

/** @returns Numbers from 0 to below 1. Salmon's and Steele's SplitMix, in its 32-bit form, begun from all the parts. */
export function seededRandom(...parts: readonly number[]): () => number {
  let state = 0x9e3779b9;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  for (const part of parts) {
    state ^= part;
    state = next();
  }
  return () => next() / 2 ** 32;
}

/** One value of the standard normal distribution, by Box's and Muller's formula. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
