/** One page with a comparison, and what its buttons do. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { FromComparePage, ToComparePage } from '../../common/compareMessages.ts';
import { toProblem } from '../../common/errors.ts';
import { savePicture } from '../panel/savePicture.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { createCompareFeed } from './compareFeed.ts';
import { pickRuns } from './pickRuns.ts';
import { diffRuns } from './recipeDiff.ts';

export interface ComparePanel {
  readonly runFolders: () => readonly string[];
  /** Whether the page has said that it is ready. */
  isReady(): boolean;
  reveal(): void;
}

export interface ComparePanelParts {
  readonly index: RunIndex;
  readonly output: vscode.LogOutputChannel;
}

export function createComparePanel(
  webviewPanel: vscode.WebviewPanel,
  runFolders: readonly string[],
  { index, output }: ComparePanelParts,
): ComparePanel {
  let folders = [...new Set(runFolders)];
  let isReady = false;
  const post = (message: ToComparePage) => void webviewPanel.webview.postMessage(message);
  let feed = createCompareFeed(post);
  const show = () => {
    webviewPanel.title = folders.length === 1 ? 'Compare 1 Run' : `Compare ${folders.length} Runs`;
    post({ type: 'runs', runFolders: folders });
    feed.follow(folders);
  };
  const change = (next: readonly string[]) => {
    folders = [...new Set(next)];
    show();
  };
  const receive = async (message: FromComparePage): Promise<unknown> => {
    switch (message.type) {
      case 'ready':
        // A page that was hidden knows nothing any more: all is told again.
        isReady = true;
        feed.dispose();
        feed = createCompareFeed(post);
        return show();
      case 'addRuns': {
        const added = await pickRuns(index, { except: folders, title: 'Add Runs' });
        return added === null ? undefined : change([...folders, ...added]);
      }
      case 'removeRuns':
        return change(folders.filter((folder) => !message.runFolders.includes(folder)));
      case 'openDiff':
        return diffRuns(message.base, message.other);
      case 'save':
        return savePicture(path.resolve(path.dirname(folders[0] ?? '.'), '../..'), message);
      case 'openRun': {
        const run = (await index.list()).find(({ runFolder }) => runFolder === message.runFolder);
        return vscode.commands.executeCommand('skillet.openRun', { run: run ?? { runFolder: message.runFolder } });
      }
      case 'restore':
        return vscode.commands.executeCommand('skillet.restoreRecipe', { run: { runFolder: message.runFolder } });
      case 'export':
        return vscode.commands.executeCommand('skillet.exportRun', { runFolders: message.runFolders });
    }
  };
  webviewPanel.webview.onDidReceiveMessage((message: FromComparePage) =>
    receive(message).catch((error: unknown) => {
      output.error(String(error));
      post({ type: 'refused', problems: [toProblem(error, 'comparison')] });
    }),
  );
  // A run that had ended may have been resumed.
  const changed = index.onDidChange(() => {
    for (const { runFolder } of index.live()) {
      feed.again(runFolder);
    }
  });
  webviewPanel.onDidDispose(() => {
    changed.dispose();
    feed.dispose();
  });
  return { runFolders: () => folders, isReady: () => isReady, reveal: () => webviewPanel.reveal(undefined, true) };
}
