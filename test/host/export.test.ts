/** Exports from the palette. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { skillet, until, useTinyWorkspace } from './support.ts';

describe('export', () => {
  const workspace = useTinyWorkspace();

  it('a recipe is opened as a program of the language that was chosen', async () => {
    const { recipe } = workspace();
    for (const [language, line] of [
      ['python', 'keras.utils.set_random_seed('],
      ['r', 'library(keras3)'],
    ] as const) {
      const editor = await vscode.commands.executeCommand<vscode.TextEditor>('skillet.exportRecipe', recipe, language);
      assert.ok(editor.document.isUntitled && editor.document.getText().includes(line));
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });

  it('the model of a run is written as a Keras file', async () => {
    const { recipe, folder } = workspace();
    const { index } = await skillet();
    const runFolder = await vscode.commands.executeCommand<string>('skillet.trainRecipe', recipe);
    const run = await until(async () =>
      (await index.list()).find((one) => one.runFolder === runFolder && one.status === 'completed'),
    );
    const file = path.join(folder, 'tiny.keras');
    await vscode.commands.executeCommand('skillet.exportModel', { run }, vscode.Uri.file(file));
    assert.ok(existsSync(file));
  });
});
