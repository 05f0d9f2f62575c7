/** The Studies view: every study, newest first, with its trials below it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import { readStudy } from '../../node/study/readStudy.ts';
import { STATUS_ICON } from '../runs/runText.ts';
import type { ShownStudy, StudyIndex } from './studyIndex.ts';
import { bestText, describeStudy } from './studyText.ts';

export interface StudyItem extends vscode.TreeItem {
  readonly study: ShownStudy;
  /** Of a trial below its study. */
  readonly trial?: number;
}

export function createStudiesTree(
  studies: StudyIndex,
): vscode.Disposable & { readonly provider: vscode.TreeDataProvider<StudyItem> } {
  const provider: vscode.TreeDataProvider<StudyItem> = {
    onDidChangeTreeData: studies.onDidChange as vscode.Event<undefined>,
    getTreeItem: (item) => item,
    async getChildren(parent) {
      if (parent === undefined) {
        return (await studies.list()).map((study) => toItem(study, Date.now()));
      }
      if (parent.trial !== undefined) {
        return [];
      }
      const live = studies.live().find(({ studyFolder }) => studyFolder === parent.study.studyFolder);
      const state = live?.study ?? (await readStudy(parent.study.studyFolder));
      return state.trials.map((trial) => toTrialItem(trial, state, parent.study));
    },
  };
  const view = vscode.window.createTreeView('skillet.studies', { treeDataProvider: provider });
  return { provider, dispose: () => view.dispose() };
}

function toItem(study: ShownStudy, now: number): StudyItem {
  const description = describeStudy(study, now);
  return Object.assign(new vscode.TreeItem(study.name, vscode.TreeItemCollapsibleState.Collapsed), {
    study,
    id: study.studyFolder,
    description,
    tooltip: tooltip(study),
    iconPath: new vscode.ThemeIcon(STATUS_ICON[study.status], colorOf(study.status)),
    contextValue: `study.${study.status}${study.best === null ? '' : '.best'}`,
    accessibilityInformation: { label: `${study.name}, study, ${study.status}, ${description}` },
    command: { command: 'skillet.openStudy', title: 'Open Study', arguments: [{ study }] },
  });
}

const TRIAL_ICONS: Readonly<Record<TrialState['status'], string>> = {
  running: 'circle-outline',
  completed: 'pass',
  halted: 'circle-slash',
  failed: 'error',
  stopped: 'debug-stop',
};

function toTrialItem(trial: TrialState, { best }: StudyState, study: ShownStudy): StudyItem {
  const isBest = trial.number === best;
  const params = Object.entries(trial.params).map(([name, value]) => `${name} ${value}`);
  const value = trial.value === null ? trial.status : formatNumber(trial.value);
  return Object.assign(new vscode.TreeItem(`Trial ${trial.number}`), {
    study,
    trial: trial.number,
    id: `${study.studyFolder}#${trial.number}`,
    description: [value, ...params].join(' · '),
    tooltip: [`Trial ${trial.number}: ${trial.status}`, trial.message, ...params]
      .filter((line) => line !== '')
      .join('\n'),
    iconPath: new vscode.ThemeIcon(isBest ? 'star-full' : TRIAL_ICONS[trial.status]),
    contextValue: 'trial',
    accessibilityInformation: {
      label: `Trial ${trial.number}, ${isBest ? 'best, ' : ''}${trial.status}, ${value}, ${params.join(', ')}`,
    },
    command: {
      command: 'skillet.openRun',
      title: 'Open Run',
      arguments: [{ run: { runFolder: path.join(study.studyFolder, trial.runFolder), recipeFile: study.recipeFile } }],
    },
  });
}

function colorOf(status: ShownStudy['status']): vscode.ThemeColor | undefined {
  const colors: Partial<Record<ShownStudy['status'], string>> = {
    completed: 'testing.iconPassed',
    failed: 'testing.iconFailed',
    interrupted: 'list.warningForeground',
  };
  const color = colors[status];
  return color === undefined ? undefined : new vscode.ThemeColor(color);
}

/** Plain text: names come from files and must not be read as markup. */
function tooltip(study: ShownStudy): string {
  const params = Object.entries(study.best?.params ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    `${study.name}: ${study.status}, ${study.trialsDone} of ${study.trials ?? '?'} trials`,
    study.best === null ? '' : `Best: trial ${study.best.trial}, ${bestText(study)}`,
    params.join(', '),
    study.message,
    path.basename(study.studyFolder),
  ]
    .filter((line) => line !== '')
    .join('\n');
}
