/** Training through the commands: the run appears everywhere, is steered, survives and is resumed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { longRecipe, runItem, skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

describe('training', () => {
  const make = useTinyWorkspace();

  it('a trained recipe shows in both trees with its result', async () => {
    const api = await skillet();
    const { recipe } = make();
    const runFolder = await train(recipe);
    const run = await untilStatus(api, runFolder, 'completed');
    assert.equal(run.result?.metric, 'rmse');
    const item = await runItem(api, runFolder);
    assert.equal(item?.contextValue, 'run.completed');
    assert.match(String(item?.description), /^rmse \d/);
    const recipes = (await api.recipesTree.getChildren(undefined)) ?? [];
    assert.match(String(recipes.find((one) => one.recipe.uri.fsPath === recipe.fsPath)?.description), /^rmse \d/);
  });

  it('what the editor shows is what is trained: an unsaved recipe is saved first', async () => {
    const api = await skillet();
    const { recipe } = make();
    const document = await vscode.workspace.openTextDocument(recipe);
    const editor = await vscode.window.showTextDocument(document);
    const at = document.getText().indexOf('epochs: 3') + 'epochs: '.length;
    await editor.edit((edit) =>
      edit.replace(new vscode.Range(document.positionAt(at), document.positionAt(at + 1)), '5'),
    );
    const runFolder = await train(recipe);
    assert.equal((await untilStatus(api, runFolder, 'completed')).epochs, 5);
    assert.equal(document.isDirty, false);
  });

  it('the status bar tells what trains, and is gone when it is stopped', async () => {
    const api = await skillet();
    const runFolder = await train(make({ recipe: longRecipe }).recipe);
    await until(() => api.statusBar.text()?.match(/Tiny \d+\/1000000 · rmse/));
    await vscode.commands.executeCommand('skillet.stopTraining');
    await untilStatus(api, runFolder, 'stopped');
    await until(() => api.statusBar.text() === null);
  });

  it('pause and continue are obeyed', async () => {
    const api = await skillet();
    const runFolder = await train(make({ recipe: longRecipe }).recipe);
    await untilStatus(api, runFolder, 'running');
    await vscode.commands.executeCommand('skillet.pauseTraining', { run: { runFolder } });
    const paused = await untilStatus(api, runFolder, 'paused');
    await vscode.commands.executeCommand('skillet.resumeTraining', { run: { runFolder } });
    await until(async () =>
      (await untilStatus(api, runFolder, 'running')).epochsDone > paused.epochsDone ? true : null,
    );
  });

  it('Watch Layers asks the run of the panel for looks, and a second time for no more', async () => {
    const api = await skillet();
    const runFolder = await train(make({ recipe: longRecipe }).recipe);
    await untilStatus(api, runFolder, 'running');
    const read = (file: string) => readFileSync(path.join(runFolder, file), 'utf8');
    await vscode.commands.executeCommand('skillet.watchLayers');
    await until(() => /"type":"layers".*"asked":true/.test(read('events.jsonl')));
    await vscode.commands.executeCommand('skillet.watchLayers');
    await until(() => read('control.jsonl').includes('unobserve'));
    await vscode.commands.executeCommand('skillet.stopTraining', { run: { runFolder } });
    await untilStatus(api, runFolder, 'stopped');
  });

  it('a killed trainer leaves an interrupted run, which goes on from its checkpoint', async () => {
    const api = await skillet();
    const { recipe } = make({ recipe: longRecipe });
    const runFolder = await train(recipe);
    const events = () => readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8');
    await until(async () => (await untilStatus(api, runFolder, 'running')).epochsDone > 10);
    const pid = Number(/"pid":(\d+)/.exec(events())?.[1]);
    process.kill(pid, 'SIGKILL');
    await untilStatus(api, runFolder, 'interrupted');
    const item = await runItem(api, runFolder);
    assert.equal(item?.contextValue, 'run.interrupted');
    await vscode.commands.executeCommand('skillet.resumeRun', { run: { runFolder, recipeFile: recipe.fsPath } });
    await until(() => /"type":"runResume","epoch":\d*[05],/.test(events()));
  });

  it('a fork goes on from an epoch of a run with other values, and the panel shows it', async () => {
    const api = await skillet();
    const { recipe } = make();
    const parent = await train(recipe);
    await untilStatus(api, parent, 'completed');
    const fork = await vscode.commands.executeCommand<string | null>('skillet.forkRun', {
      run: { runFolder: parent },
      epoch: 2,
      set: { epochs: '6' },
    });
    assert.ok(fork);
    const summary = await untilStatus(api, fork, 'completed');
    assert.deepEqual([summary.fork?.run, summary.fork?.epoch], [path.basename(parent), 2]);
    assert.deepEqual([summary.epochsDone, summary.epochs], [6, 6]);
    assert.equal(api.panels.of(recipe)[0]?.runFolder(), fork);
    const refused = await vscode.commands.executeCommand('skillet.forkRun', {
      run: { runFolder: parent },
      epoch: 2,
      set: { units: '9' },
    });
    assert.equal(refused, null);
  });

  it('a run that trains is not deleted', async () => {
    const api = await skillet();
    const runFolder = await train(make({ recipe: longRecipe }).recipe);
    await untilStatus(api, runFolder, 'running');
    await vscode.commands.executeCommand('skillet.deleteRun', { run: { runFolder } });
    assert.match(readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8'), /runStart/);
  });

  it('the setting skillet.device speaks for recipes', async () => {
    const api = await skillet();
    const settings = vscode.workspace.getConfiguration('skillet');
    await settings.update('device', 'wasm', vscode.ConfigurationTarget.Global);
    try {
      const runFolder = await train(make().recipe);
      assert.equal((await untilStatus(api, runFolder, 'completed')).backend, 'wasm');
    } finally {
      await settings.update('device', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
