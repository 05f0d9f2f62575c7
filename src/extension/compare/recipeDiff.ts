/** VS Code's diff editor on recipes of runs, which are shown as texts that cannot be changed. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { folderOf } from '../../common/compare/ancestry.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';

const SCHEME = 'skillet-run';

/** A run's recipe is evidence of what was trained: it is shown by a scheme of its own, without a way to write. */
export function createRunRecipes(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => readFile(path.join(query, RUN_FILES.recipe), 'utf8'),
  });
}

/** The tab shows the run's name; its folder is in the query, so that nobody can ask for another file of it. */
function runRecipe(runFolder: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${folderOf(runFolder)}/${RUN_FILES.recipe}`, query: runFolder });
}

export async function diffRuns(base: string, other: string): Promise<void> {
  const title = `${folderOf(base)} ↔ ${folderOf(other)}`;
  await vscode.commands.executeCommand('vscode.diff', runRecipe(base), runRecipe(other), title);
}

/** The recipe file as it is, saved or not, beside what the run was trained from. */
export async function diffWithFile(recipe: vscode.Uri, runFolder: string): Promise<void> {
  const title = `${path.basename(recipe.fsPath)} ↔ ${folderOf(runFolder)}`;
  await vscode.commands.executeCommand('vscode.diff', recipe, runRecipe(runFolder), title, { preview: true });
}
