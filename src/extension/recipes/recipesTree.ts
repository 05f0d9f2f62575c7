/** The Recipes view: every recipe of the workspace with its last result. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { resultText } from '../runs/runText.ts';
import type { RecipeFile, RecipeFiles } from './recipeFiles.ts';

export interface RecipeItem extends vscode.TreeItem {
  readonly recipe: RecipeFile;
}

export function createRecipesTree(
  recipes: RecipeFiles,
  index: RunIndex,
): vscode.Disposable & { readonly provider: vscode.TreeDataProvider<RecipeItem> } {
  const changed = new vscode.EventEmitter<undefined>();
  const provider: vscode.TreeDataProvider<RecipeItem> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (item) => item,
    async getChildren(parent) {
      if (parent !== undefined) {
        return [];
      }
      const [files, runs] = await Promise.all([recipes.list(), index.list()]);
      return files.map((recipe) => toItem(recipe, runs));
    },
  };
  const subscriptions = [
    changed,
    recipes.onDidChange(() => changed.fire(undefined)),
    index.onDidChange(() => changed.fire(undefined)),
    vscode.window.createTreeView('skillet.recipes', { treeDataProvider: provider }),
  ];
  return { provider, dispose: () => vscode.Disposable.from(...subscriptions).dispose() };
}

function toItem(recipe: RecipeFile, runs: readonly RunSummary[]): RecipeItem {
  const last = runs.find((run) => run.recipeFile === recipe.uri.fsPath && run.result !== null);
  const result = last === undefined ? '' : resultText(last);
  // The resource gives the item the file's own marks: problems, changes.
  const item = new vscode.TreeItem(recipe.uri);
  return Object.assign(item, {
    recipe,
    label: recipe.name,
    description: result,
    tooltip: recipe.uri.fsPath,
    iconPath: new vscode.ThemeIcon('beaker'),
    contextValue: 'recipe',
    accessibilityInformation: {
      label: `${recipe.name}, recipe ${path.basename(recipe.uri.fsPath)}${result === '' ? '' : `, last result ${result}`}`,
    },
    command: { command: 'vscode.open', title: 'Open Recipe', arguments: [recipe.uri] },
  });
}
