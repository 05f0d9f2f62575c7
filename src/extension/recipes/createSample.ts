/** Puts the Boston housing recipe and its data into the opened folder, for a first run. */
import { constants, copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

const FILES = ['boston-housing.recipe.yaml', 'data/boston_housing.csv'];

/** Files that are there already are kept. Gives the recipe, or null where no folder is open. */
export async function createSample(extensionUri: vscode.Uri): Promise<vscode.Uri | null> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    await vscode.window.showInformationMessage('Open a folder first: the recipe and its data are put into it.');
    return null;
  }
  for (const file of FILES) {
    const target = path.join(folder.uri.fsPath, file);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(vscode.Uri.joinPath(extensionUri, 'recipes', file).fsPath, target, constants.COPYFILE_EXCL).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') {
          throw error;
        }
      },
    );
  }
  return vscode.Uri.joinPath(folder.uri, FILES[0] ?? '');
}
