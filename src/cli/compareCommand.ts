/** `skillet compare`: results of runs side by side, and in what their recipes differ. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ancestry } from '../common/compare/ancestry.ts';
import type { ComparedRun } from '../common/compare/comparedRun.ts';
import { runLabels } from '../common/compare/compareText.ts';
import { diffRecipes } from '../common/compare/diffRecipes.ts';
import { meanText } from '../common/compare/meanText.ts';
import { type ParamTable, paramTable } from '../common/compare/paramTable.ts';
import { bestRuns, resultColumns, testCaveat } from '../common/compare/resultTable.ts';
import { seedGroups } from '../common/compare/seedGroups.ts';
import { readCompared } from '../node/compare/readCompared.ts';
import { someRuns } from './exportRunCommand.ts';
import { formatTable, printable } from './table.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function compareCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const runs: ComparedRun[] = [];
  for (const folder of someRuns(positionals, 2)) {
    runs.push(await readCompared(folder));
  }
  if (values.json === true) {
    print(JSON.stringify(toJson(runs)));
    return EXIT.completed;
  }
  const labels = runLabels(runs);
  printRuns(runs, labels);
  printResults(runs);
  printParams(paramTable(runs));
  return EXIT.completed;
}

function toJson(runs: readonly ComparedRun[]): object {
  const columns = resultColumns(runs);
  const { differing, equal } = paramTable(runs);
  return {
    runs: runs.map((run) => ({
      runFolder: run.runFolder,
      name: run.name,
      fork: run.fork,
      results: Object.fromEntries(columns.map(({ title, value }) => [title, value(run)])),
    })),
    differing,
    equal,
    changes: runs
      .slice(1)
      .map((run) => ({ runFolder: run.runFolder, changes: diffRecipes(runs[0]?.recipe, run.recipe) })),
  };
}

/** Numbers stand for runs in the tables below: folders are too long for columns. */
function printRuns(runs: readonly ComparedRun[], labels: readonly string[]): void {
  for (const { run, depth } of ancestry(runs)) {
    const number = runs.indexOf(run);
    const fork = run.fork === null ? '' : ` (from epoch ${run.fork.epoch} of ${run.fork.run})`;
    const indent = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
    print(
      `${indent}#${number + 1}  ${labels[number] ?? ''}${fork}   ${path.relative(process.cwd(), run.runFolder) || '.'}`,
    );
  }
  const caveat = testCaveat(runs);
  print('');
  if (caveat !== null) {
    print(`Note: ${caveat}`);
    print('');
  }
}

/** A row a result and a column a run: a terminal is higher than wide. */
function printResults(runs: readonly ComparedRun[]): void {
  const columns = resultColumns(runs);
  const groups = seedGroups(runs);
  const rows = columns.map((column) => {
    const best = bestRuns(column, runs);
    const title = column.unit === null ? column.title : `${column.title} (${column.unit})`;
    const means = groups.map(({ runs: group }) => meanText(column, group));
    return [title, ...runs.map((run) => `${column.text(run)}${best.includes(run) ? ' *' : '  '}`), ...means];
  });
  const numbers = runs.map((_, index) => `#${index + 1}  `);
  const heads = groups.map(({ runs: group }) => group.map((run) => `#${runs.indexOf(run) + 1}`).join(' '));
  const right = [...runs, ...groups].map((_, index) => index + 1);
  formatTable([['', ...numbers, ...heads.map((head) => `mean ± s.d. of ${head}`)], ...rows], right).forEach(print);
  if (rows.some((row) => row.some((cell) => cell.endsWith(' *')))) {
    print('* the best');
  }
  print('');
}

function printParams({ differing, equal }: ParamTable): void {
  if (differing.length === 0) {
    print(`All ${equal.length} settings of the recipes are equal.`);
    return;
  }
  const rows = differing.map(({ name, values }) => [name, ...values.map((value) => value ?? '—')]);
  const numbers = differing[0]?.values.map((_, index) => `#${index + 1}`) ?? [];
  formatTable([['differs', ...numbers], ...rows], []).forEach(print);
  print(`${equal.length} settings are equal.`);
}
