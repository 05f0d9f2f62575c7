/** Capsules from the palette. */
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Verification } from '../../src/common/capsule/verification.ts';
import { skillet, until, useTinyWorkspace } from './support.ts';

describe('capsule', () => {
  const workspace = useTinyWorkspace();

  it('a run is saved as a capsule and verified as identical, on a page of its own', async () => {
    const { recipe, folder } = workspace();
    const { index } = await skillet();
    const runFolder = await vscode.commands.executeCommand<string>('skillet.trainRecipe', recipe);
    const run = await until(async () =>
      (await index.list()).find((one) => one.runFolder === runFolder && one.status === 'completed'),
    );
    const file = vscode.Uri.file(path.join(folder, 'tiny.capsule.json'));
    await vscode.commands.executeCommand('skillet.saveCapsule', { run }, file);
    assert.ok(existsSync(file.fsPath));
    const result = await vscode.commands.executeCommand<Verification>('skillet.verifyCapsule', file);
    assert.deepEqual([result.verdict, result.compared.weights], ['identical', true]);
    await until(() =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === `Verified: ${result.name}`)),
    );
    rmSync(file.fsPath);
  });
});
