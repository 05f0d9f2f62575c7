/** Faults are told on their lines, by the parser while typing and by a run about its data. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
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
    // The advice that reads the file says it too, and stays while the file is so.
    await until(() => told(recipe).toSorted().join() === 'data-not-a-number 3,words-as-numbers 3');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# another try\n'));
    await until(() => told(recipe).join() === 'words-as-numbers 4');
  });

  it('advice is a warning on its line, that training does not mind, and that goes away when it is mended', async () => {
    const api = await skillet();
    const { recipe } = make({
      recipe: tinyRecipe.replace('csv: tiny.csv', 'csv: wide.csv').replace('batchSize: 8', 'batchSize: 500'),
      csv: tinyCsv,
    });
    const large = tinyCsv.replace(/^(\d+),(\d+)/gm, (_, a: string, b: string) => `${Number(a) * 1000},${b}`);
    writeFileSync(path.join(path.dirname(recipe.fsPath), 'wide.csv'), large);
    const document = await vscode.workspace.openTextDocument(recipe);
    const editor = await vscode.window.showTextDocument(document);
    await until(() => told(recipe).join() === 'inputs-unscaled 3,batch-too-large 7');
    const [first] = vscode.languages.getDiagnostics(recipe);
    assert.equal(first?.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(first?.message ?? '', /a goes from 0 to 6,000.*scale: standard/);
    await untilStatus(api, await train(recipe), 'completed');
    const replace = (what: string, by: string) => {
      const at = document.positionAt(document.getText().indexOf(what));
      return editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, what.length)), by));
    };
    await replace('batchSize: 500', 'batchSize: 16');
    await until(() => told(recipe).join() === 'inputs-unscaled 3');
    await replace('test:', 'scale: standard, test:');
    await until(() => told(recipe).length === 0);
  });
});
