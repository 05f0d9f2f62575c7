/** Train, Tune, Resume, Compare and the last results, above the recipe's name and its `train` section. */
import * as vscode from 'vscode';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { outcomeText } from '../runs/runText.ts';
import type { ShownStudy, StudyIndex } from '../studies/studyIndex.ts';
import { describeStudy } from '../studies/studyText.ts';
import { isRecipe, RECIPES } from './recipeFiles.ts';

export function createCodeLens(
  index: RunIndex,
  studies: StudyIndex,
): vscode.Disposable & { readonly provider: vscode.CodeLensProvider } {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const known = await knownOf(document.uri, index, studies);
      const { named, tune, hasParams } = placesIn(document.getText());
      const canTune = hasParams || tune !== null;
      const titles = runLenses(document.uri, known, canTune);
      const above = (line: number, commands: readonly vscode.Command[]) =>
        commands.map((command) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command));
      return [
        ...named.flatMap((line) => above(line, titles)),
        ...(tune === null ? [] : above(tune, [tuneCommand(document.uri), ...studyLenses(known.study)])),
      ];
    },
  };
  const tellIfOther = onlyWhenOther(
    () => signature(index, studies),
    () => changed.fire(),
  );
  const subscriptions = [
    changed,
    index.onDidChange(tellIfOther),
    studies.onDidChange(tellIfOther),
    vscode.languages.registerCodeLensProvider(RECIPES, provider),
  ];
  return { provider, dispose: () => vscode.Disposable.from(...subscriptions).dispose() };
}

/** What is known of one recipe. */
interface Known {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly study: ShownStudy | undefined;
}

async function knownOf(recipe: vscode.Uri, index: RunIndex, studies: StudyIndex): Promise<Known> {
  const [runs, allStudies] = await Promise.all([index.list(), studies.list()]);
  return {
    runs: runs.filter((run) => run.recipeFile === recipe.fsPath),
    study: allStudies.find(({ recipeFile }) => recipeFile === recipe.fsPath),
  };
}

/** Found by their first letters, so that the lenses stay where they are while the text is broken. */
function placesIn(text: string): { named: number[]; tune: number | null; hasParams: boolean } {
  const lines = text.split('\n');
  const lineOf = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const tune = lineOf(/^tune:/);
  return {
    named: [/^(?:name:|\s*\{?\s*"name"\s*:)/, /^(?:train:|\s*"train"\s*:)/].map(lineOf).filter((line) => line >= 0),
    tune: tune < 0 ? null : tune,
    hasParams: lineOf(/^(?:params:|\s*"params"\s*:)/) >= 0,
  };
}

/** While it trains: how to hold it; else how to start, go on and compare. The last run comes at the end. */
function runLenses(recipe: vscode.Uri, { runs }: Known, canTune: boolean): vscode.Command[] {
  const [last] = runs;
  const ofRun = (run: RunSummary) => [{ run: { runFolder: run.runFolder, recipeFile: run.recipeFile } }];
  const lens = (title: string, command: string, run: RunSummary, tooltip: string): vscode.Command => ({
    title,
    tooltip,
    command,
    arguments: ofRun(run),
  });
  const start = last === undefined || !isAtWork(last) ? [trainCommand(recipe)] : holdCommands(last, lens);
  const resumable = last?.status === 'interrupted' || last?.status === 'stopped' ? last : null;
  return [
    ...start,
    ...(canTune ? [tuneCommand(recipe)] : []),
    ...(resumable === null
      ? []
      : [lens('$(debug-restart) Resume', 'skillet.resumeRun', resumable, 'Go on from the last checkpoint')]),
    ...(runs.length < 2 ? [] : [compareCommand(recipe, runs.length)]),
    last === undefined
      ? { title: '$(graph-line) Panel', command: 'skillet.openPanel', arguments: [recipe] }
      : lens(lastTitle(last), 'skillet.openRun', last, 'Open the panel of this run'),
  ];
}

function holdCommands(
  run: RunSummary,
  lens: (title: string, command: string, run: RunSummary, tooltip: string) => vscode.Command,
): vscode.Command[] {
  return [
    run.status === 'paused'
      ? lens('$(debug-continue) Continue', 'skillet.resumeTraining', run, 'Train on')
      : lens('$(debug-pause) Pause', 'skillet.pauseTraining', run, 'Hold the training between two steps'),
    lens('$(debug-stop) Stop', 'skillet.stopTraining', run, 'End the training; it can be resumed'),
  ];
}

/** Without its epoch: that stands in the line, and a lens that changes all the time cannot be clicked. */
function lastTitle(run: RunSummary): string {
  const atWork: Partial<Record<RunSummary['status'], string>> = {
    starting: 'Starting…',
    running: '$(graph-line) Training',
    paused: '$(graph-line) Paused',
  };
  return atWork[run.status] ?? `Last: ${outcomeText(run)}`;
}

function isAtWork({ status }: RunSummary): boolean {
  return status === 'running' || status === 'paused' || status === 'starting';
}

function trainCommand(recipe: vscode.Uri): vscode.Command {
  return {
    title: '$(play) Train',
    tooltip: 'Train this recipe',
    command: 'skillet.trainRecipe',
    arguments: [recipe],
  };
}

function tuneCommand(recipe: vscode.Uri): vscode.Command {
  return {
    title: '$(settings) Tune',
    tooltip: 'Start a study: train this recipe with other parameters',
    command: 'skillet.tuneRecipe',
    arguments: [recipe],
  };
}

function compareCommand(recipe: vscode.Uri, runs: number): vscode.Command {
  return {
    title: '$(git-compare) Compare',
    tooltip: `Compare the ${runs} runs of this recipe`,
    command: 'skillet.compareRuns',
    arguments: [{ recipeFile: recipe.fsPath }],
  };
}

function studyLenses(study: ShownStudy | undefined): vscode.Command[] {
  return study === undefined
    ? []
    : [
        {
          title: `Last: ${describeStudy(study, Date.now())}`,
          command: 'skillet.openStudy',
          arguments: [{ study }],
        },
      ];
}

/** What the lenses of the visible recipes depend on, without what changes at every step. */
async function signature(index: RunIndex, studies: StudyIndex): Promise<string> {
  const recipes = vscode.window.visibleTextEditors.map(({ document }) => document).filter(isRecipe);
  const parts = recipes.map(async ({ uri }) => {
    const { runs, study } = await knownOf(uri, index, studies);
    const [last] = runs;
    const shownStudy = study === undefined ? '' : describeStudy(study, 0);
    return [uri.fsPath, runs.length, last?.runFolder, last?.status, JSON.stringify(last?.result), shownStudy].join();
  });
  return (await Promise.all(parts)).join('\n');
}

function onlyWhenOther(read: () => Promise<string>, tell: () => void): () => Promise<void> {
  let before: string | null = null;
  return async () => {
    const now = await read().catch(String);
    if (now !== before) {
      before = now;
      tell();
    }
  };
}
