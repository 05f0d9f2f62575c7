/** "Restore Recipe of Run…": shows what would change, then puts the run's text into the recipe file as one edit. */
import path from 'node:path';
import * as vscode from 'vscode';
import { folderOf } from '../../common/compare/ancestry.ts';
import { SkilletError } from '../../common/errors.ts';
import { readRunRecipe } from '../../node/compare/readCompared.ts';
import { readRunEpochs } from '../../node/readRun.ts';
import { diffWithFile } from './recipeDiff.ts';

export interface RestoredRun {
  readonly runFolder: string;
  readonly recipeFile?: string | null;
}

/** @returns The recipe where it was changed or made; null where somebody thought better of it, or nothing was to do. */
export async function restoreRecipe(run: RestoredRun): Promise<vscode.Uri | null> {
  const file = run.recipeFile ?? (await readRunEpochs(run.runFolder)).recipeFile;
  if (file === null) {
    throw new SkilletError('run-unreadable', run.runFolder, {
      message: 'has not begun, so it does not say which recipe file it is of.',
      remedy: 'Open the recipe in its folder and copy it.',
    });
  }
  const recipe = vscode.Uri.file(file);
  const text = await readRunRecipe(run.runFolder);
  const document = await openIfThere(recipe);
  if (document === null) {
    return offerToCreate(recipe, text);
  }
  if (document.getText() === text) {
    void vscode.window.showInformationMessage(`${path.basename(file)} is the recipe of this run already.`);
    return null;
  }
  await diffWithFile(recipe, run.runFolder);
  const restore = 'Restore';
  const unsaved = document.isDirty ? ' Its unsaved changes are replaced too; Undo brings them back.' : '';
  // Not modal: the diff beneath it is to be read first.
  const answer = await vscode.window.showInformationMessage(
    `Put the recipe of ${folderOf(run.runFolder)} back into ${path.basename(file)}?${unsaved}`,
    restore,
    'Cancel',
  );
  return answer === restore ? applyRecipe(recipe, text) : null;
}

/**
 * One edit, which one Undo takes back, on top of whatever was not saved. It is left unsaved: the file on the disk changes
 * when its owner says so, and until then closing without saving is a way back as well.
 */
export async function applyRecipe(recipe: vscode.Uri, text: string): Promise<vscode.Uri> {
  const document = await vscode.workspace.openTextDocument(recipe);
  const end = document.lineAt(document.lineCount - 1).range.end;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(recipe, new vscode.Range(new vscode.Position(0, 0), end), text);
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new SkilletError('recipe-unwritable', recipe.fsPath, {
      message: 'could not be changed: it is read-only, or was changed at the same moment.',
      remedy: 'Check that the file may be written, then restore again.',
    });
  }
  await vscode.window.showTextDocument(document, { preview: false });
  return recipe;
}

async function openIfThere(recipe: vscode.Uri): Promise<vscode.TextDocument | null> {
  const isThere = await vscode.workspace.fs.stat(recipe).then(
    () => true,
    () => false,
  );
  // One that was deleted may still be open, with changes that nobody has saved.
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === recipe.toString());
  return isThere || open?.isDirty === true ? vscode.workspace.openTextDocument(recipe) : null;
}

async function offerToCreate(recipe: vscode.Uri, text: string): Promise<vscode.Uri | null> {
  const create = 'Create It Again';
  const answer = await vscode.window.showWarningMessage(
    `${recipe.fsPath} is gone. Its data must still lie where the recipe looks for it.`,
    create,
    'Cancel',
  );
  return answer === create ? createAgain(recipe, text) : null;
}

/** Never over a file that came back meanwhile. */
export async function createAgain(recipe: vscode.Uri, text: string): Promise<vscode.Uri> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(recipe, { contents: Buffer.from(text), overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new SkilletError('recipe-unwritable', recipe.fsPath, {
      message: 'could not be created.',
      remedy: 'Check that its folder is there and may be written.',
    });
  }
  await vscode.window.showTextDocument(recipe, { preview: false });
  return recipe;
}
