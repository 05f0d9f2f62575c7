/** "Open Model": the pages of models without a run, one a folder, brought back after a reload. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { FromPanel, ModelPageState, ToPanel } from '../../common/panelMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import { savePicture } from '../panel/savePicture.ts';
import { type Asking, createAsking } from './asking.ts';

export interface ModelPages extends vscode.Disposable {
  open(folder: string): void;
  /** What the page of a folder was told since it was loaded; null without one. */
  told(folder: string): readonly ToPanel[] | null;
}

const VIEW_TYPE = 'skillet.model';

export interface ModelPagesParts {
  readonly extensionUri: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
}

interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  told: ToPanel[];
}

export function createModelPages({ extensionUri, output }: ModelPagesParts): ModelPages {
  const pages = new Map<string, OpenPage>();
  const predictFile = vscode.Uri.joinPath(extensionUri, 'dist/predict.mjs').fsPath;
  const adopt = (panel: vscode.WebviewPanel, folder: string) => {
    const page: OpenPage = { panel, told: [] };
    pages.set(folder, page);
    const asking = createAsking(predictFile, (message) => {
      page.told.push(message);
      if (message.type === 'model') {
        panel.title = message.model.name;
      }
      void panel.webview.postMessage(message);
    });
    panel.onDidDispose(() => {
      asking.dispose();
      pages.delete(folder);
    });
    panel.webview.onDidReceiveMessage((message: FromPanel) => {
      if (message.type === 'ready') {
        page.told = [];
      }
      Promise.resolve(receive(message, folder, asking)).catch((error) => output.error(String(error)));
    });
    fillPage(panel, extensionUri, 'panel');
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { modelFolder } = (state ?? {}) as Partial<ModelPageState>;
      if (typeof modelFolder === 'string' && existsSync(modelFolder)) {
        adopt(panel, modelFolder);
      } else {
        panel.dispose();
      }
    },
  });
  return {
    open(folder) {
      const page = pages.get(folder);
      if (page === undefined) {
        adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Model', vscode.ViewColumn.Active), folder);
      } else {
        page.panel.reveal();
      }
    },
    told: (folder) => pages.get(folder)?.told ?? null,
    dispose() {
      serializer.dispose();
      for (const { panel } of pages.values()) {
        panel.dispose();
      }
    },
  };
}

function receive(message: FromPanel, folder: string, asking: Asking): unknown {
  switch (message.type) {
    case 'ready':
      return asking.open(folder);
    case 'predictRow':
      return asking.predictRow(message.fields);
    case 'predictCsv':
      return asking.predictCsv();
    case 'openFile':
      return vscode.window.showTextDocument(vscode.Uri.file(message.file));
    case 'save':
      return savePicture(folder, message);
    default:
      return undefined; // The rest is about recipes and runs.
  }
}
