/** Turns what was counted of a column into its profile. */
import type { Bar, ColumnProfile, ColumnType, NumberFigures, WordCount } from '../../common/data/profile.ts';
import type { Tally } from './columnTally.ts';
import { decideType } from './columnType.ts';
import { toBars, toQuantiles, writeNumber } from './histogram.ts';

const EXAMPLES = 3;
const MOST_WORDS = 20;

/** @param sampled The column's sampled numbers, NaN where a row has none. */
export function toColumnProfile(name: string, tally: Tally, sampled: Float64Array): ColumnProfile {
  const { type, why } = decideType(name, tally);
  const words = tally.isCapped ? [] : commonest(tally.words);
  const values = sampled.filter((value) => !Number.isNaN(value));
  const isDate = tally.numberCount < tally.filled;
  return {
    name,
    type,
    why,
    filled: tally.filled,
    missing: tally.missing,
    distinct: tally.words.size,
    isDistinctCapped: tally.isCapped,
    examples: [...tally.words.keys()].slice(0, EXAMPLES).map((word) => word.slice(0, 60)),
    words,
    numbers: toNumbers(tally, values),
    time: type === 'time' ? tally.times.finish(isDate) : null,
    bars: barsOf(type, { values, words, isDate, filled: tally.filled }),
    strays: tally.numberCount > 0 && tally.numberCount < tally.filled ? tally.strays : null,
  };
}

function commonest(words: ReadonlyMap<string, number>): WordCount[] {
  return [...words]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_WORDS)
    .map(([word, count]) => ({ word: word.slice(0, 60), count }));
}

function toNumbers(tally: Tally, values: Float64Array): NumberFigures | null {
  if (tally.numberCount < 0.5 * tally.filled || tally.numberCount === 0) {
    return null;
  }
  const { min, max, mean, deviation } = tally;
  return { min, max, mean, deviation, quantiles: toQuantiles(values) };
}

interface Drawn {
  readonly values: Float64Array;
  readonly words: readonly WordCount[];
  readonly isDate: boolean;
  readonly filled: number;
}

function barsOf(type: ColumnType, { values, words, isDate, filled }: Drawn): Bar[] {
  if (type === 'category') {
    const bars = words.map(({ word, count }) => ({ label: word, count }));
    const rest = filled - bars.reduce((sum, { count }) => sum + count, 0);
    return rest > 0 ? [...bars, { label: 'all others', count: rest }] : bars;
  }
  if (type === 'number' || type === 'whole number') {
    return toBars(values, writeNumber);
  }
  return type === 'time' ? toBars(values, isDate ? writeDay : writeNumber) : [];
}

function writeDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
