/** Statistics of short, noisy curves that ask nothing of the shape of their noise. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest values; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * The Mann–Kendall test for a trend: pairs that rise less pairs that fall, in standard deviations of what chance gives.
 * Beyond ±1.96 chance gives it once in twenty times. It asks for no straight line, and one outlier cannot make it.
 * (Mann 1945, Econometrica 13; Kendall, Rank Correlation Methods, 1975.)
 *
 * @returns 0 for fewer than four values, of which none could be told from chance.
 */
export function trendOf(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) {
    return 0;
  }
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    for (let k = i + 1; k < n; k += 1) {
      sum += Math.sign((values[k] as number) - (values[i] as number));
    }
  }
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return (sum - Math.sign(sum)) / deviation;
}

/** Chance gives a trend beyond this once in twenty times. */
export const SURE_TREND = 1.96;

/**
 * Standard deviation of what is left of a curve once its course is taken away, from second differences; their median,
 * so that single jumps do not count. 0 for fewer than three values.
 */
export function noiseOf(values: readonly number[]): number {
  const bends = values
    .slice(2)
    .map((value, i) => Math.abs(value - 2 * (values[i + 1] as number) + (values[i] as number)));
  // A normal deviate's median size is 0.6745 of its deviation, and three of them with weights 1, −2, 1 add up to √6 of it.
  return bends.length === 0 ? 0 : median(bends) / (0.6745 * Math.sqrt(6));
}

/** Running median of three, so that one lucky value is no best. */
export function smooth(values: readonly number[]): number[] {
  return values.map((value, i) => median([values[i - 1] ?? value, value, values[i + 1] ?? value]));
}

/** Place of the least value that its neighbours bear out: the lowest of the smoothed curve, and there of the curve itself. */
export function indexOfBest(values: readonly number[]): number {
  const around = indexOfLeast(smooth(values));
  const first = Math.max(0, around - 1);
  return first + indexOfLeast(values.slice(first, around + 2));
}

export function indexOfLeast(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value < (values[best] as number) ? i : best), 0);
}
