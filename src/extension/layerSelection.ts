/** Lights up, in a recipe's panels, the layer that the editor's cursor stands in. */
import * as vscode from 'vscode';
import type { Panels } from './panel/panels.ts';
import { isRecipe } from './recipes/recipeFiles.ts';

export function createLayerSelection(panels: Panels): vscode.Disposable {
  return vscode.window.onDidChangeTextEditorSelection(async ({ textEditor, selections }) => {
    const { document } = textEditor;
    const open = isRecipe(document) ? panels.of(document.uri) : [];
    if (open.length === 0) {
      return;
    }
    const { parseRecipe } = await import('../common/recipe/parse.ts');
    const { recipe, pathAt } = parseRecipe(document.getText());
    const index = /^model\[(\d+)\]/.exec(pathAt((selections[0]?.active.line ?? 0) + 1) ?? '')?.[1];
    const layer = index === undefined ? null : (recipe?.model[Number(index)]?.name ?? null);
    for (const panel of open) {
      panel.selectLayer(layer);
    }
  });
}
