/** Panels, lenses, samples and hand-over. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { takeAttachments } from '../../src/extension/attach.ts';
import { skillet, train, until, untilStatus, useTinyWorkspace } from './support.ts';

/** Labels of the open panels of ours. */
const panelTabs = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('skillet.run'))
    .map((tab) => tab.label);

describe('views', () => {
  const make = useTinyWorkspace();

  it('a recipe keeps one panel over several runs, beside the editor; another can be asked for', async () => {
    const api = await skillet();
    const { recipe } = make();
    await vscode.window.showTextDocument(recipe);
    const first = await train(recipe);
    await untilStatus(api, first, 'completed');
    const second = await train(recipe);
    await untilStatus(api, second, 'completed');
    await until(() => panelTabs().join() === 'Tiny');
    assert.equal(api.panels.of(recipe)[0]?.runFolder(), second);
    assert.equal(vscode.window.tabGroups.all.length, 2);
    await vscode.commands.executeCommand('skillet.openRunInNewPanel', {
      run: { runFolder: first, recipeFile: recipe.fsPath },
    });
    await until(() => panelTabs().join() === 'Tiny,Tiny');
  });

  it('a recipe in front is meant, also where its editor is none of text', async () => {
    const api = await skillet();
    const { recipe, folder } = make();
    writeFileSync(path.join(folder, 'other.recipe.yaml'), readFileSync(recipe.fsPath));
    await vscode.commands.executeCommand('vscode.openWith', recipe, 'vscode.markdown.preview.editor');
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom);
    assert.equal(vscode.window.activeTextEditor, undefined);
    await vscode.commands.executeCommand('skillet.openPanel');
    assert.equal(api.panels.of(recipe).length, 1);
  });

  it('a recipe whose tab is there and its editor not yet is meant', async () => {
    const api = await skillet();
    const { recipe, folder } = make();
    writeFileSync(path.join(folder, 'other.recipe.yaml'), readFileSync(recipe.fsPath));
    const opened = new Promise<boolean>((resolve) => {
      const own = vscode.window.tabGroups.onDidChangeTabs(() => {
        if (vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'tiny.recipe.yaml') {
          own.dispose();
          const isEarly = vscode.window.activeTextEditor === undefined;
          void vscode.commands.executeCommand('skillet.openPanel').then(() => resolve(isEarly));
        }
      });
    });
    await vscode.commands.executeCommand('vscode.open', recipe);
    assert.ok(await opened, 'the editor was there with its tab');
    assert.equal(api.panels.of(recipe).length, 1);
  });

  it('the page of a panel comes up and asks for its run', async () => {
    const api = await skillet();
    const { recipe } = make();
    await vscode.commands.executeCommand('skillet.openPanel', recipe);
    await until(() => api.panels.of(recipe)[0]?.isReady());
  });

  it('lenses over the name and the training offer Train, and the last result once there is one', async () => {
    const api = await skillet();
    const { recipe } = make();
    const lenses = async () =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', recipe, 10)) ?? [];
    await vscode.window.showTextDocument(recipe);
    const before = await lenses();
    assert.deepEqual(
      before.map((lens) => [lens.range.start.line, lens.command?.command]),
      [0, 6].flatMap((line) =>
        ['skillet.trainRecipe', 'skillet.tuneRecipe', 'skillet.openPanel'].map((command) => [line, command]),
      ),
    );
    await untilStatus(api, await train(recipe), 'completed');
    await until(async () => (await lenses()).some((lens) => lens.command?.title.startsWith('Last: rmse')));
  });

  it('the sample recipe and its data are put into the folder, and what is there is kept', async () => {
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root);
    const recipe = path.join(root.uri.fsPath, 'boston-housing.recipe.yaml');
    const data = path.join(root.uri.fsPath, 'data/boston_housing.csv');
    const [oldRecipe, oldData] = [readFileSync(recipe, 'utf8'), readFileSync(data, 'utf8')];
    writeFileSync(recipe, '# mine\n');
    rmSync(data);
    try {
      await vscode.commands.executeCommand('skillet.createRecipe', 'boston-housing.recipe.yaml');
      assert.equal(readFileSync(recipe, 'utf8'), '# mine\n');
      assert.equal(readFileSync(data, 'utf8'), oldData);
    } finally {
      writeFileSync(recipe, oldRecipe);
      writeFileSync(data, oldData);
    }
  });

  it('the sample that was picked comes with its own data and module alone', async () => {
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root);
    const inFolder = (file: string) => path.join(root.uri.fsPath, file);
    const made = ['languages-attention.recipe.yaml', 'data/languages.csv', 'languages-attention.mjs'].map(inFolder);
    const others = ['digits.recipe.yaml', 'data/digits.csv.gz'].map(inFolder);
    const before = [...made, ...others].map((file) => ({ file, bytes: readFileSync(file) }));
    try {
      for (const { file } of before) {
        rmSync(file);
      }
      await vscode.commands.executeCommand('skillet.createRecipe', 'languages-attention.recipe.yaml');
      assert.deepEqual([...made, ...others].map(existsSync), [true, true, true, false, false]);
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, made[0]);
    } finally {
      for (const { file, bytes } of before) {
        writeFileSync(file, bytes);
      }
    }
  });

  it('a run handed over by a file is taken up once; one outside the folder is not', async () => {
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root);
    const file = path.join(root.uri.fsPath, '.skillet/attach.json');
    mkdirSync(path.dirname(file), { recursive: true });
    const inside = {
      run: path.join(root.uri.fsPath, '.skillet/runs/x'),
      recipe: path.join(root.uri.fsPath, 'a.recipe.yaml'),
    };
    for (const [text, taken] of [
      [JSON.stringify(inside), [inside]],
      [JSON.stringify({ ...inside, run: path.join(root.uri.fsPath, '../x') }), []],
      [JSON.stringify({ run: 1 }), []],
      ['{', []],
    ] as const) {
      writeFileSync(file, text);
      assert.deepEqual(await takeAttachments(), taken);
      assert.equal(existsSync(file), false);
    }
  });

  it('every contributed command has a title in plain words', () => {
    const { contributes } = vscode.extensions.getExtension('skillet.skillet')?.packageJSON ?? {};
    const titles = (contributes.commands as { title: string }[]).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.includes('%') || title === ''),
      [],
    );
  });
});
