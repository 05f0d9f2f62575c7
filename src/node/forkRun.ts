/** Makes a run folder that goes on from an epoch of another run, with other parameters. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { forkFields } from '../common/recipe/forkFields.ts';
import { forkProblems } from '../common/recipe/forkProblems.ts';
import { type Overrides, overrideRecipe } from '../common/recipe/override.ts';
import { parseRecipe } from '../common/recipe/parse.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import { setFields } from '../common/recipe/setFields.ts';
import { CHECKPOINT_FILES } from '../common/run/checkpointFiles.ts';
import { FORK_FILES, type ForkFile } from '../common/run/forkFile.ts';
import { newerFormat } from '../common/run/formatVersion.ts';
import type { RunState } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { STUDY_FILES } from '../common/study/studyFolder.ts';
import { createRun, type NewRun, placeProblems, RefusedRecipe, readRecipe } from './createRun.ts';
import { readRunEpochs } from './readRun.ts';
import { type RunCheckpoint, runCheckpoints } from './runCheckpoints.ts';

export interface NewFork {
  /** Absolute path of the run to go on from; it may be at work still. */
  readonly parentFolder: string;
  /** The fork's first epoch is the one after this. */
  readonly epoch: number;
  readonly overrides?: Overrides;
  /** Name → value as it is typed; see `setFields`. */
  readonly set?: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly prepareDataset?: NewRun['prepareDataset'];
}

/**
 * The new folder stands beside the other run's and needs it no longer: it takes along what it begins with.
 *
 * @returns Also the recipe file that the other run was asked to train: data paths are relative to its folder.
 * @throws {RefusedRecipe} A change that a fork cannot make, or a wrong value; nothing was made.
 * @throws {SkilletError} `run-not-forkable`, `run-folder`: nothing was made.
 */
export async function forkRun(fork: NewFork): Promise<{ runFolder: string; recipeName: string; recipeFile: string }> {
  const { parentFolder, epoch } = fork;
  const asked = await openParent(parentFolder);
  const source = await findSource(asked, epoch);
  const { recipeFile } = asked;
  const text = await changedText(asked, fork);
  const { recipe, locate } = await readRecipe({ recipeFile, text });
  const problems = forkProblems(source.recipe, recipe, epoch);
  if (problems.length > 0) {
    throw new RefusedRecipe(recipeFile, placeProblems(problems, locate));
  }
  await findBase(source, epoch); // Refused before anything is made.
  const made = await createRun({
    recipeFile,
    text,
    runsFolder: path.dirname(parentFolder),
    now: fork.now,
    ...(fork.prepareDataset === undefined ? {} : { prepareDataset: fork.prepareDataset }),
    fill: (draft) => takeAlong(path.join(draft, RUN_FILES.fork), source, epoch),
  });
  return { ...made, recipeFile };
}

interface Parent {
  readonly folder: string;
  readonly run: RunState;
  readonly recipeFile: string;
  readonly recipe: Recipe;
  readonly text: string;
}

/** @throws {SkilletError} `run-not-forkable` */
async function openParent(folder: string): Promise<Parent> {
  const run = await readRunEpochs(folder);
  const text = await readFile(path.join(folder, RUN_FILES.recipe), 'utf8').catch(() => '');
  const { recipe } = parseRecipe(text);
  const newer = newerFormat(run.version);
  if (newer !== null) {
    throw refuse(folder, newer, 'Bring Skillet up to date.');
  }
  if (run.recipeFile === null || run.start === null) {
    throw refuse(folder, 'is no run, or has not begun to train.', 'Name the folder of a run.');
  }
  if (recipe === null) {
    throw refuse(folder, `has a ${RUN_FILES.recipe} that this version cannot read.`, 'Train its recipe anew.');
  }
  const study = path.join(path.dirname(path.dirname(folder)), STUDY_FILES.events);
  if ((await stat(study).catch(() => null)) !== null) {
    throw refuse(folder, 'is a trial of a study.', 'Train the recipe with its parameters; fork that run.');
  }
  return { folder, run, recipeFile: run.recipeFile, recipe, text };
}

/** The run that has trained this epoch itself: what a fork stands on belongs to the one before it. */
async function findSource(asked: Parent, epoch: number): Promise<Parent> {
  const done = asked.run.epochs.at(-1)?.epoch ?? asked.run.start?.fork?.epoch ?? 0;
  if (!Number.isSafeInteger(epoch) || epoch < 1 || epoch > done) {
    const span = done === 0 ? 'It has finished no epoch yet.' : `It has finished epochs 1 to ${done}.`;
    throw refuse(asked.folder, `cannot be forked from epoch ${epoch}. ${span}`, 'Name a finished epoch.');
  }
  let source = asked;
  const seen = new Set<string>();
  while (source.run.start?.fork !== undefined && epoch <= source.run.start.fork.epoch) {
    if (seen.has(source.folder)) {
      throw refuse(asked.folder, 'is damaged: it and the run it was forked from name each other.', 'Fork another run.');
    }
    seen.add(source.folder);
    source = await openParent(path.join(path.dirname(source.folder), source.run.start.fork.run));
  }
  return source;
}

async function changedText(
  { text, recipeFile, recipe }: Parent,
  { overrides = {}, set = {} }: NewFork,
): Promise<string> {
  try {
    return setFields(overrideRecipe(text, overrides), set, forkFields(text, recipe));
  } catch (error) {
    throw error instanceof SkilletError ? new RefusedRecipe(recipeFile, [error]) : error;
  }
}

interface Base {
  /** Null: the epochs are trained again from the first. */
  readonly checkpoint: string | null;
  /** Epochs that it has behind it. */
  readonly epoch: number;
}

/** @throws {SkilletError} `run-not-forkable`: a fork of a fork whose own beginning is lost. */
async function findBase({ folder, run }: Parent, epoch: number): Promise<Base> {
  const checkpoints = await runCheckpoints(path.join(folder, RUN_FILES.checkpoints));
  const usable = checkpoints.findLast(({ place }) => place !== null && isBefore(place, epoch));
  if (usable?.place) {
    return { checkpoint: usable.name, epoch: usable.place.epoch };
  }
  if (run.start?.fork !== undefined) {
    throw refuse(
      folder,
      `is a fork itself, and ${damagedWords(checkpoints)}it has no checkpoint from before epoch ${epoch}.`,
      `Fork ${run.start.fork.run} from epoch ${run.start.fork.epoch} instead.`,
    );
  }
  return { checkpoint: null, epoch: 0 };
}

function isBefore(place: NonNullable<RunCheckpoint['place']>, epoch: number): boolean {
  return place.epoch < epoch || (place.epoch === epoch && place.stepInEpoch === 0);
}

function damagedWords(checkpoints: readonly RunCheckpoint[]): string {
  const damaged = checkpoints.filter(({ place }) => place === null).length;
  return damaged === 0 ? '' : `${damaged} of its checkpoints ${damaged === 1 ? 'is' : 'are'} damaged, and `;
}

async function takeAlong(folder: string, source: Parent, epoch: number): Promise<void> {
  await mkdir(folder);
  const base = await copyBase(path.join(folder, FORK_FILES.checkpoints), source, epoch);
  const { start, epochs, backend } = source.run;
  const first = start?.fork ?? { epoch: 0, step: 0 };
  const file: ForkFile = {
    version: 1,
    run: path.basename(source.folder),
    epoch,
    step: first.step + (epoch - first.epoch) * (start?.stepsPerEpoch ?? 0),
    backend: backend?.name ?? null,
    hasBeginning: start?.fork === undefined,
    recorded: epochs
      .filter((record) => record.epoch > base.epoch && record.epoch <= epoch)
      .map((record) => ({ epoch: record.epoch, metrics: record.metrics })),
  };
  await writeFile(path.join(folder, FORK_FILES.fork), `${JSON.stringify(file)}\n`);
  await writeFile(path.join(folder, FORK_FILES.recipe), source.text);
}

/** A run that is still at work may thin out its checkpoints meanwhile: then there is another one. */
async function copyBase(folder: string, source: Parent, epoch: number): Promise<Base> {
  for (;;) {
    const base = await findBase(source, epoch);
    if (base.checkpoint === null) {
      return base;
    }
    const from = path.join(source.folder, RUN_FILES.checkpoints, base.checkpoint);
    const to = path.join(folder, base.checkpoint);
    await mkdir(to, { recursive: true });
    try {
      for (const name of Object.values(CHECKPOINT_FILES)) {
        await copyFile(path.join(from, name), path.join(to, name), constants.COPYFILE_FICLONE);
      }
      return base;
    } catch (error) {
      await rm(to, { recursive: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw error;
      }
    }
  }
}

function refuse(folder: string, message: string, remedy: string): SkilletError {
  return new SkilletError('run-not-forkable', folder, { message, remedy });
}
