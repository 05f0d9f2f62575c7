/** "Import Model" and "Open Model" of the palette and the explorer. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { SkilletError, toProblem } from '../../common/errors.ts';
import type { ImportRequest } from '../../common/model/importMessages.ts';
import type { ModelPages } from './modelPages.ts';

export interface ModelCommandsParts {
  readonly extensionUri: vscode.Uri;
  readonly pages: ModelPages;
  readonly output: vscode.LogOutputChannel;
}

export function createModelCommands(parts: ModelCommandsParts): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.importModel', (target?: unknown) => importModel(parts, target)),
    vscode.commands.registerCommand('skillet.openModel', (target?: unknown) => openModel(parts, target)),
  );
}

/** Gives the model folder, or null where nothing was made. */
async function importModel(
  { extensionUri, pages, output }: ModelCommandsParts,
  target: unknown,
): Promise<string | null> {
  const symbol = target instanceof vscode.Uri ? target : await chooseSymbol();
  if (symbol === null) {
    return null;
  }
  const importFile = vscode.Uri.joinPath(extensionUri, 'dist/importModel.mjs').fsPath;
  const request = {
    kind: 'mxnet',
    symbolFile: symbol.fsPath,
    paramsFile: null,
    outFolder: freeFolder(symbol.fsPath.replace(/(-symbol)?\.json$/, '')),
    training: null,
    recipe: false,
  } as const;
  try {
    const folder = await importAsking(request, importFile);
    if (folder !== null) {
      pages.open(folder);
    }
    return folder;
  } catch (error) {
    const { path: field, message, remedy } = toProblem(error, symbol.fsPath);
    output.warn(`Import of ${symbol.fsPath}: ${field}: ${message}`);
    // Not awaited: the message stays until somebody answers it.
    void vscode.window.showErrorMessage(`${field}: ${message} ${remedy}`);
    return null;
  }
}

/** The shape of an image is not in the files, so a person is asked for it where it is needed. */
async function importAsking(request: Omit<ImportRequest, 'inputShape'>, importFile: string): Promise<string | null> {
  const run = async (inputShape: readonly number[] | null) => {
    const { importModel: start } = await import('../../node/importModel.ts');
    const title = `Importing ${path.basename(request.symbolFile)}`;
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
      start({ ...request, inputShape }, { importFile, execPath: process.execPath }),
    );
  };
  try {
    return (await run(null)).model.folder;
  } catch (error) {
    if (!(error instanceof SkilletError) || error.path !== '--input-shape') {
      throw error;
    }
    const shape = await askShape();
    return shape === null ? null : (await run(shape)).model.folder;
  }
}

async function askShape(): Promise<number[] | null> {
  const toSizes = (text: string) => text.split(/[,x×\s]+/).map(Number);
  const isShape = (text: string) => toSizes(text).every((size) => Number.isInteger(size) && size > 0);
  const text = await vscode.window.showInputBox({
    title: 'Shape of One Input',
    prompt:
      'The weights do not tell how large the input is. Without the batch, as MXNet has it: channels, height, width.',
    placeHolder: '3, 32, 32',
    validateInput: (typed) => (isShape(typed) ? null : 'Whole numbers above 0, divided by commas'),
  });
  return text === undefined ? null : toSizes(text);
}

async function chooseSymbol(): Promise<vscode.Uri | null> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Import a Model of MXNet',
      openLabel: 'Import',
      filters: { 'MXNet symbol (-symbol.json)': ['json'] },
    })) ?? [];
  return picked ?? null;
}

function freeFolder(prefix: string): string {
  for (let number = 1; ; number += 1) {
    const folder = `${prefix}-model${number === 1 ? '' : `-${number}`}`;
    if (!existsSync(folder)) {
      return folder;
    }
  }
}

async function openModel({ pages }: ModelCommandsParts, target: unknown): Promise<void> {
  const folder = target instanceof vscode.Uri ? target : await chooseFolder();
  if (folder !== null) {
    pages.open(folder.fsPath);
  }
}

async function chooseFolder(): Promise<vscode.Uri | null> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Open a Model Folder',
      openLabel: 'Open Model',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return picked ?? null;
}
