/** The recipes of the workspace, kept fresh by watching. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

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

const PATTERN = '**/*.recipe.{yaml,yml}';
const EXCLUDED = '{**/node_modules/**,**/.skillet/**}';
const LIMIT = 1000;

export function isRecipe(document: vscode.TextDocument): boolean {
  return /\.recipe\.ya?ml$/.test(document.uri.path);
}

export function createRecipeFiles(): RecipeFiles {
  const changed = new vscode.EventEmitter<void>();
  const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
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
  const uris = await vscode.workspace.findFiles(PATTERN, EXCLUDED, LIMIT);
  const recipes = await Promise.all(uris.map(async (uri) => ({ uri, name: await nameOf(uri) })));
  return recipes.sort((a, b) => a.name.localeCompare(b.name));
}

/** Taken by its first letters, without parsing: the tree must come at once, and list broken recipes too. */
async function nameOf(uri: vscode.Uri): Promise<string> {
  const text = await readFile(uri.fsPath, 'utf8').catch(() => '');
  return (
    /^name:\s*["']?(.+?)["']?\s*(?:#.*)?$/m.exec(text)?.[1] ?? path.basename(uri.fsPath).replace(/\.recipe\.ya?ml$/, '')
  );
}
