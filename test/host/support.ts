/** What the extension-host tests share: the running extension, a tiny recipe, and waiting for a condition. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../../src/common/run/runSummary.ts';
import type { SkilletApi } from '../../src/extension/extension.ts';
import type { RunItem } from '../../src/extension/runs/runItem.ts';
import type { RunNode } from '../../src/extension/runs/runsTree.ts';
import { tinyCsv, tinyRecipe } from '../fixtures/tinyRecipe.ts';

export async function skillet(): Promise<SkilletApi> {
  const extension = vscode.extensions.getExtension<SkilletApi>('skillet.skillet');
  assert.ok(extension, 'the extension is not installed in this window');
  return extension.activate();
}

interface TinyWorkspace {
  readonly recipe: vscode.Uri;
  readonly folder: string;
  remove(): void;
}

/** A folder of the opened workspace with a recipe and its data. */
function makeTinyWorkspace(part: { recipe?: string; csv?: string; file?: string } = {}): TinyWorkspace {
  const [root] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(root, 'no folder is open');
  const folder = mkdtempSync(path.join(root.uri.fsPath, 'tiny-'));
  const recipe = path.join(folder, part.file ?? 'tiny.recipe.yaml');
  writeFileSync(recipe, part.recipe ?? tinyRecipe);
  writeFileSync(path.join(folder, 'tiny.csv'), part.csv ?? tinyCsv);
  return {
    recipe: vscode.Uri.file(recipe),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** For one `describe`: makes workspaces, and after each test stops what trains, closes what is open and removes the last. */
export function useTinyWorkspace(): (part?: Parameters<typeof makeTinyWorkspace>[0]) => TinyWorkspace {
  let made: TinyWorkspace | undefined;
  afterEach(async () => {
    await tidyUp();
    made?.remove();
  });
  return (part) => {
    made = makeTinyWorkspace(part);
    return made;
  };
}

/** A recipe that trains until it is stopped. */
export const longRecipe = tinyRecipe.replace('epochs: 3', 'epochs: 1000000, checkpoint: { everyEpochs: 5 }');

/** Asks until there is an answer; mocha's own limit ends a wait in vain. */
export async function until<T>(
  ask: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false && answer !== null) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the run of this folder is in a state, as the Runs view tells it. */
export async function untilStatus(
  api: SkilletApi,
  runFolder: string,
  status: RunSummary['status'],
): Promise<RunSummary> {
  return until(async () =>
    (await api.index.list()).find((run) => run.runFolder === runFolder && run.status === status),
  );
}

/** The run as it stands in the Runs view, in whichever group. */
export async function runItem(api: SkilletApi, runFolder: string): Promise<RunItem | undefined> {
  const nodes = async (parent?: RunNode): Promise<RunItem[]> => {
    const below = (await api.runsTree.getChildren(parent)) ?? [];
    const found = await Promise.all(
      below.map(async (node) => ('run' in node ? [node] : 'group' in node ? nodes(node) : [])),
    );
    return found.flat();
  };
  return (await nodes()).find(({ run }) => run.runFolder === runFolder);
}

export async function train(recipe: vscode.Uri): Promise<string> {
  const runFolder = await vscode.commands.executeCommand<string | null>('skillet.trainRecipe', recipe);
  assert.ok(runFolder, 'training was refused');
  return runFolder;
}

/** Stops what still trains and closes every editor, so that tests do not meet each other's leavings. */
async function tidyUp(): Promise<void> {
  const api = await skillet();
  api.index.refresh();
  await Promise.all([api.index.list(), api.studies.list()]);
  for (const { studyFolder } of api.studies.live()) {
    await api.studies.control(studyFolder, 'stop');
  }
  await until(() => api.studies.live().length === 0);
  for (const { runFolder } of api.index.live()) {
    await vscode.commands.executeCommand('skillet.stopTraining', { run: { runFolder } });
  }
  await until(() => api.index.live().length === 0);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
