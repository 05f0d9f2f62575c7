/** Reads a run for a comparison: epochs and results, never its steps, which may be millions. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beside, folderOf } from '../../common/compare/ancestry.ts';
import { type ComparedRun, toComparedRun } from '../../common/compare/comparedRun.ts';
import { SkilletError } from '../../common/errors.ts';
import { readSource } from '../../common/recipe/source.ts';
import type { Fork, Metrics } from '../../common/run/events.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { isInterrupted, readRunEpochs } from '../readRun.ts';

/** @throws {SkilletError} `run-unreadable`: the folder is no run. */
export async function readCompared(runFolder: string): Promise<ComparedRun> {
  const text = await readRunRecipe(runFolder);
  const run = await readRunEpochs(runFolder);
  return describeCompared(run, runFolder, text);
}

/** A folded run with what only its folder tells. */
export async function describeCompared(run: RunState, runFolder: string, recipeText: string): Promise<ComparedRun> {
  const recipe = readSource(recipeText).value;
  const name = (recipe as { name?: unknown } | null)?.name;
  return toComparedRun(run, {
    runFolder,
    isInterrupted: await isInterrupted(run, runFolder),
    forkPoint: run.start?.fork === undefined ? null : await findForkPoint(run.start.fork, runFolder),
    recipe,
    fallbackName: typeof name === 'string' ? name : folderOf(runFolder),
  });
}

/** @throws {SkilletError} `run-unreadable`: without its recipe a folder is no run. */
export async function readRunRecipe(runFolder: string): Promise<string> {
  return readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8').catch(() => {
    throw unreadable(runFolder, 'is no run.');
  });
}

/** More forks one behind the other are no tree but a fault. */
const MOST_FORKS = 100;

/** The metrics at the epoch that the fork stands on, which may be a parent's parent's; null where they are gone. */
async function findForkPoint(fork: Fork, runFolder: string): Promise<Metrics | null> {
  let folder = runFolder;
  let next: Fork | undefined = fork;
  for (let depth = 0; next !== undefined && depth < MOST_FORKS; depth += 1) {
    folder = beside(folder, next.run);
    const parent: RunState | null = await readRunEpochs(folder).catch(() => null);
    const found = parent?.epochs.find(({ epoch }) => epoch === fork.epoch);
    if (found !== undefined) {
      return found.metrics;
    }
    next = parent?.start?.fork;
  }
  return null;
}

function unreadable(runFolder: string, message: string): SkilletError {
  return new SkilletError('run-unreadable', runFolder, {
    message,
    remedy: 'Name a run folder, for example one under .skillet/runs.',
  });
}
