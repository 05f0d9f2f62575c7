/** The recipes of the workspace, kept fresh by watching. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isRecipeFile, RECIPE_GLOB, recipeFileName } from '../../common/recipe/recipeFile.ts';

export interface RecipeFile {
  readonly uri: vscode.Uri;
  /** As the recipe says, or the file's name where it does not. */
  readonly name: string;
}

export interface RecipeFiles extends vscode.Disposable {
  list(): Promise<readonly RecipeFile[]>;
  /** Looks again: watchers can miss what is made in a folder that is itself new. */
  refresh(): void;
  readonly onDidChange: vscode.Event<void>;
}

/** Selects recipes in every language feature. */
export const RECIPES: vscode.DocumentSelector = { pattern: RECIPE_GLOB };
const EXCLUDED = '{**/node_modules/**,**/.skillet/**}';
const LIMIT = 1000;

export function isRecipe(document: vscode.TextDocument): boolean {
  return isRecipeFile(document.uri.path);
}

export function createRecipeFiles(): RecipeFiles {
  const changed = new vscode.EventEmitter<void>();
  const watcher = vscode.workspace.createFileSystemWatcher(RECIPE_GLOB);
  let listing: Promise<readonly RecipeFile[]> | null = null;
  const refresh = () => {
    listing = null;
    changed.fire();
  };
  const subscriptions = [
    changed,
    watcher,
    watcher.onDidCreate(refresh),
    watcher.onDidDelete(refresh),
    watcher.onDidChange(refresh),
  ];
  return {
    list() {
      listing ??= findRecipes();
      return listing;
    },
    refresh,
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

async function findRecipes(): Promise<RecipeFile[]> {
  const uris = await vscode.workspace.findFiles(RECIPE_GLOB, EXCLUDED, LIMIT);
  const recipes = await Promise.all(uris.map(async (uri) => ({ uri, name: await nameOf(uri) })));
  return recipes.sort((a, b) => a.name.localeCompare(b.name));
}

/** Of YAML a line at the margin; of JSON the first `name` that stands before any group. */
function nameIn(text: string): string | undefined {
  return (
    /^name:\s*["']?(.+?)["']?\s*(?:#.*)?$/m.exec(text)?.[1] ??
    /^\uFEFF?\s*\{[^{}]*?"name"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  );
}

/** Taken by its first letters, without parsing: the tree must come at once, and list broken recipes too. */
async function nameOf(uri: vscode.Uri): Promise<string> {
  const text = await readFile(uri.fsPath, 'utf8').catch(() => '');
  return nameIn(text) ?? recipeFileName(uri.fsPath);
}
