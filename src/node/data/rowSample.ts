/** An even sample of a stream of rows, of fixed size: Vitter's algorithm R. */

export interface RowSample {
  /** Every row has the same chance to stay. @param row Its numbers, one a column; copied. */
  add(row: Float64Array): void;
  /** The sampled numbers of a column, NaN where it has none. */
  column(index: number): Float64Array;
  size(): number;
}

/** @param capacity Rows to keep. @param width Numbers in a row. */
export function createRowSample(capacity: number, width: number): RowSample {
  const kept = new Float64Array(capacity * width);
  let seen = 0;
  let state = 0x9e3779b9;
  // Marsaglia's xorshift32, always from the same seed: the same file gives the same profile.
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const size = () => Math.min(seen, capacity);
  return {
    add(row) {
      const place = seen < capacity ? seen : Math.floor(random() * (seen + 1));
      seen += 1;
      if (place < capacity) {
        kept.set(row, place * width);
      }
    },
    column: (index) => Float64Array.from({ length: size() }, (_, row) => kept[row * width + index] ?? Number.NaN),
    size,
  };
}
