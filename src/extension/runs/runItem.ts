/** How one run stands in the Runs view. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { ageText, describeRun, STATUS_ICON } from './runText.ts';

export interface RunItem extends vscode.TreeItem {
  run: RunSummary;
}

export function toRunItem(run: RunSummary, now: number): RunItem {
  return dressRun(Object.assign(new vscode.TreeItem(run.name), { run }), run, now);
}

/** Changes the item in place: VS Code knows it by itself. */
export function dressRun(item: RunItem, run: RunSummary, now: number): RunItem {
  const { starred, tags, archived } = run.annotations;
  const marks = [...tags.map((tag) => `#${tag}`), ...(archived ? ['archived'] : [])].join(' ');
  const description = [describeRun(run, now), marks].filter((part) => part !== '').join('  ');
  return Object.assign(item, {
    run,
    label: run.name,
    id: run.runFolder,
    description: starred ? `★ ${description}` : description,
    tooltip: tooltip(run, now),
    iconPath: new vscode.ThemeIcon(STATUS_ICON[run.status], colorOf(run.status)),
    contextValue: ['run', run.status, ...(starred ? ['starred'] : []), ...(archived ? ['archived'] : [])].join('.'),
    accessibilityInformation: {
      label: `${run.name}, ${run.status}, ${starred ? 'starred, ' : ''}${description}`,
    },
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
    run.fork === undefined ? '' : `Forked from ${run.fork.run} after epoch ${run.fork.epoch}`,
    run.newerFormat === undefined ? '' : `It ${run.newerFormat}`,
    params.join(', '),
    run.annotations.tags.map((tag) => `#${tag}`).join(' '),
    run.annotations.note,
    [run.backend === null ? '' : `on ${run.backend}`, run.seed === null ? '' : `seed ${run.seed}`]
      .filter((part) => part !== '')
      .join(', '),
    `${ageText(run.startedAt, now)}, ${path.basename(run.runFolder)}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}
