/** `skillet train` and `skillet resume`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { besideRun, diagnosisLines } from '../common/run/diagnosis/formatDiagnosis.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { createRun } from '../node/createRun.ts';
import { recipeDataset } from '../node/datasets/recipeDataset.ts';
import { diagnoseRun } from '../node/diagnoseRun.ts';
import { isInterrupted, readRun } from '../node/readRun.ts';
import { startTrainer } from '../node/startTrainer.ts';
import { fetchDatasetHere } from './datasetHere.ts';
import { engineHere } from './engineHere.ts';
import { followRun } from './follow.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

export const viewOptions = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  detach: { type: 'boolean' },
} as const;
const observe = { type: 'boolean' } as const;

interface View {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly detach?: boolean | undefined;
}

/** @param trainerFile The trainer's bundle. */
export async function trainCommand(args: string[], trainerFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...viewOptions,
      observe,
      param: { type: 'string', multiple: true },
      epochs: { type: 'string' },
      seed: { type: 'string' },
      device: { type: 'string' },
      out: { type: 'string' },
      'run-dir': { type: 'string' },
    },
  });
  const recipeFile = path.resolve(only(positionals, 'recipe'));
  const engine = await engineHere();
  const now = new Date();
  const { runFolder } = await createRun({
    recipeFile,
    now,
    prepareDataset: async (name) => {
      await fetchDatasetHere(name, { isQuiet: values.quiet === true || values.json === true });
    },
    overrides: {
      params: toParams('--param', values.param ?? []),
      ...(values.epochs === undefined ? {} : { epochs: wholeNumber('--epochs', values.epochs) }),
      ...(values.seed === undefined ? {} : { seed: wholeNumber('--seed', values.seed) }),
      ...(values.device === undefined ? {} : { device: values.device }),
    },
    ...(values.out === undefined ? {} : { runsFolder: path.resolve(values.out) }),
    ...(values['run-dir'] === undefined ? {} : { runFolder: path.resolve(values['run-dir']) }),
  });
  const { pid } = await startTrainer({
    ...{ runFolder, recipeFile, trainerFile, execPath: process.execPath, engine },
    observe: values.observe === true,
  });
  return follow({ runFolder, pid, since: now }, values);
}

export async function resumeCommand(args: string[], trainerFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...viewOptions, observe },
  });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  const run = await readRun(runFolder);
  const isOver = run.status === 'completed' || (run.status === 'failed' && run.checkpoint === null);
  if (run.recipeFile === null || isOver || (run.end === null && !(await isInterrupted(run, runFolder)))) {
    const why =
      run.recipeFile === null
        ? 'it is no run, or has not begun'
        : isOver
          ? `it has ${run.status === 'failed' ? 'failed' : 'trained to its end'}`
          : 'it is still training';
    throw new SkilletError('run-not-resumable', runFolder, {
      message: `cannot be resumed: ${why}.`,
      remedy: 'Resume a run that was stopped or interrupted.',
    });
  }
  const dataset = await recipeDataset(path.join(runFolder, RUN_FILES.recipe));
  if (dataset !== null) {
    await fetchDatasetHere(dataset, { isQuiet: values.quiet === true || values.json === true });
  }
  const since = new Date();
  const { pid } = await startTrainer({
    runFolder,
    recipeFile: run.recipeFile,
    trainerFile,
    execPath: process.execPath,
    engine: await engineHere(),
    resume: true,
    observe: values.observe === true,
  });
  return follow({ runFolder, pid, since }, values);
}

/** Shows a run that was just started, as far as is asked for. */
export async function follow(run: { runFolder: string; pid: number; since: Date }, view: View): Promise<number> {
  if (view.detach === true) {
    process.stdout.write(`${run.runFolder}\n`);
    return EXIT.completed;
  }
  const format = view.json === true ? 'json' : view.quiet === true ? 'quiet' : 'progress';
  const code = await followRun({ ...run, format });
  if (format === 'progress') {
    // Read anew: what the terminal was told may begin in the middle, as after a resume.
    const diagnoses = code === EXIT.interrupted ? [] : await diagnoseRun(run.runFolder, await readRun(run.runFolder));
    for (const line of besideRun(diagnoses).flatMap(diagnosisLines)) {
      process.stdout.write(`${printable(line)}\n`);
    }
    process.stdout.write(`${printable(`Run folder: ${path.relative(process.cwd(), run.runFolder) || '.'}`)}\n`);
  }
  return code;
}

/** The one positional argument of a command. */
export function only(positionals: readonly string[], thing: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) {
    const message =
      first === undefined ? `no ${thing} is named.` : `one ${thing} at a time, not ${positionals.length}.`;
    throw new SkilletError('cli-usage', thing, { message, remedy: 'See skillet --help.' });
  }
  return first;
}

export function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new SkilletError('cli-usage', option, {
      message: `"${text}" is no whole number.`,
      remedy: `Write ${option} 5, for example.`,
    });
  }
  return Number(text);
}

/** `units=32` → `{ units: '32' }`; the recipe's own value says which type it becomes. */
export function toParams(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) {
        throw new SkilletError('cli-usage', option, {
          message: `"${text}" has no name and value.`,
          remedy: `Write ${option} units=32, for example.`,
        });
      }
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
