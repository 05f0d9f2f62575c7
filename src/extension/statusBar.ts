/** The one status-bar item: what trains now. */
import * as vscode from 'vscode';
import type { RunIndex } from './runs/runIndex.ts';
import { liveText } from './runs/runText.ts';

export interface StatusBar extends vscode.Disposable {
  /** The text shown, or null while the item is hidden. */
  text(): string | null;
}

export function createStatusBar(index: RunIndex): StatusBar {
  const item = vscode.window.createStatusBarItem('skillet.training', vscode.StatusBarAlignment.Left);
  item.name = 'Skillet Training';
  let text: string | null = null;
  const show = async () => {
    const [newest, ...others] = index.live();
    if (newest === undefined) {
      text = null;
      item.hide();
      return;
    }
    const name =
      newest.run.start?.name ??
      (await index.list()).find((run) => run.runFolder === newest.runFolder)?.name ??
      'Training';
    const more = others.length === 0 ? '' : ` (+${others.length})`;
    text = `$(${newest.run.status === 'paused' ? 'debug-pause' : 'sync~spin'}) ${liveText(newest.run, name)}${more}`;
    item.text = text;
    item.tooltip = 'Show the training in its panel';
    item.command = {
      command: 'skillet.openRun',
      title: 'Open Panel',
      arguments: [{ run: { runFolder: newest.runFolder, recipeFile: newest.run.recipeFile } }],
    };
    item.show();
  };
  const subscription = index.onDidChange(() => void show());
  return {
    text: () => text,
    dispose: () => vscode.Disposable.from(item, subscription).dispose(),
  };
}
