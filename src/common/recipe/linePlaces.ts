/** From an offset in a text to its line and column; yaml's own counter misses lines behind some errors. */

export interface LinePlace {
  /** Both from 1. */
  readonly line: number;
  readonly col: number;
}

/** @returns A function for any offset; one behind the text stands for its end. */
export function linePlaces(text: string): (offset: number) => LinePlace {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return (offset) => {
    const inside = Math.max(0, Math.min(text.length, offset));
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      [low, high] = (starts[middle] ?? 0) <= inside ? [middle, high] : [low, middle];
    }
    return { line: low + 1, col: inside - (starts[low] ?? 0) + 1 };
  };
}
