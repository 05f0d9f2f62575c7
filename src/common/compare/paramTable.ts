/** Parameters and settings by run: what differs first, what all runs share by itself. */
import { printFlow } from '../recipe/printValue.ts';
import type { ComparedRun } from './comparedRun.ts';
import { settingsOf } from './settings.ts';

export interface ParamRow {
  /** A parameter's name, or a setting's path in the recipe. */
  readonly name: string;
  readonly isParam: boolean;
  /** One for each run; null where the run's recipe does not give it. */
  readonly values: readonly (string | null)[];
}

export interface ParamTable {
  readonly differing: readonly ParamRow[];
  readonly equal: readonly ParamRow[];
}

/** What a title says is no setting of the training. */
const TITLES: readonly string[] = ['name', 'description'];

export function paramTable(runs: readonly Pick<ComparedRun, 'params' | 'recipe'>[]): ParamTable {
  const columns = runs.map(cellsOf);
  const names = [...new Set(columns.flatMap((cells) => [...cells.keys()]))];
  const rows = names.map((name): ParamRow => {
    const values = columns.map((cells) => cells.get(name)?.text ?? null);
    return { name, isParam: columns.some((cells) => cells.get(name)?.isParam === true), values };
  });
  const differs = ({ values }: ParamRow) => values.some((value) => value !== values[0]);
  // Parameters are what a person plays with: they come before the rest.
  const sorted = [...rows.filter(({ isParam }) => isParam), ...rows.filter(({ isParam }) => !isParam)];
  return { differing: sorted.filter(differs), equal: sorted.filter((row) => !differs(row)) };
}

function cellsOf({ params, recipe }: Pick<ComparedRun, 'params' | 'recipe'>) {
  const cells = new Map<string, { text: string; isParam: boolean }>();
  for (const [name, value] of Object.entries(params)) {
    cells.set(name, { text: printFlow(value), isParam: true });
  }
  for (const { path, text, isParam } of settingsOf(recipe)) {
    // A setting that is a parameter is told under the parameter's name.
    if (!isParam && !TITLES.includes(path)) {
      cells.set(path, { text, isParam: false });
    }
  }
  return cells;
}
