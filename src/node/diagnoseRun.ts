/** Judges the run in a folder by the recipe that lies in it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoredCodes } from '../common/recipe/advice/advise.ts';
import { parseRecipe } from '../common/recipe/parse.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import { diagnose } from '../common/run/diagnosis/diagnose.ts';
import type { Diagnosis } from '../common/run/diagnosis/diagnosis.ts';
import type { RunState } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';

/** The recipe of a run, and what its comments switch off. */
export interface TrainedRecipe {
  readonly text: string;
  readonly recipe: Recipe;
  readonly ignored: ReadonlySet<string>;
}

/** @returns Null where the folder's recipe is gone, or of a language that this version does not read. */
export async function readTrainedRecipe(runFolder: string): Promise<TrainedRecipe | null> {
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8').catch(() => null);
  const recipe = text === null ? null : parseRecipe(text).recipe;
  return text === null || recipe === null ? null : { text, recipe, ignored: ignoredCodes(text) };
}

/** @param trained Null gives none. */
export function judge(run: RunState, trained: TrainedRecipe | null): Diagnosis[] {
  return trained === null ? [] : diagnose(run, trained.recipe).filter(({ code }) => !trained.ignored.has(code));
}

/** @param run As read from the folder. */
export async function diagnoseRun(runFolder: string, run: RunState): Promise<Diagnosis[]> {
  return judge(run, await readTrainedRecipe(runFolder));
}
