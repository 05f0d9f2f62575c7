/** The Runs view: every run, newest first, with its state and result. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { RunIndex } from './runIndex.ts';
import { ageText, describeRun, STATUS_ICON } from './runText.ts';

export interface RunItem extends vscode.TreeItem {
  readonly run: RunSummary;
}

export function createRunsTree(
  index: RunIndex,
): vscode.Disposable & { readonly provider: vscode.TreeDataProvider<RunItem> } {
  const provider: vscode.TreeDataProvider<RunItem> = {
    onDidChangeTreeData: index.onDidChange as vscode.Event<undefined>,
    getTreeItem: (item) => item,
    getChildren: async (parent) =>
      parent === undefined ? (await index.list()).map((run) => toItem(run, Date.now())) : [],
  };
  const view = vscode.window.createTreeView('skillet.runs', { treeDataProvider: provider });
  return { provider, dispose: () => view.dispose() };
}

function toItem(run: RunSummary, now: number): RunItem {
  const item = new vscode.TreeItem(run.name);
  const description = describeRun(run, now);
  return Object.assign(item, {
    run,
    id: run.runFolder,
    description,
    tooltip: tooltip(run, now),
    iconPath: new vscode.ThemeIcon(STATUS_ICON[run.status], colorOf(run.status)),
    contextValue: `run.${run.status}`,
    accessibilityInformation: { label: `${run.name}, ${run.status}, ${description}` },
    command: { command: 'skillet.openRun', title: 'Open Panel', arguments: [{ run }] },
  });
}

function colorOf(status: RunSummary['status']): vscode.ThemeColor | undefined {
  const colors: Partial<Record<RunSummary['status'], string>> = {
    completed: 'testing.iconPassed',
    failed: 'testing.iconFailed',
    interrupted: 'list.warningForeground',
  };
  const color = colors[status];
  return color === undefined ? undefined : new vscode.ThemeColor(color);
}

/** Plain text: names come from files and must not be read as markup. */
function tooltip(run: RunSummary, now: number): string {
  const unit = run.result?.unit === undefined ? '' : ` ${run.result.unit}`;
  const params = Object.entries(run.params).map(([name, value]) => `${name} ${value}`);
  const lines = [
    `${run.name}: ${run.status}, ${run.epochsDone} of ${run.epochs ?? '?'} epochs`,
    run.result === null ? '' : `Test ${run.result.metric} ${formatNumber(run.result.value)}${unit}`,
    run.result === null || run.result.baseline === null
      ? ''
      : `Best naive baseline ${formatNumber(run.result.baseline)}${unit}`,
    run.problem ?? '',
    params.join(', '),
    [run.backend === null ? '' : `on ${run.backend}`, run.seed === null ? '' : `seed ${run.seed}`]
      .filter((part) => part !== '')
      .join(', '),
    `${ageText(run.startedAt, now)}, ${path.basename(run.runFolder)}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}
