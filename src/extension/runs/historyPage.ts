/** "Run History": the command, its page, and what the page's buttons do. */

import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { FromHistoryPage, ToHistoryPage } from '../../common/historyMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import type { RunActions } from './runActions.ts';
import type { ChangedRuns, RunIndex } from './runIndex.ts';

export interface HistoryPage extends vscode.Disposable {
  /** Whether the page is open and has asked for its runs. */
  isReady(): boolean;
}

export interface HistoryPageParts {
  readonly index: RunIndex;
  readonly actions: RunActions;
  /** Keeps columns, order and filter for the next time. */
  readonly memento: vscode.Memento;
  readonly output: vscode.LogOutputChannel;
}

const VIEW_TYPE = 'skillet.history';
const KEPT = 'skillet.historyView';
/** Runs in one message: some milliseconds to copy. */
const PIECE = 500;

export function createHistoryPage(extensionUri: vscode.Uri, parts: HistoryPageParts): HistoryPage {
  const { index, memento, output } = parts;
  let open: { readonly panel: vscode.WebviewPanel; isReady: boolean; filter: string | null } | null = null;

  const post = (message: ToHistoryPage) => void open?.panel.webview.postMessage(message);
  const sendAll = async () => {
    const runs = await index.list();
    for (let from = 0; from === 0 || from < runs.length; from += PIECE) {
      const piece = runs.slice(from, from + PIECE);
      post({ type: 'runs', runs: piece, isFirst: from === 0, isLast: from + PIECE >= runs.length });
      await nextTurn();
    }
  };
  const begin = async () => {
    post({ type: 'view', view: memento.get(KEPT) });
    if (open !== null && open.filter !== null) {
      post({ type: 'filter', text: open.filter });
      open.filter = null;
    }
    await sendAll();
    if (open !== null) {
      open.isReady = true;
    }
  };
  const tellChanges = async ({ runFolders, gone }: ChangedRuns) => {
    // A hidden page is loaded anew when it is shown.
    if (open?.isReady !== true || !open.panel.visible || runFolders.length + gone.length === 0) {
      return;
    }
    const wanted = new Set(runFolders);
    const runs = (await index.list()).filter(({ runFolder }) => wanted.has(runFolder));
    for (let from = 0; from === 0 || from < runs.length; from += PIECE) {
      post({ type: 'changed', runs: runs.slice(from, from + PIECE), gone: from === 0 ? gone : [] });
      await nextTurn();
    }
  };
  const receive = async (message: FromHistoryPage): Promise<unknown> => {
    switch (message.type) {
      case 'ready':
        return begin();
      case 'keep':
        return memento.update(KEPT, message.view);
      default:
        return serve(message, parts);
    }
  };
  const onError = (error: unknown) => output.error(String(error));
  const adopt = (panel: vscode.WebviewPanel, filter: string | null) => {
    open = { panel, isReady: false, filter };
    panel.onDidDispose(() => {
      open = open?.panel === panel ? null : open;
    });
    panel.webview.onDidReceiveMessage((message: FromHistoryPage) => receive(message).catch(onError));
    fillPage(panel, extensionUri, 'history');
  };
  const show = (target: unknown) => {
    const { recipeFile } = (target ?? {}) as { recipeFile?: unknown };
    const filter = typeof recipeFile === 'string' ? recipeFilter(recipeFile) : null;
    if (open === null) {
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Run History', vscode.ViewColumn.Active), filter);
      return;
    }
    open.panel.reveal();
    if (filter !== null) {
      post({ type: 'filter', text: filter });
    }
  };
  const own = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.showHistory', show),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel) => adopt(panel, null),
    }),
    index.onDidChangeRuns((changes) => void tellChanges(changes).catch(onError)),
  );
  return {
    isReady: () => open?.isReady === true,
    dispose() {
      own.dispose();
      open?.panel.dispose();
    },
  };
}

/** As a person would write it. */
function recipeFilter(recipeFile: string): string {
  const name = path.basename(recipeFile).replace(/\.recipe\.(ya?ml|json)$/, '');
  return `recipe = ${/[\s,"]/.test(name) ? JSON.stringify(name) : name}`;
}

type Wish = Exclude<FromHistoryPage, { type: 'ready' | 'keep' }>;

async function serve(message: Wish, { index, actions }: HistoryPageParts): Promise<unknown> {
  switch (message.type) {
    case 'open': {
      const run = (await index.list()).find(({ runFolder }) => runFolder === message.runFolder);
      return run && vscode.commands.executeCommand('skillet.openRun', { run });
    }
    case 'annotate':
      return actions.annotate(message.runFolders, message.change);
    case 'ask':
      return message.what === 'tags' ? actions.askTags(message.runFolders) : actions.askNote(message.runFolders);
    case 'delete':
      return actions.delete(message.runFolders);
    case 'compare':
      return vscode.commands.executeCommand('skillet.compareRuns', { runFolders: message.runFolders });
    case 'train':
      return vscode.commands.executeCommand('skillet.trainRecipe');
  }
}
