/** The Runs view with many runs, what is done with several at once, and the page of the history. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { SkilletApi } from '../../src/extension/extension.ts';
import type { RunNode } from '../../src/extension/runs/runsTree.ts';
import { runName, writeManyRuns } from '../fixtures/manyRuns.ts';
import { runItem, skillet, until, useTinyWorkspace } from './support.ts';

const COUNT = 130;

describe('run history', () => {
  const make = useTinyWorkspace();

  /** A recipe with many runs beside it, and the view looking at it. */
  async function manyRuns(): Promise<{ api: SkilletApi; at: (number: number) => string }> {
    const api = await skillet();
    const folder = path.join(make().folder, '.skillet/runs');
    writeManyRuns(folder, COUNT, { epochsEach: 2 });
    const at = (number: number) => path.join(folder, runName(number));
    await until(async () => {
      api.index.refresh();
      return (await api.index.list()).some(({ runFolder }) => runFolder === at(COUNT - 1));
    });
    return { api, at };
  }

  const nodes = async (api: SkilletApi, parent?: RunNode) => (await api.runsTree.getChildren(parent)) ?? [];
  const target = (runFolder: string) => ({ run: { runFolder } });
  const isListed = async (api: SkilletApi, runFolder: string) =>
    (await api.index.list()).some((run) => run.runFolder === runFolder);

  afterEach(async () => {
    await vscode.commands.executeCommand('skillet.clearRunsFilter');
    await vscode.commands.executeCommand('skillet.hideArchivedRuns');
    await vscode.workspace
      .getConfiguration('skillet')
      .update('runs.groupBy', undefined, vscode.ConfigurationTarget.Global);
  });

  it('many runs come in pages of a hundred, and the next one is asked for', async () => {
    const { api } = await manyRuns();
    await vscode.workspace
      .getConfiguration('skillet')
      .update('runs.groupBy', 'none', vscode.ConfigurationTarget.Global);
    const shown = await nodes(api);
    assert.equal(shown.filter((node) => 'run' in node).length, 100);
    const more = shown.at(-1);
    assert.ok(more?.command !== undefined && /^Show \d+ more$/.test(String(more.label)), String(more?.label));
    await vscode.commands.executeCommand(more.command.command, ...(more.command.arguments ?? []));
    const all = await nodes(api);
    assert.ok(all.length >= COUNT && all.every((node) => 'run' in node), `${all.length} nodes`);
  });

  it('starred runs stand first in a group of their own, and the star is kept in the run', async () => {
    const { api, at } = await manyRuns();
    await vscode.commands.executeCommand('skillet.starRun', target(at(3)), [target(at(3)), target(at(5))]);
    const [first, ...others] = await nodes(api);
    assert.ok(first !== undefined && 'group' in first && first.label === 'Starred');
    assert.deepEqual(
      (await nodes(api, first)).map((node) => ('run' in node ? node.run.runFolder : '')),
      [at(5), at(3)],
    );
    assert.ok(others.some((node) => 'group' in node));
    assert.equal(JSON.parse(readFileSync(path.join(at(3), 'annotations.json'), 'utf8')).starred, true);
    const item = await runItem(api, at(3));
    assert.match(String(item?.description), /^★ /);
    assert.match(String(item?.contextValue), /^run\.(completed|stopped|failed)\.starred$/);
    await vscode.commands.executeCommand('skillet.unstarRun', target(at(3)), [target(at(3)), target(at(5))]);
    assert.ok((await nodes(api)).every((node) => node.label !== 'Starred'));
  });

  it('a filter leaves what fits, says so, and is cleared', async () => {
    const { api, at } = await manyRuns();
    await vscode.commands.executeCommand('skillet.filterRuns', `folder = ${path.basename(at(7))}`);
    assert.deepEqual(
      (await nodes(api)).map((node) => ('run' in node ? node.run.runFolder : '')),
      [at(7)],
    );
    await assert.rejects(async () => vscode.commands.executeCommand('skillet.filterRuns', 'untis > 3'), /no field/);
    await vscode.commands.executeCommand('skillet.clearRunsFilter');
    assert.ok((await nodes(api)).length > 1);
  });

  it('archived runs are left out until they are asked for', async () => {
    const { api, at } = await manyRuns();
    await vscode.commands.executeCommand('skillet.archiveRun', target(at(COUNT - 1)));
    assert.equal(await runItem(api, at(COUNT - 1)), undefined);
    await vscode.commands.executeCommand('skillet.showArchivedRuns');
    assert.match(String((await runItem(api, at(COUNT - 1)))?.description), /archived$/);
  });

  it('several runs are deleted at once and brought back', async () => {
    const { api, at } = await manyRuns();
    const three = [1, 2, 3].map((number) => target(at(number)));
    await vscode.commands.executeCommand('skillet.deleteRun', three[0], three);
    assert.deepEqual([existsSync(at(1)), await isListed(api, at(2)), await isListed(api, at(4))], [false, false, true]);
    await vscode.commands.executeCommand('skillet.undoDeleteRuns');
    assert.deepEqual([existsSync(at(1)), await isListed(api, at(2)), await isListed(api, at(3))], [true, true, true]);
  });

  it('what another program writes into a run is seen without asking', async () => {
    const { api, at } = await manyRuns();
    const { annotateRun } = await import('../../src/node/annotateRun.ts');
    await annotateRun(at(9), { tags: ['outside'] });
    await until(async () =>
      (await api.index.list()).some((run) => run.runFolder === at(9) && run.annotations.tags.includes('outside')),
    );
  });

  it('the page of the history comes up and asks for its runs', async () => {
    const { api } = await manyRuns();
    await vscode.commands.executeCommand('skillet.showHistory');
    await until(() => api.historyPage.isReady());
  });
});
