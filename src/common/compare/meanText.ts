/** The mean of a result over runs, in words. */
import { formatNumber } from '../format.ts';
import type { ComparedRun } from './comparedRun.ts';
import type { ResultColumn } from './resultTable.ts';
import { meanOf } from './seedGroups.ts';

/** `3.51 ± 0.12`; nothing for what is no result. The number of runs where not all have one. */
export function meanText(column: ResultColumn, runs: readonly ComparedRun[]): string {
  const mean = column.kind === 'measure' ? meanOf(column, runs) : null;
  if (mean === null) {
    return '';
  }
  const count = mean.count === runs.length ? '' : ` (n = ${mean.count})`;
  return `${formatNumber(mean.mean)} ± ${formatNumber(mean.standardDeviation)}${count}`;
}
