/** Starts and resumes studies: checks the recipe, makes the study's folder, starts its detached process. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { DatasetName } from '../../common/recipe/datasets.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import { STUDIES_FOLDER, STUDY_FILES } from '../../common/study/studyFolder.ts';
import { overrideTune, type TuneOverrides } from '../../common/study/tuneText.ts';
import { bringDataset, folderError, folderName, RefusedRecipe, readRecipe, renameFree } from '../createRun.ts';
import type { Engine } from '../runtime/findEngine.ts';
import { spawnDetached } from '../spawnDetached.ts';
import { applyCloudTuning, type CloudFile } from './cloudTuning.ts';
import { isStudyInterrupted, readStudy } from './readStudy.ts';

/** What a study's process needs besides its folder. */
export interface StudyPrograms {
  /** Bundle of the study's process, `dist/study.mjs`. */
  readonly studyFile: string;
  readonly trainerFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
  readonly engine: Engine;
}

export interface NewStudy extends StudyPrograms {
  /** Absolute path. */
  readonly recipeFile: string;
  readonly overrides?: TuneOverrides;
  /** A `cloudml_tuning.yml` in place of the recipe's own `tune:`. */
  readonly cloud?: CloudFile;
  readonly now: Date;
  /** Brings the data set that the recipe names onto this machine; without it the trials take it as there. */
  prepareDataset?(name: DatasetName): Promise<void>;
}

export interface StartedStudy {
  readonly studyFolder: string;
  readonly pid: number;
  /** Sentences that a person should read: what a cloud file's words were taken to mean. */
  readonly notes: readonly string[];
}

/**
 * @throws {RefusedRecipe} The recipe, its `tune:`, its data or the cloud file is wrong; nothing was made.
 * @throws {SkilletError} `run-folder`: the folder cannot be written. `study-died`: the process cannot be started.
 */
export async function startStudy(study: NewStudy): Promise<StartedStudy> {
  const { recipeFile, cloud, now } = study;
  const read = await readRecipe({ recipeFile });
  const applied = cloud === undefined ? { text: read.text, notes: [] } : applyCloudTuning(read.text, cloud);
  const text = overrideTune(applied.text, study.overrides ?? {});
  refuseUntunable(recipeFile, text);
  await bringDataset(read, study);
  const studyFolder = await makeFolder(recipeFile, folderName(read.recipe.name, now), {
    [STUDY_FILES.recipe]: text,
    [STUDY_FILES.control]: '',
    ...(cloud === undefined ? {} : { [STUDY_FILES.cloud]: cloud.text }),
  });
  const { pid } = await spawnStudy({ ...study, studyFolder, recipeFile });
  return { studyFolder, pid, notes: applied.notes };
}

/**
 * Goes on with a study that was stopped or broke off.
 *
 * @throws {SkilletError} `study-unreadable`, `study-not-resumable`, `run-folder`, `study-died`.
 */
export async function resumeStudy(study: StudyPrograms & { readonly studyFolder: string }): Promise<StartedStudy> {
  const { studyFolder } = study;
  const past = await readStudy(studyFolder);
  const isOver = past.end?.status === 'completed';
  if (past.recipeFile === null || isOver || (past.end === null && !(await isStudyInterrupted(past, studyFolder)))) {
    const why =
      past.recipeFile === null ? 'it has not begun' : isOver ? 'all its trials are done' : 'it is still at work';
    throw new SkilletError('study-not-resumable', studyFolder, {
      message: `cannot be resumed: ${why}.`,
      remedy: 'Resume a study that was stopped or interrupted, or start a new one.',
    });
  }
  const { pid } = await spawnStudy({ ...study, recipeFile: past.recipeFile, isResumed: true });
  return { studyFolder, pid, notes: [] };
}

/** @throws {RefusedRecipe} */
function refuseUntunable(recipeFile: string, text: string): void {
  const { recipe, problems } = parseRecipe(text);
  if (recipe === null) {
    throw new RefusedRecipe(recipeFile, problems);
  }
  if (recipe.tune === undefined) {
    throw new RefusedRecipe(recipeFile, [
      {
        code: 'recipe-missing-key',
        path: 'tune',
        message: 'is missing: nothing says what to search.',
        remedy:
          'Add tune: { objective: { minimize: val_loss }, params: { … } }, or name a cloudml_tuning.yml with --config.',
      },
    ]);
  }
}

/** The folder appears whole or not at all. */
async function makeFolder(recipeFile: string, name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const parent = path.join(path.dirname(recipeFile), STUDIES_FOLDER);
  const draft = path.join(parent, `.new-${process.pid}-${Math.trunc(performance.now() * 1000)}`);
  try {
    await mkdir(path.join(draft, STUDY_FILES.trials), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await writeFile(path.join(draft, file), text);
    }
    return await renameFree(draft, path.join(parent, name));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw folderError(parent, error);
  }
}

interface StudyProcess extends StudyPrograms {
  readonly studyFolder: string;
  readonly recipeFile: string;
  readonly isResumed?: boolean;
}

/** Settles once the process exists; what it prints goes to `study.log` in the study's folder. */
async function spawnStudy(study: StudyProcess): Promise<{ pid: number }> {
  const { engine } = study;
  return spawnDetached({
    execPath: study.execPath,
    args: [
      study.studyFile,
      study.studyFolder,
      '--recipe-file',
      study.recipeFile,
      '--trainer',
      study.trainerFile,
      '--cache',
      engine.cacheFolder,
      ...(engine.tensorflowFolder === null ? [] : ['--tensorflow', engine.tensorflowFolder]),
      ...(study.isResumed === true ? ['--resume'] : []),
    ],
    logFile: path.join(study.studyFolder, STUDY_FILES.log),
    toFolderFault: (error) => folderError(study.studyFolder, error),
    toStartFault: (message) =>
      new SkilletError('study-died', 'study', {
        message,
        remedy: 'Check that Skillet is installed whole, then try again.',
      }),
  });
}
