/** Writes a trial's values into the recipe, as an edit that Undo takes back. */
import * as vscode from 'vscode';
import { type Problem, SkilletError, toProblem } from '../../common/errors.ts';
import type { ParamValue } from '../../common/recipe/params.ts';

/** Gives what stood in the way; nothing was changed then. The recipe is shown and left unsaved. */
export async function applyToRecipe(
  recipe: vscode.Uri,
  params: Readonly<Record<string, ParamValue>>,
): Promise<readonly Problem[]> {
  try {
    const { paramEdits } = await import('../../common/recipe/applyParams.ts');
    const document = await openRecipe(recipe);
    const edit = new vscode.WorkspaceEdit();
    const edits = paramEdits(document.getText(), params);
    const ranges = edits.map(({ from, to }) => new vscode.Range(document.positionAt(from), document.positionAt(to)));
    edits.forEach(({ text }, index) => {
      edit.replace(recipe, ranges[index] ?? new vscode.Range(0, 0, 0, 0), text);
    });
    if (edits.length > 0 && !(await vscode.workspace.applyEdit(edit))) {
      throw new SkilletError('recipe-unreadable', recipe.fsPath, {
        message: 'could not be changed: it is read-only, or was changed at the same moment.',
        remedy: 'Check that the file may be written, then apply again.',
      });
    }
    await showPlace(document, ranges[0]);
    return [];
  } catch (error) {
    return [toProblem(error, 'recipe')];
  }
}

async function openRecipe(recipe: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(recipe);
  } catch {
    throw new SkilletError('recipe-unreadable', recipe.fsPath, {
      message: 'cannot be opened: it was moved or deleted.',
      remedy: 'Put the recipe back, or copy the values from the table.',
    });
  }
}

/** Where it is open already, else in the first column; the focus stays where it is. */
async function showPlace(document: vscode.TextDocument, range: vscode.Range | undefined): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: true,
    preview: false,
  });
  if (range !== undefined) {
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
