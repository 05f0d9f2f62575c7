/** All open panels with studies: one a study, found again, brought back after a reload. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { StudyPageState } from '../../common/studyMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import { createStudyPanel, type StudyPanel, type StudyPanelParts } from './studyPanel.ts';

export interface StudyPanels extends vscode.Disposable {
  /** Shows the study's panel beside the editor. */
  open(study: { readonly studyFolder: string; readonly recipeFile: string | null }): StudyPanel;
  of(studyFolder: string): StudyPanel | undefined;
}

const VIEW_TYPE = 'skillet.study';

export function createStudyPanels(extensionUri: vscode.Uri, parts: StudyPanelParts): StudyPanels {
  const open = new Map<StudyPanel, vscode.WebviewPanel>();
  const of = (studyFolder: string) => [...open.keys()].find((panel) => panel.studyFolder === studyFolder);
  const adopt = (
    webviewPanel: vscode.WebviewPanel,
    study: { readonly studyFolder: string; readonly recipeFile: string | null },
  ): StudyPanel => {
    const panel = createStudyPanel(webviewPanel, study, parts);
    open.set(panel, webviewPanel);
    webviewPanel.onDidDispose(() => open.delete(panel));
    fillPage(webviewPanel, extensionUri, 'study');
    return panel;
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    async deserializeWebviewPanel(webviewPanel, state: unknown) {
      const { studyFolder } = (state ?? {}) as Partial<StudyPageState>;
      if (typeof studyFolder !== 'string' || !existsSync(studyFolder)) {
        webviewPanel.dispose();
        return;
      }
      adopt(webviewPanel, { studyFolder, recipeFile: null });
    },
  });
  return {
    of,
    open(study) {
      const found = of(study.studyFolder);
      if (found !== undefined) {
        found.reveal();
        return found;
      }
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      return adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Study', place), study);
    },
    dispose() {
      serializer.dispose();
      for (const webviewPanel of open.values()) {
        webviewPanel.dispose();
      }
    },
  };
}
