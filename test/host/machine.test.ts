/** Check This Machine: its page opens, and its checks arrive. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { planChecks } from '../../src/common/machine/planChecks.ts';
import { skillet, until } from './support.ts';

const tabs = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('skillet.machine'));

describe('check of this machine', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('the command opens one page, and every planned line arrives before the report', async () => {
    const { machinePage } = await skillet();
    await vscode.commands.executeCommand('skillet.checkMachine');
    await vscode.commands.executeCommand('skillet.checkMachine');
    await until(() => machinePage.told()?.at(-1)?.type === 'end');
    assert.equal(tabs().length, 1);
    const told = machinePage.told() ?? [];
    const arrived = told.flatMap((message) => (message.type === 'check' ? [message.check.id] : []));
    assert.deepEqual(
      arrived.toSorted(),
      planChecks(process.platform)
        .map(({ id }) => id)
        .toSorted(),
    );
    assert.deepEqual([told[0]?.type, told.length], ['begin', arrived.length + 2]);
    const end = told.at(-1);
    const node = end?.type === 'end' ? end.report.checks.find(({ id }) => id === 'node') : undefined;
    assert.equal(node?.detail.startsWith(process.versions.node), true);
  });

  it('a closed page is forgotten', async () => {
    const { machinePage } = await skillet();
    await vscode.commands.executeCommand('skillet.checkMachine');
    await until(() => machinePage.told()?.length);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => machinePage.told() === null);
  });
});
