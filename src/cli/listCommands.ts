/** `skillet runs`, `show` and `check`: what is there, without training. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatProblem, type Problem, SkilletError } from '../common/errors.ts';
import { formatAge, formatCount, formatNumber } from '../common/format.ts';
import { advise } from '../common/recipe/advice/advise.ts';
import { checkColumns } from '../common/recipe/language/checkColumns.ts';
import { readRecipeText } from '../common/recipe/language/recipeText.ts';
import { parseRecipe } from '../common/recipe/parse.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import { besideRun, diagnosisLines } from '../common/run/diagnosis/formatDiagnosis.ts';
import { isRunField, namesOfRuns, paramField, RUN_FIELDS } from '../common/run/runFields.ts';
import { parseRunFilter } from '../common/run/runFilter.ts';
import { RUNS_FOLDER } from '../common/run/runFolder.ts';
import type { RunSummary } from '../common/run/runSummary.ts';
import { NEWEST_FIRST, type RunSorting, sortRuns } from '../common/run/sortRuns.ts';
import { checkModule } from '../node/checkModule.ts';
import { checkData, placeProblems } from '../node/createRun.ts';
import { profileCsv } from '../node/data/profileCsv.ts';
import { diagnoseRun } from '../node/diagnoseRun.ts';
import { listRuns, summarizeRun } from '../node/listRuns.ts';
import { readColumns } from '../node/readColumns.ts';
import { isModelFolder } from '../node/readModel.ts';
import { readRun } from '../node/readRun.ts';
import { layersText } from './layersText.ts';
import { showModel } from './modelCommands.ts';
import { createProgress } from './progress.ts';
import { isStudyFolder, showStudy } from './showStudy.ts';
import { formatTable, printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const options = { json: { type: 'boolean' } } as const;

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

const runsOptions = {
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  filter: { type: 'string' },
  sort: { type: 'string' },
} as const;

export async function runsCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: runsOptions });
  const folder = path.resolve(positionals[0] ?? '.');
  const lists = await Promise.all((await foldersBelow(folder, RUNS_FOLDER)).map((one) => listRuns(one)));
  const all = lists.flat();
  const known = namesOfRuns(all);
  const filter = parseRunFilter(values.filter ?? '', all.length === 0 ? null : known);
  const now = Date.now();
  const left = all.filter(
    (run) => (values.all === true || filter.asksArchived || !run.annotations.archived) && filter.matches(run, now),
  );
  const runs = sortRuns(left, values.sort === undefined ? NEWEST_FIRST : parseSorting(values.sort, known.params), now);
  if (values.json === true) {
    print(JSON.stringify(runs));
  } else if (all.length === 0) {
    print(`No runs in ${folder}. Train a recipe: skillet train <recipe.yaml>`);
  } else {
    printRuns(runs, { total: all.length, now });
  }
  return EXIT.completed;
}

function printRuns(runs: readonly RunSummary[], { total, now }: { total: number; now: number }): void {
  if (runs.length > 0) {
    const head = ['age', 'recipe', 'status', 'epochs', 'result', 'best baseline', 'backend', 'folder', 'marks'];
    formatTable([head, ...runs.map((run) => toRow(run, now))], [0, 3, 4, 5]).forEach(print);
  }
  if (runs.length < total) {
    print(`${formatCount(runs.length)} of ${formatCount(total)} runs`);
  }
}

/** `rmse`, `-started` or `units`: a minus turns the order round. */
function parseSorting(text: string, params: readonly string[]): RunSorting {
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  const by = isRunField(name) ? name : params.includes(name) ? paramField(name) : null;
  if (by === null) {
    throw new SkilletError('cli-usage', '--sort', {
      message: `"${name}" is no field of these runs.`,
      remedy: `One of ${[...Object.keys(RUN_FIELDS), ...params].join(', ')}; a minus before it turns the order round.`,
    });
  }
  return { by, descending };
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
    run.status === 'paused' && run.pausedBecause === 'diskFull' ? 'paused (disk full)' : run.status,
    run.epochs === null ? '' : `${run.epochsDone}/${run.epochs}`,
    result === null ? '' : `${result.metric} ${formatNumber(result.value)}`,
    result === null ? '' : formatNumber(result.baseline),
    [run.backend ?? '', run.newerFormat === undefined ? '' : '(made by a newer Skillet)'].join(' ').trim(),
    path.relative(process.cwd(), run.runFolder),
    [
      run.annotations.starred ? '★' : '',
      run.fork === undefined ? '' : `from epoch ${run.fork.epoch}`,
      ...run.annotations.tags.map((tag) => `#${tag}`),
      run.annotations.archived ? 'archived' : '',
    ]
      .filter((mark) => mark !== '')
      .join(' '),
  ];
}

export async function showCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  if (await isStudyFolder(runFolder)) {
    return showStudy(runFolder, { json: values.json === true });
  }
  const summary = await summarizeRun(runFolder);
  if (summary === null && (await isModelFolder(runFolder))) {
    return showModel(runFolder, { json: values.json === true });
  }
  if (summary === null) {
    throw new SkilletError('run-unreadable', runFolder, {
      message: 'is no run.',
      remedy: 'Name a folder under .skillet/runs or .skillet/studies, or a model folder.',
    });
  }
  const run = await readRun(runFolder);
  const diagnoses = await diagnoseRun(runFolder, run);
  if (values.json === true) {
    print(JSON.stringify({ ...summary, diagnoses }));
    return EXIT.completed;
  }
  if (summary.newerFormat !== undefined) {
    print(`Warning: This run ${summary.newerFormat}`);
  }
  const progress = createProgress({ line: print, redraw: () => undefined, isTerminal: true, columns: 80 }, () => 0);
  progress.add([...(run.start === null ? [] : [run.start])]);
  progress.run.epochs = run.epochs;
  const results = [run.evaluation, ...run.forecasts, run.end];
  progress.add(results.filter((event) => event !== null));
  const layers = layersText(run);
  if (layers.length > 0) {
    ['', ...layers].forEach(print);
  }
  if (run.end === null) {
    print(`${summary.status}, ${summary.epochsDone} of ${summary.epochs ?? '?'} epochs done`);
  }
  besideRun(diagnoses).flatMap(diagnosisLines).forEach(print);
  return EXIT.completed;
}

/** Some seconds of reading. */
const MOST_BYTES = 64_000_000;

/** With a look at the data; a file that cannot be profiled is for the trainer to refuse. */
async function adviceOn(file: string, text: string): Promise<Problem[]> {
  const parsed = parseRecipe(text);
  const csv = parsed.recipe?.data.csv;
  const profile =
    csv === undefined
      ? null
      : await profileCsv(path.resolve(path.dirname(file), csv), { maxBytes: MOST_BYTES }).catch(() => null);
  return advise(text, parsed, profile);
}

/** Columns that the data file does not have; none where its header cannot be read, which is for the trainer to refuse. */
async function strangeColumns({ data }: Recipe, text: string, folder: string): Promise<Problem[]> {
  if (data.csv === undefined) {
    return [];
  }
  const file = path.resolve(folder, data.csv);
  const columns = await readColumns(file, [path.dirname(file)]);
  return columns === null ? [] : checkColumns(readRecipeText(text), columns);
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
  const missing = recipe === null ? [] : await checkData(recipe, path.dirname(file));
  const unusable = recipe === null ? null : await checkModule(recipe, path.dirname(path.resolve(file)));
  const strange = recipe === null || missing.length > 0 ? [] : await strangeColumns(recipe, text, path.dirname(file));
  const ofFiles = [...missing, ...(unusable === null ? [] : [unusable])];
  const errors = [...ofText, ...placeProblems(ofFiles, locate), ...strange];
  const warnings = errors.length > 0 ? [] : await adviceOn(file, text);
  const problems = [...errors, ...warnings];
  if (values.json === true) {
    print(JSON.stringify(problems));
  } else {
    for (const problem of problems) {
      print(formatProblem(problem, file));
    }
    if (errors.length === 0 && recipe !== null) {
      const model = recipe.module === null ? `${recipe.model.length} layers` : `a module of its own (${recipe.module})`;
      const advice =
        warnings.length === 0 ? '' : ` ${warnings.length} warning${warnings.length === 1 ? '' : 's'} above.`;
      print(`${file}: ${recipe.name}, ${model}, nothing is wrong.${advice}`);
    }
  }
  return errors.length > 0 ? EXIT.refused : EXIT.completed;
}
