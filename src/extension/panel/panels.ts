/** All open panels: one a recipe, found again, brought back after a reload. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { PanelState } from '../../common/panelMessages.ts';
import { fillPage } from './fillPage.ts';
import { createPanel, type Panel, type PanelParts } from './panel.ts';
import { createPastRuns } from './pastRuns.ts';

export interface Panels extends vscode.Disposable {
  /** Shows the recipe's panel beside the editor; `runFolder` undefined leaves the run that it shows. */
  open(recipe: vscode.Uri, runFolder?: string | null): Promise<Panel>;
  /** One more panel on the same run. */
  openAnother(recipe: vscode.Uri, runFolder: string | null): Panel;
  of(recipe: vscode.Uri): readonly Panel[];
  /** The panel that has the focus, else the only one that is to be seen. */
  active(): Panel | null;
}

const VIEW_TYPE = 'skillet.run';

export function createPanels(extensionUri: vscode.Uri, parts: PanelParts): Panels {
  const panels = new Map<Panel, vscode.WebviewPanel>();
  const pastRuns = createPastRuns();
  const of = (recipe: vscode.Uri) =>
    [...panels.keys()].filter((panel) => panel.recipe.toString() === recipe.toString());
  const adopt = (webviewPanel: vscode.WebviewPanel, start: { recipe: vscode.Uri; runFolder: string | null }): Panel => {
    const panel = createPanel(webviewPanel, start, { ...parts, pastRuns });
    panels.set(panel, webviewPanel);
    webviewPanel.onDidDispose(() => panels.delete(panel));
    fillPage(webviewPanel, extensionUri, 'panel');
    return panel;
  };
  const openAnother = (recipe: vscode.Uri, runFolder: string | null) => {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Skillet', place), { recipe, runFolder });
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    async deserializeWebviewPanel(webviewPanel, state: unknown) {
      const kept = toState(state);
      if (kept === null || !existsSync(kept.recipeFile)) {
        webviewPanel.dispose();
        return;
      }
      const runFolder = kept.runFolder !== null && existsSync(kept.runFolder) ? kept.runFolder : null;
      adopt(webviewPanel, { recipe: vscode.Uri.file(kept.recipeFile), runFolder });
    },
  });
  const active = () => {
    const all = [...panels];
    const visible = all.filter(([, { visible: isVisible }]) => isVisible);
    const [panel = null] =
      all.find(([, webviewPanel]) => webviewPanel.active) ?? (visible.length === 1 ? visible[0] : undefined) ?? [];
    return panel;
  };
  return {
    of,
    active,
    openAnother,
    async open(recipe, runFolder) {
      const panel = of(recipe)[0];
      if (panel === undefined) {
        return openAnother(recipe, runFolder ?? null);
      }
      panel.reveal();
      if (runFolder !== undefined) {
        await panel.showRun(runFolder);
      }
      return panel;
    },
    dispose() {
      serializer.dispose();
      for (const webviewPanel of panels.values()) {
        webviewPanel.dispose();
      }
    },
  };
}

/** What VS Code gives back was written by an earlier version, perhaps. */
function toState(state: unknown): PanelState | null {
  const { recipeFile, runFolder } = (state ?? {}) as Partial<PanelState>;
  return typeof recipeFile === 'string'
    ? { recipeFile, runFolder: typeof runFolder === 'string' ? runFolder : null }
    : null;
}
