/** Makes a run folder for a recipe, or refuses before anything is made. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Problem, SkilletError, toProblem } from '../common/errors.ts';
import { dataFiles } from '../common/recipe/dataFiles.ts';
import type { DatasetName } from '../common/recipe/datasets.ts';
import { type Overrides, overrideRecipe } from '../common/recipe/override.ts';
import { type ParsedRecipe, parseRecipe } from '../common/recipe/parse.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import { RUN_FILES, RUNS_FOLDER } from '../common/run/runFolder.ts';
import { checkModule } from './checkModule.ts';

/** A recipe that cannot be trained, with all that is wrong with it. */
export class RefusedRecipe extends Error {
  readonly recipeFile: string;
  readonly problems: readonly Problem[];

  constructor(recipeFile: string, problems: readonly Problem[]) {
    super(
      `${path.basename(recipeFile)} cannot be trained: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    );
    this.name = 'RefusedRecipe';
    this.recipeFile = recipeFile;
    this.problems = problems;
  }
}

export interface NewRun {
  /** Absolute path. */
  readonly recipeFile: string;
  /** The recipe's text where it is not the file's, whose folder the data's paths then still start from. */
  readonly text?: string;
  readonly overrides?: Overrides;
  /** The run's folder itself; it must not exist yet, or be empty. */
  readonly runFolder?: string;
  /** Folder that the run's folder is made in; `.skillet/runs` beside the recipe when absent. */
  readonly runsFolder?: string;
  readonly now: Date;
  /** Puts more into the folder before it appears. */
  fill?(draft: string): Promise<void>;
  /** Brings the data set that the recipe names onto this machine; without it the trainer takes it as there. */
  prepareDataset?(name: DatasetName): Promise<void>;
}

/**
 * The folder appears whole or not at all: it is filled under another name and then renamed.
 *
 * @throws {RefusedRecipe} The recipe, its data file or an override is wrong; nothing was made.
 * @throws {SkilletError} `run-folder`: the folder cannot be written.
 */
export async function createRun(run: NewRun): Promise<{ runFolder: string; recipeName: string }> {
  const read = await readRecipe(run);
  await bringDataset(read, run);
  const { text, recipe } = read;
  const { name } = recipe;
  const parent =
    run.runFolder === undefined
      ? (run.runsFolder ?? path.join(path.dirname(run.recipeFile), RUNS_FOLDER))
      : path.dirname(run.runFolder);
  try {
    await mkdir(parent, { recursive: true });
    await removeOldDrafts(parent, run.now);
    const draft = path.join(parent, `.new-${process.pid}-${run.now.getTime()}-${Math.trunc(performance.now() * 1000)}`);
    await mkdir(draft);
    try {
      await writeFile(path.join(draft, RUN_FILES.recipe), text);
      await writeFile(path.join(draft, RUN_FILES.control), '');
      await run.fill?.(draft);
      const runFolder =
        run.runFolder === undefined
          ? await renameFree(draft, path.join(parent, folderName(name, run.now)))
          : await renameTo(draft, run.runFolder);
      return { runFolder, recipeName: name };
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    throw error instanceof SkilletError ? error : folderError(parent, error);
  }
}

const DRAFT = /^\.new-\d+-(\d+)-\d+$/;
/** A draft that old was left by a process that died; that of a fork holds a checkpoint. */
const DRAFT_MS = 3_600_000;

async function removeOldDrafts(parent: string, now: Date): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, begunMs] = DRAFT.exec(name) ?? [];
    if (begunMs !== undefined && now.getTime() - Number(begunMs) > DRAFT_MS) {
      // What cannot be removed is no reason to train nothing.
      await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

interface ReadRecipe extends Pick<ParsedRecipe, 'locate'> {
  readonly text: string;
  readonly recipe: Recipe;
}

/** @throws {RefusedRecipe} */
export async function readRecipe({
  recipeFile,
  text: given,
  overrides,
}: Pick<NewRun, 'recipeFile' | 'text' | 'overrides'>): Promise<ReadRecipe> {
  try {
    const text = overrideRecipe(given ?? (await readText(recipeFile)), overrides ?? {});
    const { recipe, problems, locate } = parseRecipe(text);
    if (recipe === null) {
      throw new RefusedRecipe(recipeFile, problems);
    }
    const missing = await checkData(recipe, path.dirname(recipeFile));
    if (missing.length > 0) {
      throw new RefusedRecipe(recipeFile, placeProblems(missing, locate));
    }
    const unusable = await checkModule(recipe, path.dirname(recipeFile));
    if (unusable !== null) {
      throw new RefusedRecipe(recipeFile, placeProblems([unusable], locate));
    }
    return { text, recipe, locate };
  } catch (error) {
    throw error instanceof RefusedRecipe ? error : new RefusedRecipe(recipeFile, [toProblem(error, 'recipe')]);
  }
}

/** @throws {RefusedRecipe} The data set that the recipe names cannot be fetched. */
export async function bringDataset(
  { recipe, locate }: ReadRecipe,
  { recipeFile, prepareDataset }: Pick<NewRun, 'recipeFile' | 'prepareDataset'>,
): Promise<void> {
  if (recipe.data.dataset !== undefined) {
    await prepareDataset?.(recipe.data.dataset).catch((error: unknown) => {
      throw toDatasetFault(error, recipeFile, locate);
    });
  }
}

/** A fault of fetching stands on the line that asks for the data set. */
function toDatasetFault(error: unknown, recipeFile: string, locate: ParsedRecipe['locate']): unknown {
  return error instanceof SkilletError && error.code.startsWith('dataset-')
    ? new RefusedRecipe(recipeFile, placeProblems([{ ...toProblem(error, 'data'), path: 'data.dataset' }], locate))
    : error;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = error.code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be read: ${error.message}.`;
    throw new SkilletError('recipe-unreadable', 'recipe', {
      message,
      remedy: 'Check the path; recipes end in .recipe.yaml or .recipe.json.',
    });
  });
}

/**
 * What can be told of the data without reading it; the trainer tells the rest.
 *
 * @param folder The recipe's, which data paths are relative to.
 */
export async function checkData(recipe: Recipe, folder: string): Promise<Problem[]> {
  const checked = await Promise.all(
    dataFiles(recipe).map(async ({ field, file: asWritten }) => {
      const file = path.resolve(folder, asWritten);
      const found = await stat(file).catch(() => null);
      return found?.isFile()
        ? []
        : {
            code: 'data-not-found' as const,
            path: field,
            message: `"${asWritten}" is ${found === null ? 'not there' : 'no file'} (looked for ${file}).`,
            remedy: 'Give the path relative to the recipe.',
          };
    }),
  );
  return checked.flat();
}

/** Puts each problem on the line of its field. */
export function placeProblems(problems: readonly Problem[], locate: ParsedRecipe['locate']): Problem[] {
  return problems.map((problem) => {
    const range = locate(problem.path);
    return range === null ? problem : { ...problem, range };
  });
}

/** `20261124-121500-boston-housing`, in local time, so that names sort by age. */
export function folderName(recipeName: string, now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const slug = recipeName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${day}-${time}-${slug || 'run'}`;
}

/** Two runs may start in the same second: the later one gets a number. */
export async function renameFree(draft: string, wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? wanted : `${wanted}-${number}`;
    if (await exists(folder)) {
      continue;
    }
    try {
      await rename(draft, folder);
      return folder;
    } catch (error) {
      // Windows says EPERM for a folder that is there, but also for one that may not be made.
      if (!(await exists(folder))) {
        throw error;
      }
    }
  }
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null;
}

async function renameTo(draft: string, folder: string): Promise<string> {
  await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOTDIR') {
      throw new SkilletError('run-folder', folder, {
        message: 'is there already and not empty.',
        remedy: 'Name a folder that does not exist, or resume the run in it.',
      });
    }
    throw error;
  });
  return path.resolve(folder);
}

export function folderError(folder: string, error: unknown): SkilletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
        ? 'it is read-only'
        : message;
  return new SkilletError('run-folder', folder, {
    message: `cannot be written: ${why}.`,
    remedy: 'Free some space, or choose another folder for the run.',
  });
}
