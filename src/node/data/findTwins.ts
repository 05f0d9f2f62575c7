/** Finds columns of numbers that say the same but for their unit. */
import type { Twin } from '../../common/data/profile.ts';

const SAME = 0.999;
/** Work grows with the square of the columns. */
const MOST_COLUMNS = 150;
const MOST_TWINS = 200;
const FEW_ROWS = 10;

/** @param columns Sampled numbers of each, NaN where a row has none. */
export function findTwins(columns: readonly { readonly name: string; readonly values: Float64Array }[]): Twin[] {
  const compared = columns.slice(-MOST_COLUMNS);
  const twins: Twin[] = [];
  for (const [index, a] of compared.entries()) {
    for (const b of compared.slice(index + 1)) {
      const r = correlation(a.values, b.values);
      if (Math.abs(r) > SAME && twins.length < MOST_TWINS) {
        twins.push({ a: a.name, b: b.name, correlation: r });
      }
    }
  }
  return twins;
}

/** Pearson's r over the rows that have both; 0 where there are too few of them, or one does not vary. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [count, meanA, meanB] = [0, 0, 0];
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let row = 0; row < a.length; row += 1) {
    const x = a[row] ?? Number.NaN;
    const y = b[row] ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) {
      continue;
    }
    count += 1;
    const stepA = x - meanA;
    const stepB = y - meanB;
    meanA += stepA / count;
    meanB += stepB / count;
    squaresA += stepA * (x - meanA);
    squaresB += stepB * (y - meanB);
    products += stepA * (y - meanB);
  }
  const size = Math.sqrt(squaresA * squaresB);
  return count < FEW_ROWS || size === 0 ? 0 : products / size;
}
