/** All open comparisons: one for a set of runs, brought back after a reload. */
import * as vscode from 'vscode';
import type { ComparePageState } from '../../common/compareMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import { type ComparePanel, type ComparePanelParts, createComparePanel } from './comparePanel.ts';

export interface ComparePanels extends vscode.Disposable {
  /** Shows these runs beside each other; the same ones are not opened twice. */
  open(runFolders: readonly string[]): ComparePanel;
  list(): readonly ComparePanel[];
}

const VIEW_TYPE = 'skillet.compare';

export function createComparePanels(extensionUri: vscode.Uri, parts: ComparePanelParts): ComparePanels {
  const open = new Map<ComparePanel, vscode.WebviewPanel>();
  const adopt = (webviewPanel: vscode.WebviewPanel, runFolders: readonly string[]): ComparePanel => {
    const panel = createComparePanel(webviewPanel, runFolders, parts);
    open.set(panel, webviewPanel);
    webviewPanel.onDidDispose(() => open.delete(panel));
    fillPage(webviewPanel, extensionUri, 'compare');
    return panel;
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    async deserializeWebviewPanel(webviewPanel, state: unknown) {
      const { runFolders } = (state ?? {}) as Partial<ComparePageState>;
      const isList = Array.isArray(runFolders) && runFolders.every((one) => typeof one === 'string');
      // Runs that are gone meanwhile are told as such on the page.
      adopt(webviewPanel, isList ? runFolders : []);
    },
  });
  return {
    list: () => [...open.keys()],
    open(runFolders) {
      const wanted = keyOf(runFolders);
      const found = [...open.keys()].find((panel) => keyOf(panel.runFolders()) === wanted);
      if (found !== undefined) {
        found.reveal();
        return found;
      }
      const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
      return adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Compare Runs', place), runFolders);
    },
    dispose() {
      serializer.dispose();
      for (const webviewPanel of open.values()) {
        webviewPanel.dispose();
      }
    },
  };
}

const keyOf = (runFolders: readonly string[]) => [...new Set(runFolders)].sort().join('\n');
