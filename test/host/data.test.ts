/** New Recipe from Data: its page reads the file, and makes a recipe that opens and trains. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { ToDataPage } from '../../src/common/dataMessages.ts';
import { suggestChoices } from '../../src/common/recipe/suggestChoices.ts';
import { flowersCsv } from '../fixtures/sampleData.ts';
import { skillet, until, untilStatus, useTinyWorkspace } from './support.ts';

const tabs = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('skillet.data'));

describe('new recipe from data', () => {
  const make = useTinyWorkspace();

  /** A file in the workspace, its page open and the file read. */
  async function openPage(csv: string) {
    const { dataPages } = await skillet();
    const file = path.join(make().folder, 'flowers.csv');
    writeFileSync(file, csv);
    await vscode.commands.executeCommand('skillet.newRecipeFromData', vscode.Uri.file(file));
    const feed = await until(() => dataPages.of(file));
    const last = (type: ToDataPage['type']) => feed.told().findLast((message) => message.type === type);
    return { file, feed, last };
  }

  it('the command opens one page for a file, and its profile arrives', async () => {
    const { file, last } = await openPage(flowersCsv);
    await vscode.commands.executeCommand('skillet.newRecipeFromData', vscode.Uri.file(file));
    const told = await until(() => last('profile'));
    assert.equal(told.type === 'profile' && told.profile.rows, 150);
    assert.equal(tabs().length, 1);
  });

  it('the file in front is meant, also one that is no text: gzipped', async () => {
    const { dataPages } = await skillet();
    const { folder } = make();
    const file = path.join(folder, 'flowers.csv.gz');
    writeFileSync(file, gzipSync(flowersCsv));
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'flowers.csv.gz');
    assert.equal(vscode.window.activeTextEditor, undefined);
    void vscode.commands.executeCommand('skillet.newRecipeFromData');
    await until(() => dataPages.of(file));
  });

  it('a recipe is written beside the file, over nothing, opened, and trained when asked', async () => {
    const api = await skillet();
    const { file, feed, last } = await openPage(flowersCsv);
    const told = await until(() => last('profile'));
    assert.equal(told.type, 'profile');
    const choices = { ...suggestChoices(told.profile, told.csv), name: 'Tiny' }; // tiny.recipe.yaml is there.
    const settings = vscode.workspace.getConfiguration('skillet');
    await settings.update('device', 'js', vscode.ConfigurationTarget.Global); // No backends to time.
    try {
      feed.receive({ type: 'create', choices, isTrained: true });
      const made = path.join(path.dirname(file), 'tiny-2.recipe.yaml');
      await until(() => vscode.window.visibleTextEditors.some(({ document }) => document.uri.fsPath === made));
      assert.match(readFileSync(made, 'utf8'), /target: species # 3 classes/);
      assert.match(
        readFileSync(path.join(path.dirname(file), 'tiny.recipe.yaml'), 'utf8'),
        /name: Tiny\nparams: \{ units: 4 \}/,
      );
      const run = await until(async () => (await api.index.list()).find(({ recipeFile }) => recipeFile === made));
      await untilStatus(api, run.runFolder, 'completed');
    } finally {
      await settings.update('device', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('a file that cannot be read says why on its page', async () => {
    const { last } = await openPage('a,b\n1,2\n1\n');
    const told = await until(() => last('failed'));
    assert.match(told.type === 'failed' ? told.message : '', /Line 3 of "flowers\.csv" has 1 fields/);
  });
});
