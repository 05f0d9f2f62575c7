/** Runs that differ in nothing but their seed, and the mean of their results. */
import type { ComparedRun } from './comparedRun.ts';
import type { ResultColumn } from './resultTable.ts';
import { settingsOf } from './settings.ts';

export interface SeedGroup {
  readonly runs: readonly ComparedRun[];
}

export interface MeanAndSpread {
  readonly count: number;
  readonly mean: number;
  /** Of a sample: divided by n − 1. */
  readonly standardDeviation: number;
}

/** What may differ between runs of one group. */
const FREE: readonly string[] = ['name', 'description', 'train.seed'];

/** Groups of two and more, in the order of their first runs. A fork is no repetition of the run it came from. */
export function seedGroups(runs: readonly ComparedRun[]): SeedGroup[] {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = keyOf(run);
    if (key !== null) {
      groups.set(key, [...(groups.get(key) ?? []), run]);
    }
  }
  return [...groups.values()]
    .filter((group) => new Set(group.map(({ seed }) => seed)).size > 1)
    .map((group) => ({ runs: group }));
}

function keyOf({ recipe, params, fork, seed }: ComparedRun): string | null {
  const settings = settingsOf(recipe).filter(({ path }) => !FREE.includes(path));
  if (settings.length === 0 || seed === null) {
    return null;
  }
  const seedParams = settingsOf(recipe).some(({ path, isParam }) => path === 'train.seed' && isParam);
  const others = Object.entries(params).filter(([, value]) => !(seedParams && value === seed));
  return JSON.stringify([settings.map(({ path, text }) => [path, text]).sort(), others.sort(), fork]);
}

/** Over the runs that have a value; null where fewer than two have one. */
export function meanOf({ value }: ResultColumn, runs: readonly ComparedRun[]): MeanAndSpread | null {
  const numbers = runs.map(value).filter((one) => typeof one === 'number');
  if (numbers.length < 2) {
    return null;
  }
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { count: numbers.length, mean, standardDeviation: Math.sqrt(squares / (numbers.length - 1)) };
}
