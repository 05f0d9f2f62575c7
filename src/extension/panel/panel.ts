/** One panel: a recipe, and the run of it that is shown. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../common/errors.ts';
import {
  type FromPanel,
  MOST_PAST_RUNS,
  PAST_RUNS_SHOWN,
  type PanelParam,
  type ToPanel,
} from '../../common/panelMessages.ts';
import { controlHere } from '../controlHere.ts';
import type { RunDiagnoses } from '../diagnoses/runDiagnoses.ts';
import { createAsking } from '../models/asking.ts';
import { toRange } from '../recipes/diagnostics.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { Training, TrainingStart } from '../training.ts';
import type { PastRuns } from './pastRuns.ts';
import { recipeText, runParams, toPanelRecipe } from './recipeView.ts';
import { feedRun, type RunFeed } from './runFeed.ts';
import { savePicture } from './savePicture.ts';

export interface Panel {
  readonly recipe: vscode.Uri;
  runFolder(): string | null;
  /** Whether the page has said that it is ready. */
  isReady(): boolean;
  showRun(runFolder: string | null): Promise<void>;
  refuse(problems: readonly Problem[]): void;
  selectLayer(layer: string | null): void;
  /** Watches the layers of its run, or no longer. */
  toggleWatch(): void;
  reveal(): void;
}

export interface PanelParts {
  readonly index: RunIndex;
  readonly training: Training;
  readonly diagnoses: RunDiagnoses;
  readonly output: vscode.LogOutputChannel;
  /** The predicting process's bundle. */
  readonly predictFile: string;
}

export function createPanel(
  webviewPanel: vscode.WebviewPanel,
  start: { recipe: vscode.Uri; runFolder: string | null },
  parts: PanelParts & { readonly pastRuns: PastRuns },
): Panel {
  const { recipe } = start;
  let runFolder = start.runFolder;
  let feed: RunFeed | null = null;
  let isReady = false;
  let sending = 0;
  let pastCount = PAST_RUNS_SHOWN;
  let refused: readonly Problem[] = [];

  const post = (message: ToPanel) => void webviewPanel.webview.postMessage(message);
  const onError = (error: unknown) => parts.output.error(String(error));
  const asking = createAsking(parts.predictFile, post);

  const sendRecipe = async () => {
    const [view, runs] = await Promise.all([toPanelRecipe(recipe), parts.index.list()]);
    webviewPanel.title = view.name;
    const wanted = { recipeFile: recipe.fsPath, shown: runFolder, count: pastCount };
    post({ type: 'recipe', recipe: view, pastRuns: await parts.pastRuns.latest(runs, wanted) });
  };
  const sendRun = async () => {
    feed?.dispose();
    feed = null;
    asking.close();
    // Asked for again while this one still reads: only the last may feed the page, or events would come twice.
    sending += 1;
    const turn = sending;
    const shown = runFolder;
    const params = shown === null ? [] : await runParams(shown);
    if (turn !== sending) {
      return;
    }
    post({ type: 'run', runFolder: shown, params });
    if (refused.length > 0) {
      post({ type: 'refused', problems: refused });
    }
    if (shown !== null) {
      feed = feedRun(shown, { post, onError });
      await sendDiagnoses(shown);
    }
  };
  const sendDiagnoses = async (shown: string) => {
    const judged = await parts.diagnoses.of(shown).catch(() => null);
    if (judged !== null && shown === runFolder) {
      post({ type: 'diagnoses', diagnoses: judged.diagnoses });
    }
  };
  // A page that is not ready yet is told when it is.
  const refuse = (problems: readonly Problem[]) => {
    refused = problems;
    post({ type: 'refused', problems });
  };
  const showRun = async (folder: string | null) => {
    runFolder = folder;
    refused = [];
    if (isReady) {
      await sendRecipe();
      await sendRun();
    }
  };
  const started = async (result: TrainingStart) => {
    if ('problems' in result) {
      refuse(result.problems);
    } else {
      await showRun(result.runFolder);
    }
  };
  const receive = async (message: FromPanel): Promise<void> => {
    switch (message.type) {
      case 'ready':
        isReady = true;
        await sendRecipe();
        return sendRun();
      case 'taken':
        return feed?.taken(message.count);
      case 'pastRuns':
        pastCount = Math.min(MOST_PAST_RUNS, message.count);
        return isReady ? sendRecipe() : undefined;
      case 'control':
        return runFolder === null ? undefined : controlHere(runFolder, message.command);
      case 'train':
        return started(await parts.training.train(recipe, { params: await changedParams(recipe, message.params) }));
      case 'resumeRun':
        return runFolder === null
          ? undefined
          : started(await parts.training.resume({ runFolder, recipeFile: recipe.fsPath }));
      case 'forkRun':
        return runFolder === null
          ? undefined
          : void (await vscode.commands.executeCommand('skillet.forkRun', { run: { runFolder } }));
      case 'reveal':
        return revealField(recipe, message.path);
      case 'save':
        return savePicture(path.dirname(recipe.fsPath), message);
      case 'openRunFolder':
        return void (
          runFolder !== null &&
          (await vscode.commands.executeCommand('skillet.revealRunFolder', { run: { runFolder } }))
        );
      case 'showOutput':
        return parts.output.show();
      case 'openPredict':
        return runFolder === null ? undefined : asking.open(runFolder);
      case 'predictRow':
        return asking.predictRow(message.fields);
      case 'predictCsv':
        return asking.predictCsv();
      case 'openFile':
        return void (await vscode.window.showTextDocument(vscode.Uri.file(message.file)));
    }
  };
  webviewPanel.webview.onDidReceiveMessage((message: FromPanel) => receive(message).catch(onError));
  // VS Code ends the page of a panel that cannot be seen; it asks anew when it is shown again, and costs nothing until then.
  const hide = () => {
    isReady = false;
    sending += 1;
    feed?.dispose();
    feed = null;
    asking.close();
  };
  webviewPanel.onDidChangeViewState(({ webviewPanel: { visible } }) => (visible ? undefined : hide()));
  webviewPanel.onDidDispose(() => feed?.dispose());
  webviewPanel.onDidDispose(() => asking.dispose());
  const saved = vscode.workspace.onDidSaveTextDocument((document) => {
    if (document.uri.toString() === recipe.toString() && isReady) {
      sendRecipe().catch(onError);
    }
  });
  webviewPanel.onDidDispose(() => saved.dispose());
  const judgedLive = parts.diagnoses.onDidJudge((judged) => {
    if (judged.runFolder === runFolder && isReady) {
      post({ type: 'diagnoses', diagnoses: judged.diagnoses });
    }
  });
  webviewPanel.onDidDispose(() => judgedLive.dispose());
  return {
    recipe,
    runFolder: () => runFolder,
    isReady: () => isReady,
    showRun,
    refuse,
    selectLayer: (layer) => post({ type: 'selectLayer', layer }),
    toggleWatch: () => post({ type: 'toggleWatch' }),
    reveal: () => webviewPanel.reveal(undefined, true),
  };
}

/** Values that the file has already need no override: its text, comments and all, then goes into the run as it is. */
async function changedParams(
  recipe: vscode.Uri,
  params: readonly PanelParam[],
): Promise<Record<string, PanelParam['value']>> {
  const inFile = new Map((await toPanelRecipe(recipe)).params.map(({ name, value }) => [name, value]));
  return Object.fromEntries(
    params.filter(({ name, value }) => inFile.get(name) !== value).map(({ name, value }) => [name, value]),
  );
}

export async function revealField(recipe: vscode.Uri, field: string): Promise<void> {
  const { parseRecipe } = await import('../../common/recipe/parse.ts');
  const range = parseRecipe(await recipeText(recipe)).locate(field);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === recipe.toString());
  const selection = range === null ? undefined : toRange(range);
  await vscode.window.showTextDocument(recipe, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    ...(selection === undefined ? {} : { selection }),
  });
}
