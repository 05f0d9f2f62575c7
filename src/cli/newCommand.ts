/** `skillet new`: a first recipe for a data file. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DELIMITERS } from '../common/data/delimiter.ts';
import { type DataProfile, estimateRows } from '../common/data/profile.ts';
import { SkilletError } from '../common/errors.ts';
import { formatCount } from '../common/format.ts';
import { didYouMean } from '../common/recipe/didYouMean.ts';
import { isRecipeFile } from '../common/recipe/recipeFile.ts';
import {
  findBlockers,
  suggestChoices,
  suggestLeaveOut,
  suggestTarget,
  suggestTask,
  type Task,
  targetsOf,
  tasksOf,
} from '../common/recipe/suggestChoices.ts';
import { suggestRecipe } from '../common/recipe/suggestRecipe.ts';
import { createRecipeAt, createRecipeFile } from '../node/data/createRecipe.ts';
import { profileCsv } from '../node/data/profileCsv.ts';
import { createScreen } from './screen.ts';
import { formatTable, printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);
const TASKS: readonly Task[] = ['regression', 'classification', 'forecast'];

export async function newCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      target: { type: 'string' },
      task: { type: 'string' },
      name: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const file = path.resolve(only(positionals, 'data file'));
  if (values.out !== undefined && !isRecipeFile(values.out)) {
    throw new SkilletError('cli-usage', '--out', {
      message: `"${values.out}" is no name of a recipe.`,
      remedy: 'Let it end in .recipe.yaml.',
    });
  }
  const profile = await profileWithProgress(file);
  refuseBlocked(profile, path.basename(file));
  const target = checkTarget(profile, values.target);
  const task = checkTask(profile, target ?? suggestTarget(profile).value, values.task);
  const folder = values.out === undefined ? path.dirname(file) : path.dirname(path.resolve(values.out));
  const csv = path.relative(folder, file).replaceAll(path.sep, '/');
  const suggested = suggestChoices(profile, csv, { target, task });
  const choices = values.name === undefined ? suggested : { ...suggested, name: values.name };
  const text = suggestRecipe(profile, choices);
  const made = values.out === undefined ? null : path.resolve(values.out);
  if (made !== null) {
    await createRecipeAt(made, text);
  }
  const recipe = made ?? (await createRecipeFile(folder, choices.name, text));
  describe(profile, choices.target, choices.task);
  print(
    `Made ${path.relative(process.cwd(), recipe)}. Train it: skillet train ${path.relative(process.cwd(), recipe)}`,
  );
  return EXIT.completed;
}

async function profileWithProgress(file: string): Promise<DataProfile> {
  const screen = createScreen(process.stdout);
  let shown = -1;
  try {
    return await profileCsv(file, {
      onProgress(share) {
        const percent = Math.floor(share * 100);
        if (percent > shown) {
          shown = percent;
          screen.redraw(printable(`Reading ${path.basename(file)}: ${percent} %`));
        }
      },
    });
  } finally {
    screen.redraw('');
  }
}

function refuseBlocked(profile: DataProfile, file: string): void {
  const [blocker] = findBlockers(profile);
  if (blocker !== undefined) {
    throw new SkilletError('data-unsuited', file, blocker);
  }
}

function checkTarget(profile: DataProfile, wanted: string | undefined): string | undefined {
  const names = targetsOf(profile).map(({ name }) => name);
  if (wanted === undefined || names.includes(wanted)) {
    return wanted;
  }
  const column = profile.columns.find(({ name }) => name === wanted);
  const guess = didYouMean(wanted, names);
  throw new SkilletError('cli-usage', '--target', {
    message:
      column === undefined
        ? `"${wanted}" is no column of ${profile.file}.`
        : `"${wanted}" cannot be predicted: it is ${column.type === 'id' ? 'an id' : `of type ${column.type}`}${column.why === null ? '' : ` (${column.why})`}.`,
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Columns to predict: ${names.join(', ')}.`,
  });
}

function checkTask(profile: DataProfile, target: string, wanted: string | undefined): Task | undefined {
  const allowed = tasksOf(profile, target);
  const task = TASKS.find((one) => one === wanted);
  if (wanted !== undefined && (task === undefined || !allowed.includes(task))) {
    throw new SkilletError('cli-usage', '--task', {
      message: `"${wanted}" ${task === undefined ? 'is no task' : `does not suit ${target}`}.`,
      remedy: `Tasks for ${target}: ${allowed.join(', ')}.`,
    });
  }
  return task;
}

/** What was found, and what was chosen and why. */
function describe(profile: DataProfile, target: string, task: Task): void {
  print(
    `${profile.file}: ${formatCount(estimateRows(profile))} rows, ${profile.columns.length} columns, ${DELIMITERS[profile.delimiter]}-separated`,
  );
  profile.notes.forEach(print);
  const left = suggestLeaveOut(profile, target);
  const rows = profile.columns.map(({ name, type, missing }) => [
    name === '' ? '(no name)' : name,
    type,
    missing === 0 ? '' : formatCount(missing),
    name === target ? 'target' : left.has(name) ? `left out: ${left.get(name)}` : '',
  ]);
  formatTable([['column', 'type', 'missing', ''], ...rows.map((row) => row.map(printable))], [2]).forEach(print);
  const [ofTarget, ofTask] = [suggestTarget(profile), suggestTask(profile, target)];
  const why = [
    ofTarget.value === target ? `target ${target} (${ofTarget.reason})` : `target ${target}`,
    ofTask.value === task ? `${task} (${ofTask.reason})` : task,
  ];
  print(`${why.join('; ')}.`);
}
