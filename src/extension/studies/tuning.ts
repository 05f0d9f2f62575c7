/** Starts and resumes studies: checks the recipe, makes the study's folder, starts its detached process. */
import * as vscode from 'vscode';
import { type Problem, toProblem } from '../../common/errors.ts';
import { findEngineHere } from '../machine/engineHere.ts';
import { saveOpen, untrusted } from '../training.ts';
import type { StudyIndex } from './studyIndex.ts';

export type TuningStart = { readonly studyFolder: string } | { readonly problems: readonly Problem[] };

export interface Tuning {
  /** Gives the new study's folder, or what is wrong; nothing was made then. */
  tune(recipe: vscode.Uri): Promise<TuningStart>;
  resume(study: { readonly studyFolder: string; readonly recipeFile: string }): Promise<TuningStart>;
}

export interface TuningOptions {
  readonly studyFile: string;
  readonly trainerFile: string;
  readonly studies: StudyIndex;
  readonly output: vscode.LogOutputChannel;
}

export function createTuning({ studyFile, trainerFile, studies, output }: TuningOptions): Tuning {
  // In the desktop this is Electron, which startStudy asks to be a plain Node.
  const programs = async () => ({
    studyFile,
    trainerFile,
    execPath: process.execPath,
    engine: await findEngineHere(),
  });
  const note = (started: { studyFolder: string; pid: number }, recipeFile: string): TuningStart => {
    output.info(`Study ${started.studyFolder} (process ${started.pid})`);
    studies.noteStudy({ ...started, recipeFile });
    return { studyFolder: started.studyFolder };
  };
  return {
    async tune(recipe) {
      const [{ startStudy }, { RefusedRecipe }] = await Promise.all([
        import('../../node/study/startStudy.ts'),
        import('../../node/createRun.ts'),
      ]);
      try {
        if (!vscode.workspace.isTrusted) {
          throw untrusted(recipe.fsPath);
        }
        await saveOpen(recipe);
        const started = await startStudy({ ...(await programs()), recipeFile: recipe.fsPath, now: new Date() });
        return note(started, recipe.fsPath);
      } catch (error) {
        return { problems: error instanceof RefusedRecipe ? error.problems : [toProblem(error, recipe.fsPath)] };
      }
    },
    async resume({ studyFolder, recipeFile }) {
      try {
        if (!vscode.workspace.isTrusted) {
          throw untrusted(studyFolder);
        }
        const { resumeStudy } = await import('../../node/study/startStudy.ts');
        return note(await resumeStudy({ ...(await programs()), studyFolder }), recipeFile);
      } catch (error) {
        return { problems: [toProblem(error, studyFolder)] };
      }
    },
  };
}
