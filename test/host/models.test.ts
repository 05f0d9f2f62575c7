/** Models without a run: imported from MXNet, opened as a page, and asked. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { skillet, until, useTinyWorkspace } from './support.ts';

/** The project, whatever folder the bundle of this test lies in. */
const goldens = path.resolve(__dirname, '../../test/fixtures/goldens/mxnet');

describe('models', () => {
  const make = useTinyWorkspace();
  const copy = (prefix: string, folder: string) => {
    for (const name of readdirSync(goldens).filter((file) => file.startsWith(`${prefix}-`))) {
      copyFileSync(path.join(goldens, name), path.join(folder, name));
    }
    return vscode.Uri.file(path.join(folder, `${prefix}-symbol.json`));
  };

  it('an MXNet checkpoint is imported beside itself and opens as a page with its graph', async () => {
    const api = await skillet();
    const symbol = copy('boston_r', make().folder);
    const folder = await vscode.commands.executeCommand<string | null>('skillet.importModel', symbol);
    assert.ok(folder !== null && existsSync(path.join(folder, 'model.json')));
    const told = await until(() => api.modelPages.told(folder)?.find(({ type }) => type === 'model'));
    assert.ok(told.type === 'model');
    assert.equal(told.model.graph?.nodes[1]?.viz?.label, 'FullyConnected\ndense1\n64');
    // The page asks for the row that its form starts with.
    await until(() => api.modelPages.told(folder)?.find(({ type }) => type === 'prediction'));
  });

  it('a model that Keras saved is imported beside itself and opens as a page', async () => {
    const api = await skillet();
    const file = path.join(make().folder, 'words.keras');
    copyFileSync(path.join(goldens, '../keras/words.keras'), file);
    const folder = await vscode.commands.executeCommand<string | null>('skillet.importModel', vscode.Uri.file(file));
    assert.equal(folder, file.replace('.keras', '-model'));
    const told = await until(() => api.modelPages.told(folder)?.find(({ type }) => type === 'model'));
    assert.ok(told.type === 'model');
    assert.deepEqual(told.model.graph?.nodes.map(({ type }) => type).slice(0, 2), ['input', 'embedding']);
  });

  it('a second import takes another folder; a folder without a model says so on its page', async () => {
    const api = await skillet();
    const { folder } = make();
    const symbol = copy('boston_r', folder);
    const first = await vscode.commands.executeCommand<string | null>('skillet.importModel', symbol);
    const second = await vscode.commands.executeCommand<string | null>('skillet.importModel', symbol);
    assert.deepEqual([first, second], [path.join(folder, 'boston_r-model'), path.join(folder, 'boston_r-model-2')]);
    await vscode.commands.executeCommand('skillet.openModel', vscode.Uri.file(folder));
    const told = await until(() => api.modelPages.told(folder)?.find(({ type }) => type === 'noModel'));
    assert.ok(told.type === 'noModel');
    assert.equal(told.problem.code, 'model-unreadable');
  });
});
