/** "Import Model" and "Open Model" of the palette and the explorer. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { SkilletError, toProblem } from '../../common/errors.ts';
import { type ImportRequest, isKerasFile } from '../../common/model/importMessages.ts';
import type { ImportProcess } from '../../node/importModel.ts';
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
  const source = target instanceof vscode.Uri ? target : await chooseFile();
  if (source === null) {
    return null;
  }
  const processes = {
    importFile: vscode.Uri.joinPath(extensionUri, 'dist/importModel.mjs').fsPath,
    kerasFile: vscode.Uri.joinPath(extensionUri, 'dist/keras.mjs').fsPath,
    // In the desktop this is Electron, which importModel asks to be a plain Node.
    execPath: process.execPath,
  };
  try {
    const folder = await importAsking(toRequest(source.fsPath), processes);
    if (folder !== null) {
      pages.open(folder);
    }
    return folder;
  } catch (error) {
    const { path: field, message, remedy } = toProblem(error, source.fsPath);
    output.warn(`Import of ${source.fsPath}: ${field}: ${message}`);
    // Not awaited: the message stays until somebody answers it.
    void vscode.window.showErrorMessage(`${field}: ${message} ${remedy}`);
    return null;
  }
}

function toRequest(file: string): ImportRequest {
  const common = {
    outFolder: freeFolder(file.replace(/((-symbol)?\.json|\.keras|\.h5|\.hdf5)$/i, '')),
    training: null,
  };
  return isKerasFile(file)
    ? { kind: 'keras', file, ...common }
    : { kind: 'mxnet', symbolFile: file, paramsFile: null, inputShape: null, recipe: false, ...common };
}

/** The shape of an image is not in MXNet's files, so a person is asked for it where it is needed. */
async function importAsking(request: ImportRequest, processes: ImportProcess): Promise<string | null> {
  const run = async (asked: ImportRequest) => {
    const { importModel: start } = await import('../../node/importModel.ts');
    const title = `Importing ${path.basename(asked.kind === 'keras' ? asked.file : asked.symbolFile)}`;
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
      start(asked, processes),
    );
  };
  try {
    return (await run(request)).model.folder;
  } catch (error) {
    if (!(error instanceof SkilletError) || error.path !== '--input-shape' || request.kind !== 'mxnet') {
      throw error;
    }
    const inputShape = await askShape();
    return inputShape === null ? null : (await run({ ...request, inputShape })).model.folder;
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

async function chooseFile(): Promise<vscode.Uri | null> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Import a Model of Keras or MXNet',
      openLabel: 'Import',
      filters: {
        'Models of Keras and MXNet': ['keras', 'h5', 'hdf5', 'json'],
        'Keras (.keras, .h5)': ['keras', 'h5', 'hdf5'],
        'MXNet symbol (-symbol.json)': ['json'],
      },
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
