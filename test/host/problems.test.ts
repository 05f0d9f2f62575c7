/** Faults are told on their lines, by the parser while typing and by a run about its data. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { tinyCsv, tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

/** Our diagnostics of a file, as code and line (from 1). */
const told = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).map((one) => `${String(one.code)} ${one.range.start.line + 1}`);

describe('problems', () => {
  const make = useTinyWorkspace();

  it('an unknown key is marked on its line with the remedy, until it is mended', async () => {
    await skillet();
    const { recipe } = make({ recipe: tinyRecipe.replace('units: 1 ', 'unit: 1 ') });
    const document = await vscode.workspace.openTextDocument(recipe);
    const editor = await vscode.window.showTextDocument(document);
    await until(() => told(recipe).join() === 'recipe-unknown-key 6');
    assert.match(vscode.languages.getDiagnostics(recipe)[0]?.message ?? '', /Did you mean units\?/);
    const at = document.getText().indexOf('unit: 1');
    await editor.edit((edit) => edit.insert(document.positionAt(at + 'unit'.length), 's'));
    await until(() => told(recipe).length === 0);
  });

  it('a faulty recipe is not trained and nothing is made', async () => {
    await skillet();
    const { recipe, folder } = make({ recipe: tinyRecipe.replace('target: y', 'target: 5') });
    assert.equal(await vscode.commands.executeCommand('skillet.trainRecipe', recipe), null);
    assert.equal(existsSync(path.join(folder, '.skillet')), false);
  });

  it('a CSV that is not there is told on the line that names it', async () => {
    await skillet();
    const { recipe } = make({ recipe: tinyRecipe.replace('tiny.csv', 'gone.csv') });
    await vscode.window.showTextDocument(recipe);
    assert.equal(await vscode.commands.executeCommand('skillet.trainRecipe', recipe), null);
    await until(() => told(recipe).join() === 'data-not-found 3');
  });

  it('text in a number column fails the run and lands on the recipe, until the recipe is changed', async () => {
    const api = await skillet();
    const { recipe } = make({ csv: tinyCsv.replace('\n3,', '\nthree,') });
    const document = await vscode.workspace.openTextDocument(recipe);
    const editor = await vscode.window.showTextDocument(document);
    const runFolder = await train(recipe);
    const run = await untilStatus(api, runFolder, 'failed');
    assert.match(run.problem ?? '', /three/);
    await until(() => told(recipe).join() === 'data-not-a-number 3');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# another try\n'));
    await until(() => told(recipe).length === 0);
  });
});
