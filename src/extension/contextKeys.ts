/** Context keys by which menus and welcome texts leave out what cannot work now. */
import * as vscode from 'vscode';
import type { RecipeFiles } from './recipes/recipeFiles.ts';
import type { RunIndex } from './runs/runIndex.ts';
import type { StudyIndex } from './studies/studyIndex.ts';

export interface Watched {
  readonly recipes: RecipeFiles;
  readonly index: RunIndex;
  readonly studies: StudyIndex;
  readonly output: vscode.LogOutputChannel;
}

/**
 * Each key says that there is nothing of a kind, so that all commands are listed before Skillet has looked: `skillet.noRecipes`,
 * `noRuns`, `noLiveRuns`, `noStudies`, `noLiveStudies`.
 */
export function createContextKeys({ recipes, index, studies, output }: Watched): vscode.Disposable {
  const told = new Map<string, boolean>();
  const tell = (key: string, value: boolean) => {
    if (told.get(key) !== value) {
      told.set(key, value);
      void vscode.commands.executeCommand('setContext', `skillet.${key}`, value);
    }
  };
  const look = async () => {
    const [files, runs, allStudies] = await Promise.all([recipes.list(), index.list(), studies.list()]);
    tell('noRecipes', files.length === 0);
    tell('noRuns', runs.length === 0);
    tell('noLiveRuns', index.live().length === 0);
    tell('noStudies', allStudies.length === 0);
    tell('noLiveStudies', studies.live().length === 0);
  };
  const lookAgain = () => void look().catch((error) => output.error(String(error)));
  lookAgain();
  return vscode.Disposable.from(
    recipes.onDidChange(lookAgain),
    index.onDidChange(lookAgain),
    studies.onDidChange(lookAgain),
  );
}
