/** Train, Tune, and the last results, above the recipe's name and its `train` section. */
import * as vscode from 'vscode';
import type { RunIndex } from '../runs/runIndex.ts';
import { describeRun } from '../runs/runText.ts';
import type { ShownStudy, StudyIndex } from '../studies/studyIndex.ts';
import { describeStudy } from '../studies/studyText.ts';
import { RECIPES } from './recipeFiles.ts';

export function createCodeLens(
  index: RunIndex,
  studies: StudyIndex,
): vscode.Disposable & { readonly provider: vscode.CodeLensProvider } {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const lines = document.getText().split('\n');
      const places = [/^(?:name:|\s*\{?\s*"name"\s*:)/, /^(?:train:|\s*"train"\s*:)/]
        .map((pattern) => lines.findIndex((line) => pattern.test(line)))
        .filter((line) => line >= 0);
      const last = (await index.list()).find((run) => run.recipeFile === document.uri.fsPath);
      const tune = lines.findIndex((line) => /^tune:/.test(line));
      const study = (await studies.list()).find(({ recipeFile }) => recipeFile === document.uri.fsPath);
      const ofTune =
        tune < 0 ? [] : [tuneLens(tune, document.uri), ...(study === undefined ? [] : [studyLens(tune, study)])];
      const ofTrain = places.flatMap((line) => {
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
        const beside = tune < 0 ? [] : [tuneLens(line, document.uri)];
        if (last === undefined) {
          return [train, ...beside, panel];
        }
        const title = `Last: ${describeRun(last, Date.now())}`;
        return [
          train,
          ...beside,
          panel,
          new vscode.CodeLens(range, { title, command: 'skillet.openRun', arguments: [{ run: last }] }),
        ];
      });
      return [...ofTrain, ...ofTune];
    },
  };
  const subscriptions = [
    changed,
    index.onDidChange(() => changed.fire()),
    studies.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(RECIPES, provider),
  ];
  return { provider, dispose: () => vscode.Disposable.from(...subscriptions).dispose() };
}

function tuneLens(line: number, recipe: vscode.Uri): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title: '$(settings) Tune',
    tooltip: 'Start a study: train this recipe with other parameters',
    command: 'skillet.tuneRecipe',
    arguments: [recipe],
  });
}

function studyLens(line: number, study: ShownStudy): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title: `Last: ${describeStudy(study, Date.now())}`,
    command: 'skillet.openStudy',
    arguments: [{ study }],
  });
}
