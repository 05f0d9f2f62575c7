/** Remembers a column's latest numbers, so that a row can be compared with one so many rows before. */

export interface EarlierRows {
  /** The number so many rows before the next one; NaN where there was none. */
  before(): number;
  add(value: number): void;
  /** The number so many rows before the row that lies `ahead` rows on, the next being 1; `ahead` is at most the reach. */
  beforeAhead(ahead: number): number;
}

export function createEarlierRows(reach: number): EarlierRows {
  const ring = new Float64Array(reach).fill(Number.NaN);
  let next = 0;
  return {
    before: () => ring[next] ?? Number.NaN,
    add(value) {
      ring[next] = value;
      next = (next + 1) % reach;
    },
    beforeAhead: (ahead) => ring[(next + ahead - 1) % reach] ?? Number.NaN,
  };
}
