/** Bars and quantiles of a column. */
import type { Bar, NumberFigures } from '../../common/data/profile.ts';
import { formatNumber } from '../../common/format.ts';

const BINS = 20;

/** @param values Without NaN. @param write How an edge is written. */
export function toBars(values: Float64Array, write: (value: number) => string): Bar[] {
  const min = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const max = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  if (!(max > min)) {
    return [];
  }
  // Bars of whole numbers hold equally many of them, or the columns would rise and fall like a comb.
  const isWhole = values.every(Number.isInteger);
  const width = isWhole ? Math.ceil((max - min + 1) / BINS) : (max - min) / BINS;
  const bins = isWhole ? Math.ceil((max - min + 1) / width) : BINS;
  const counts = new Uint32Array(bins);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - min) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (count, bin) => {
    const from = min + bin * width;
    const to = isWhole ? from + width - 1 : from + width;
    return { label: from === to ? write(from) : `${write(from)} to ${write(to)}`, count };
  });
}

/** Whole numbers are written as such, others with about four digits. */
export function writeNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : formatNumber(value);
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Linear between neighbours, as NumPy takes them. @param values Without NaN. */
export function toQuantiles(values: Float64Array): NumberFigures['quantiles'] {
  const sorted = values.toSorted();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? Number.NaN;
    const high = sorted[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  };
  return SHARES.map(at) as unknown as NumberFigures['quantiles'];
}
