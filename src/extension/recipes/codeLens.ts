/** Train, and the last result, above the recipe's name and its `train` section. */
import * as vscode from 'vscode';
import type { RunIndex } from '../runs/runIndex.ts';
import { describeRun } from '../runs/runText.ts';
import { RECIPES } from './recipeFiles.ts';

export function createCodeLens(index: RunIndex): vscode.Disposable & { readonly provider: vscode.CodeLensProvider } {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const lines = document.getText().split('\n');
      const places = [/^(?:name:|\s*\{?\s*"name"\s*:)/, /^(?:train:|\s*"train"\s*:)/]
        .map((pattern) => lines.findIndex((line) => pattern.test(line)))
        .filter((line) => line >= 0);
      const last = (await index.list()).find((run) => run.recipeFile === document.uri.fsPath);
      return places.flatMap((line) => {
        const range = new vscode.Range(line, 0, line, 0);
        const train = new vscode.CodeLens(range, {
          title: '$(play) Train',
          tooltip: 'Train this recipe',
          command: 'skillet.trainRecipe',
          arguments: [document.uri],
        });
        const panel = new vscode.CodeLens(range, {
          title: '$(graph-line) Panel',
          command: 'skillet.openPanel',
          arguments: [document.uri],
        });
        if (last === undefined) {
          return [train, panel];
        }
        const title = `Last: ${describeRun(last, Date.now())}`;
        return [
          train,
          panel,
          new vscode.CodeLens(range, { title, command: 'skillet.openRun', arguments: [{ run: last }] }),
        ];
      });
    },
  };
  const subscriptions = [
    changed,
    index.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(RECIPES, provider),
  ];
  return { provider, dispose: () => vscode.Disposable.from(...subscriptions).dispose() };
}
