/** A comparison in words: how runs are called beside each other. */

import { folderOf } from './ancestry.ts';
import type { ComparedRun } from './comparedRun.ts';

/**
 * What tells each run from the others, shortest first: the parameters in which they differ, else the time in the folder's name.
 *
 * @returns One label a run; equal ones have a number.
 */
export function runLabels(runs: readonly Pick<ComparedRun, 'runFolder' | 'name' | 'params' | 'seed'>[]): string[] {
  const names = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))];
  const differing = names.filter((name) => runs.some(({ params }) => params[name] !== runs[0]?.params[name]));
  const isOneName = runs.every(({ name }) => name === runs[0]?.name);
  const seeds = runs.some(({ seed }) => seed !== runs[0]?.seed);
  const labels = runs.map(({ runFolder, name, params, seed }) => {
    const parts = [
      ...(isOneName ? [] : [name]),
      ...differing
        .slice(0, MOST_PARAMS)
        .flatMap((param) => (params[param] === undefined ? [] : [`${param} ${params[param]}`])),
      ...(seeds && seed !== null ? [`seed ${seed}`] : []),
    ];
    return parts.length === 0 ? timeOf(runFolder) : parts.join(', ');
  });
  return labels.map((label, index) => {
    const twins = labels.filter((other) => other === label).length;
    const { runFolder = '' } = runs[index] ?? {};
    return twins === 1 || label === timeOf(runFolder) ? label : `${label} · ${timeOf(runFolder)}`;
  });
}

/** More make a line that is not read. */
const MOST_PARAMS = 3;

/** `2026-11-24 12:15:00` of a folder named by its time; the folder's own name otherwise. */
function timeOf(runFolder: string): string {
  const folder = folderOf(runFolder);
  const [, year, month, day, hour, minute, second, number] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*?(-\d+)?$/.exec(folder) ?? [];
  return year === undefined
    ? folder
    : `${year}-${month}-${day} ${hour}:${minute}:${second}${number === undefined ? '' : ` (${number.slice(1)})`}`;
}
