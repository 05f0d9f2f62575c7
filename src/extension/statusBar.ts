/** The one status-bar item: what trains now. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { LiveRun } from './runs/liveRun.ts';
import type { RunIndex } from './runs/runIndex.ts';
import { liveText } from './runs/runText.ts';
import type { LiveStudy } from './studies/liveStudy.ts';
import type { StudyIndex } from './studies/studyIndex.ts';
import { liveStudyText } from './studies/studyText.ts';

export interface StatusBar extends vscode.Disposable {
  /** The text shown, or null while the item is hidden. */
  text(): string | null;
}

export function createStatusBar(index: RunIndex, studies: StudyIndex): StatusBar {
  const item = vscode.window.createStatusBarItem('skillet.training', vscode.StatusBarAlignment.Left);
  item.name = 'Skillet Training';
  let text: string | null = null;
  const show = async () => {
    const [newest, ...others] = [...index.live().map(toRunEntry), ...studies.live().map(toStudyEntry)].sort((a, b) =>
      path.basename(b.folder).localeCompare(path.basename(a.folder)),
    );
    if (newest === undefined) {
      text = null;
      item.hide();
      return;
    }
    const more = others.length === 0 ? '' : ` (+${others.length})`;
    text = `$(${newest.isPaused ? 'debug-pause' : 'sync~spin'}) ${await newest.words(index)}${more}`;
    item.text = text;
    item.tooltip = newest.tooltip;
    item.command = newest.command;
    item.show();
  };
  const subscriptions = [index.onDidChange(() => void show()), studies.onDidChange(() => void show())];
  return {
    text: () => text,
    dispose: () => vscode.Disposable.from(item, ...subscriptions).dispose(),
  };
}

/** What is told of one run or study. */
interface Entry {
  readonly folder: string;
  readonly isPaused: boolean;
  readonly tooltip: string;
  readonly command: vscode.Command;
  words(index: RunIndex): Promise<string>;
}

function toRunEntry({ runFolder, run }: LiveRun): Entry {
  return {
    folder: runFolder,
    isPaused: run.status === 'paused',
    tooltip: 'Show the training in its panel',
    command: {
      command: 'skillet.openRun',
      title: 'Open Panel',
      arguments: [{ run: { runFolder, recipeFile: run.recipeFile } }],
    },
    async words(index) {
      const listed = run.start === null ? (await index.list()).find((one) => one.runFolder === runFolder) : undefined;
      return liveText(run, run.start?.name ?? listed?.name ?? 'Training');
    },
  };
}

function toStudyEntry({ studyFolder, study, isPaused }: LiveStudy): Entry {
  return {
    folder: studyFolder,
    isPaused: isPaused(),
    tooltip: 'Show the study in its panel',
    command: {
      command: 'skillet.openStudy',
      title: 'Open Study',
      arguments: [{ study: { studyFolder, recipeFile: study.recipeFile } }],
    },
    words: async () => liveStudyText(study),
  };
}
