/** Starts and resumes training: checks the recipe, makes the run folder, starts the detached trainer. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../common/errors.ts';
import { SkilletError, toProblem } from '../common/errors.ts';
import type { DatasetName } from '../common/recipe/datasets.ts';
import type { Overrides } from '../common/recipe/override.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import type { NewFork } from '../node/forkRun.ts';
import type { Engine } from '../node/runtime/findEngine.ts';
import { findEngineHere } from './machine/engineHere.ts';
import type { StartedRun } from './runs/runIndex.ts';

export interface Training {
  /** Gives the new run's folder, or what is wrong; nothing was made then. */
  train(recipe: vscode.Uri, overrides?: Overrides): Promise<TrainingStart>;
  /** A new run that goes on from an epoch of another; gives its folder and recipe, or what is wrong. */
  fork(fork: Pick<NewFork, 'parentFolder' | 'epoch' | 'set'>): Promise<ForkStart>;
  resume(run: { readonly runFolder: string; readonly recipeFile: string }): Promise<TrainingStart>;
}

export type TrainingStart = { readonly runFolder: string } | { readonly problems: readonly Problem[] };

export type ForkStart =
  | { readonly runFolder: string; readonly recipeFile: string }
  | { readonly problems: readonly Problem[] };

export interface TrainingOptions {
  readonly trainerFile: string;
  readonly output: vscode.LogOutputChannel;
  /** Called when a trainer has been started. */
  onStart(started: StartedRun): void;
}

export function createTraining({ trainerFile, output, onStart }: TrainingOptions): Training {
  const launch = async (run: { runFolder: string; recipeFile: string; engine: Engine; resume?: boolean }) => {
    const { startTrainer } = await import('../node/startTrainer.ts');
    // In the desktop this is Electron, which startTrainer asks to be a plain Node.
    const { pid } = await startTrainer({ ...run, trainerFile, execPath: process.execPath });
    output.info(`${run.resume === true ? 'Resumed' : 'Started'} ${run.runFolder} (process ${pid})`);
    onStart({ recipeFile: run.recipeFile, runFolder: run.runFolder, pid });
    return { runFolder: run.runFolder };
  };
  return {
    async train(recipe, overrides) {
      if (!vscode.workspace.isTrusted) {
        return { problems: [toProblem(untrusted(recipe.fsPath), recipe.fsPath)] };
      }
      const { createRun, RefusedRecipe } = await import('../node/createRun.ts');
      try {
        const engine = await findEngineHere();
        await saveOpen(recipe);
        const { runFolder } = await createRun({
          recipeFile: recipe.fsPath,
          overrides: { ...deviceSetting(recipe), ...overrides },
          prepareDataset: (name) => prepareDataset(name, output),
          now: new Date(),
        });
        return await launch({ runFolder, recipeFile: recipe.fsPath, engine });
      } catch (error) {
        const problems = error instanceof RefusedRecipe ? error.problems : [toProblem(error, recipe.fsPath)];
        output.warn(
          `Refused ${recipe.fsPath}: ${problems.map((problem) => `${problem.path}: ${problem.message}`).join(' ')}`,
        );
        return { problems };
      }
    },
    async fork(asked) {
      const { parentFolder } = asked;
      if (!vscode.workspace.isTrusted) {
        return { problems: [toProblem(untrusted(parentFolder), parentFolder)] };
      }
      const [{ forkRun }, { RefusedRecipe }] = await Promise.all([
        import('../node/forkRun.ts'),
        import('../node/createRun.ts'),
      ]);
      try {
        const engine = await findEngineHere();
        const made = await forkRun({
          ...asked,
          prepareDataset: (name) => prepareDataset(name, output),
          now: new Date(),
        });
        await launch({ ...made, engine });
        return made;
      } catch (error) {
        return { problems: error instanceof RefusedRecipe ? error.problems : [toProblem(error, parentFolder)] };
      }
    },
    async resume(run) {
      try {
        await refuseResume(run);
        const { recipeDataset } = await import('../node/datasets/recipeDataset.ts');
        const dataset = await recipeDataset(path.join(run.runFolder, RUN_FILES.recipe));
        if (dataset !== null) {
          await prepareDataset(dataset, output);
        }
        return await launch({ ...run, engine: await findEngineHere(), resume: true });
      } catch (error) {
        return { problems: [toProblem(error, run.runFolder)] };
      }
    },
  };
}

/** Loaded when a recipe names a data set: most do not. */
async function prepareDataset(name: DatasetName, output: vscode.LogOutputChannel): Promise<void> {
  const { fetchDatasetInEditor } = await import('./machine/fetchDataset.ts');
  await fetchDatasetInEditor(name, output);
}

export function untrusted(thing: string): SkilletError {
  return new SkilletError('untrusted', thing, {
    message:
      'Training runs in trusted workspaces only: a recipe names files to read, folders to write and modules to run.',
    remedy: 'Trust the workspace (Workspaces: Manage Workspace Trust), then train.',
  });
}

/** Two trainers must not write one folder. */
async function refuseResume({ runFolder }: { readonly runFolder: string }): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw untrusted(runFolder);
  }
  const { summarizeRun } = await import('../node/listRuns.ts');
  const status = (await summarizeRun(runFolder))?.status;
  if (status === 'running' || status === 'paused' || status === 'completed') {
    throw new SkilletError('run-not-resumable', runFolder, {
      message: `cannot be resumed: it is ${status}.`,
      remedy: 'Resume a run that was stopped or interrupted.',
    });
  }
}

/** What is trained is what the editor shows. */
export async function saveOpen(recipe: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === recipe.toString());
  if (document?.isDirty) {
    if (!(await document.save())) {
      throw new SkilletError('recipe-unreadable', recipe.fsPath, {
        message: 'has changes that could not be saved.',
        remedy: 'Save the recipe, then train.',
      });
    }
  }
}

/** `skillet.device` speaks for recipes only where a person has set it. */
function deviceSetting(recipe: vscode.Uri): Overrides {
  const device = vscode.workspace.getConfiguration('skillet', recipe).get<string>('device', '');
  return device === '' ? {} : { device };
}
