/** "New Recipe from Data": the command, and the page of a data file. */
import * as vscode from 'vscode';
import type { DataPageState } from '../../common/dataMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import { chooseCsv } from './chooseCsv.ts';
import { createDataFeed, type DataFeed } from './dataFeed.ts';

export interface DataPages extends vscode.Disposable {
  /** The feed of the page of a file; undefined without one. */
  of(file: string): DataFeed | undefined;
}

const VIEW_TYPE = 'skillet.data';

export function createDataPages(extensionUri: vscode.Uri, output: vscode.LogOutputChannel): DataPages {
  const pages = new Map<string, { readonly panel: vscode.WebviewPanel; readonly feed: DataFeed }>();

  const adopt = (panel: vscode.WebviewPanel, file: string) => {
    const feed = createDataFeed(file, { post: (message) => void panel.webview.postMessage(message), output });
    pages.set(file, { panel, feed });
    panel.onDidDispose(() => {
      feed.dispose();
      if (pages.get(file)?.panel === panel) {
        pages.delete(file);
      }
    });
    panel.webview.onDidReceiveMessage(feed.receive);
    fillPage(panel, extensionUri, 'data');
  };
  const open = async (target: unknown) => {
    const uri = target instanceof vscode.Uri ? target : await chooseCsv();
    if (uri === null) {
      return;
    }
    const shown = pages.get(uri.fsPath);
    if (shown === undefined) {
      const place = vscode.ViewColumn.Active;
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'New Recipe', place), uri.fsPath);
    } else {
      shown.panel.reveal();
    }
  };
  const parts = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.newRecipeFromData', open),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { file } = (state ?? {}) as Partial<DataPageState>;
        if (typeof file === 'string' && !pages.has(file)) {
          adopt(panel, file);
        } else {
          panel.dispose();
        }
      },
    }),
  );
  return {
    of: (file) => pages.get(file)?.feed,
    dispose() {
      parts.dispose();
      for (const { panel } of pages.values()) {
        panel.dispose();
      }
    },
  };
}
