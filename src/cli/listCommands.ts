/** `skillet runs`, `show` and `check`: what is there, without training. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatProblem, SkilletError } from '../common/errors.ts';
import { formatAge, formatNumber } from '../common/format.ts';
import { parseRecipe } from '../common/recipe/parse.ts';
import { RUNS_FOLDER } from '../common/run/runFolder.ts';
import { checkData } from '../node/createRun.ts';
import { listRuns, type RunSummary, summarizeRun } from '../node/listRuns.ts';
import { readRun } from '../node/readRun.ts';
import { createProgress } from './progress.ts';
import { formatTable, printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const options = { json: { type: 'boolean' } } as const;

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function runsCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const folder = path.resolve(positionals[0] ?? '.');
  const lists = await Promise.all((await foldersBelow(folder, RUNS_FOLDER)).map(listRuns));
  const runs = lists.flat().sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
  if (values.json === true) {
    print(JSON.stringify(runs));
  } else if (runs.length === 0) {
    print(`No runs in ${folder}. Train a recipe: skillet train <recipe.yaml>`);
  } else {
    const rows = runs.map((run) => toRow(run, Date.now()));
    formatTable(
      [['age', 'recipe', 'status', 'epochs', 'result', 'best baseline', 'backend', 'folder'], ...rows],
      [0, 3, 4, 5],
    ).forEach(print);
  }
  return EXIT.completed;
}

/** The folder itself, and the one called `name` of the recipes in it and one level below. */
export async function foldersBelow(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new SkilletError('run-unreadable', folder, {
      message: `cannot be read: ${error.message}.`,
      remedy: 'Name a folder with recipes or runs.',
    });
  });
  const below = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => path.join(folder, entry.name));
  return [folder, path.join(folder, name), ...below.map((inner) => path.join(inner, name))];
}

function toRow(run: RunSummary, now: number): string[] {
  const { result } = run;
  return [
    run.startedAt === null ? '' : formatAge(now - Date.parse(run.startedAt)),
    run.name,
    run.status,
    run.epochs === null ? '' : `${run.epochsDone}/${run.epochs}`,
    result === null ? '' : `${result.metric} ${formatNumber(result.value)}`,
    result === null ? '' : formatNumber(result.baseline),
    run.backend ?? '',
    path.relative(process.cwd(), run.runFolder),
  ];
}

export async function showCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  const summary = await summarizeRun(runFolder);
  if (summary === null) {
    throw new SkilletError('run-unreadable', runFolder, {
      message: 'is no run.',
      remedy: 'Name a folder under .skillet/runs.',
    });
  }
  if (values.json === true) {
    print(JSON.stringify(summary));
    return EXIT.completed;
  }
  const run = await readRun(runFolder);
  const progress = createProgress({ line: print, redraw: () => undefined, isTerminal: true, columns: 80 }, () => 0);
  progress.add([...(run.start === null ? [] : [run.start])]);
  progress.run.epochs = run.epochs;
  progress.add([...(run.evaluation === null ? [] : [run.evaluation]), ...(run.end === null ? [] : [run.end])]);
  if (run.end === null) {
    print(`${summary.status}, ${summary.epochsDone} of ${summary.epochs ?? '?'} epochs done`);
  }
  return EXIT.completed;
}

export async function checkCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const file = only(positionals, 'recipe');
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new SkilletError('recipe-unreadable', file, {
      message: `cannot be read: ${error.message}.`,
      remedy: 'Check the path.',
    });
  });
  const { recipe, problems: ofText, locate } = parseRecipe(text);
  const missing =
    recipe === null ? null : await checkData(path.resolve(path.dirname(file), recipe.data.csv), recipe.data.csv);
  const range = locate('data.csv');
  const problems = missing === null ? ofText : [range === null ? missing : { ...missing, range }];
  if (values.json === true) {
    print(JSON.stringify(problems));
  } else {
    for (const problem of problems) {
      print(formatProblem(problem, file));
    }
    if (recipe !== null && missing === null) {
      print(`${file}: ${recipe.name}, ${recipe.model.length} layers, nothing is wrong.`);
    }
  }
  return problems.length > 0 ? EXIT.refused : EXIT.completed;
}
