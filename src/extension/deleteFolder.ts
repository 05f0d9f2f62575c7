/** Deletes the folder of a run or a study, once a person has said so. */
import * as vscode from 'vscode';

/** @returns Whether it was deleted. */
export async function deleteFolder(folder: string, question: string): Promise<boolean> {
  const detail = 'Its folder is moved to the trash where there is one.';
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Delete');
  if (answer !== 'Delete') {
    return false;
  }
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs
    .delete(uri, { recursive: true, useTrash: true })
    .then(undefined, () => vscode.workspace.fs.delete(uri, { recursive: true }));
  return true;
}
