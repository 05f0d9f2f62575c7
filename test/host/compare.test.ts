/** Runs compared from the tree, exported to files, and their recipes put back. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { applyRecipe, createAgain } from '../../src/extension/compare/restoreRecipe.ts';
import { readRunRecipe } from '../../src/node/compare/readCompared.ts';
import { tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { runItem, skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

describe('comparing runs', () => {
  const make = useTinyWorkspace();

  async function twoRuns(recipe: vscode.Uri): Promise<[string, string]> {
    const api = await skillet();
    const first = await train(recipe);
    await untilStatus(api, first, 'completed');
    writeFileSync(recipe.fsPath, tinyRecipe.replace('units: 4', 'units: 7'));
    const second = await train(recipe);
    await untilStatus(api, second, 'completed');
    return [first, second];
  }

  it('the runs that are selected in the tree are compared on one page, which comes up and is opened once', async () => {
    const api = await skillet();
    const [first, second] = await twoRuns(make().recipe);
    const items = [await runItem(api, first), await runItem(api, second)];
    assert.ok(items.every((item) => item !== undefined));
    const [clicked] = items;
    await vscode.commands.executeCommand('skillet.compareRuns', clicked, items);
    const [panel] = api.comparePanels.list();
    assert.deepEqual([...(panel?.runFolders() ?? [])].sort(), [first, second]);
    await until(() => panel?.isReady());
    await vscode.commands.executeCommand('skillet.compareRuns', { runFolders: [first, second] });
    assert.equal(api.comparePanels.list().length, 1);
  });

  it('asked from a recipe, its latest runs are ticked already', async () => {
    const { recipe } = make();
    const [first, second] = await twoRuns(recipe);
    const asked = { done: false };
    const compared = vscode.commands.executeCommand<string[]>('skillet.compareRuns', { recipeFile: recipe.fsPath });
    void Promise.resolve(compared).then(() => {
      asked.done = true;
    });
    // Accepts what is ticked, as soon as the question is there.
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return asked.done;
    });
    assert.deepEqual([...((await compared) ?? [])].sort(), [first, second]);
  });

  it('runs are exported to a file whose ending says the format', async () => {
    const { recipe, folder } = make();
    const [first, second] = await twoRuns(recipe);
    const write = async (name: string) => {
      const file = vscode.Uri.file(path.join(folder, name));
      await vscode.commands.executeCommand('skillet.exportRun', { runFolders: [first, second] }, file);
      return readFileSync(file.fsPath, 'utf8');
    };
    assert.match(await write('a.csv'), /^run,epoch,loss,rmse,duration_ms\r\n/);
    assert.equal(JSON.parse(await write('a.json')).runs.length, 2);
    assert.match(await write('a.svg'), /^<svg .*units 7/s);
    assert.match(await write('a.html'), /^<!DOCTYPE html>.*2 runs of Tiny/s);
    const one = vscode.Uri.file(path.join(folder, 'one.csv'));
    await vscode.commands.executeCommand('skillet.exportRun', { run: { runFolder: first } }, one);
    assert.match(readFileSync(one.fsPath, 'utf8'), /^epoch,/);
  });

  it("a run's recipe is put back as one edit on top of unsaved changes, is left unsaved, and Undo takes it back", async () => {
    const { recipe } = make();
    const [first] = await twoRuns(recipe);
    const document = await vscode.workspace.openTextDocument(recipe);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(recipe, new vscode.Position(0, 0), '# not saved\n');
    await vscode.workspace.applyEdit(edit);
    const before = document.getText();
    await applyRecipe(recipe, await readRunRecipe(first));
    assert.equal(document.getText(), tinyRecipe);
    assert.equal(document.isDirty, true);
    assert.match(readFileSync(recipe.fsPath, 'utf8'), /units: 7/, 'the file waits to be saved');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('restoring shows what would change in the diff editor first, and changes nothing by itself', async () => {
    const { recipe } = make();
    const [first] = await twoRuns(recipe);
    // Not awaited: it waits for an answer.
    void vscode.commands.executeCommand('skillet.restoreRecipe', { run: { runFolder: first } });
    const input = await until(() => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return active instanceof vscode.TabInputTextDiff ? active : null;
    });
    assert.equal(input.original.fsPath, recipe.fsPath);
    const right = await vscode.workspace.openTextDocument(input.modified);
    assert.equal(right.getText(), tinyRecipe);
    assert.match(readFileSync(recipe.fsPath, 'utf8'), /units: 7/);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('a recipe that is gone is made again, but never over one that came back', async () => {
    const { recipe } = make();
    rmSync(recipe.fsPath);
    await createAgain(recipe, tinyRecipe);
    assert.equal(readFileSync(recipe.fsPath, 'utf8'), tinyRecipe);
    writeFileSync(recipe.fsPath, '# mine\n');
    await assert.rejects(createAgain(recipe, tinyRecipe), { code: 'recipe-unwritable' });
    assert.equal(readFileSync(recipe.fsPath, 'utf8'), '# mine\n');
  });

  it('a folder that is no run is told, and nothing is written', async () => {
    const { folder } = make();
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    const file = vscode.Uri.file(path.join(folder, 'never.csv'));
    const target = { run: { runFolder: empty } };
    assert.equal(await vscode.commands.executeCommand('skillet.exportRun', target, file), null);
    assert.equal(existsSync(file.fsPath), false);
  });
});
