/** Studies through the commands: started, shown, steered, and their best values written into the recipe. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { SkilletApi } from '../../src/extension/extension.ts';
import { applyToRecipe } from '../../src/extension/studies/applyParams.ts';
import { insertTune } from '../../src/extension/studies/studyCommands.ts';
import type { ShownStudy } from '../../src/extension/studies/studyIndex.ts';
import { tinyRecipe, tinyTune } from '../fixtures/tinyRecipe.ts';
import { skillet, until, useTinyWorkspace } from './support.ts';

/** Trials that train until they are stopped. */
const longTune = tinyTune.replace('epochs: 4', 'epochs: 1000000');

async function tune(recipe: vscode.Uri): Promise<string> {
  const studyFolder = await vscode.commands.executeCommand<string | null>('skillet.tuneRecipe', recipe);
  assert.ok(studyFolder, 'the study was refused');
  return studyFolder;
}

function untilStatus(api: SkilletApi, studyFolder: string, status: ShownStudy['status']): Promise<ShownStudy> {
  return until(async () =>
    (await api.studies.list()).find((one) => one.studyFolder === studyFolder && one.status === status),
  );
}

async function itemOf(api: SkilletApi, studyFolder: string) {
  const items = (await api.studiesTree.getChildren(undefined)) ?? [];
  return items.find((item) => item.study.studyFolder === studyFolder);
}

describe('studies', () => {
  const make = useTinyWorkspace();

  it('a tuned recipe shows its study with trials and best value; the best is applied, and undone', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: tinyTune });
    const document = await vscode.workspace.openTextDocument(recipe);
    await vscode.window.showTextDocument(document);
    const studyFolder = await tune(recipe);
    await until(() => api.studyPanels.of(studyFolder)?.isReady());
    const study = await untilStatus(api, studyFolder, 'completed');
    assert.equal(study.trialsDone, 4);
    assert.ok(study.best !== null);
    const item = await itemOf(api, studyFolder);
    assert.equal(item?.contextValue, 'study.completed.best');
    assert.match(String(item?.description), /^test_rmse \d/);
    const trials = (await api.studiesTree.getChildren(item)) ?? [];
    assert.equal(trials.length, 4);
    assert.equal(trials.filter(({ iconPath }) => (iconPath as vscode.ThemeIcon).id === 'star-full').length, 1);
    await vscode.commands.executeCommand('skillet.applyBest', { study });
    assert.match(document.getText(), new RegExp(`params: \\{ units: ${study.best.params.units} \\}`));
    assert.equal(document.isDirty, true);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), tinyTune);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      recipe,
      20,
    );
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.equal(titles.filter((title) => title.endsWith('Tune')).length, 3);
    assert.ok(
      titles.some((title) => title.startsWith('Last: test_rmse')),
      titles.join(),
    );
  });

  it('a study is paused, continued and stopped, the status bar tells it, and it is not deleted meanwhile', async () => {
    const api = await skillet();
    const studyFolder = await tune(make({ recipe: longTune }).recipe);
    await untilStatus(api, studyFolder, 'running');
    await until(() => api.statusBar.text()?.includes('Tiny 0/4 trials'));
    await vscode.commands.executeCommand('skillet.pauseStudy');
    await untilStatus(api, studyFolder, 'paused');
    await until(async () => (await itemOf(api, studyFolder))?.contextValue === 'study.paused');
    await vscode.commands.executeCommand('skillet.deleteStudy', { study: { studyFolder, recipeFile: null } });
    assert.ok(existsSync(path.join(studyFolder, 'study.jsonl')));
    await vscode.commands.executeCommand('skillet.continueStudy');
    await untilStatus(api, studyFolder, 'running');
    await vscode.commands.executeCommand('skillet.stopStudy');
    await untilStatus(api, studyFolder, 'stopped');
    await until(() => api.statusBar.text() === null);
  });

  it('a recipe without tune starts nothing, and is offered ranges around its values', async () => {
    const { recipe, folder } = make({ recipe: tinyRecipe });
    assert.equal(await vscode.commands.executeCommand('skillet.tuneRecipe', recipe), null);
    assert.equal(existsSync(path.join(folder, '.skillet/studies')), false);
    const document = await vscode.workspace.openTextDocument(recipe);
    await insertTune(document, 'tune:\n  trials: 20\n');
    assert.equal(document.getText(), `${tinyRecipe}tune:\n  trials: 20\n`);
    await document.save();
  });

  it('a tune that is wrong is refused, and nothing is made', async () => {
    const { recipe, folder } = make({ recipe: tinyTune.replace('test_rmse', 'val_rmse') });
    assert.equal(await vscode.commands.executeCommand('skillet.tuneRecipe', recipe), null);
    assert.equal(existsSync(path.join(folder, '.skillet/studies')), false);
  });

  it('values are not written into a recipe that no longer has the parameter, or is gone', async () => {
    const { recipe } = make({ recipe: tinyRecipe });
    const [gone] = await applyToRecipe(recipe, { units: 8, depth: 2 });
    assert.equal(gone?.code, 'recipe-unknown-param');
    assert.equal((await vscode.workspace.openTextDocument(recipe)).getText(), tinyRecipe);
    const [missing] = await applyToRecipe(vscode.Uri.file(`${recipe.fsPath}.gone`), { units: 8 });
    assert.equal(missing?.code, 'recipe-unreadable');
  });
});
