/** One panel with a study, and what its page's buttons do. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../common/errors.ts';
import type { TrialState } from '../../common/study/reduceStudy.ts';
import type { FromStudyPage, StudyRecipe, ToStudyPage } from '../../common/studyMessages.ts';
import { revealField } from '../panel/panel.ts';
import type { Panels } from '../panel/panels.ts';
import { recipeText } from '../panel/recipeView.ts';
import type { Training } from '../training.ts';
import { applyToRecipe } from './applyParams.ts';
import { feedStudy, type StudyFeed } from './studyFeed.ts';
import type { StudyIndex } from './studyIndex.ts';
import type { Tuning } from './tuning.ts';

export interface StudyPanel {
  readonly studyFolder: string;
  /** Whether the page has said that it is ready. */
  isReady(): boolean;
  /** Reads the study from its beginning: it has been resumed. */
  restart(): void;
  refuse(problems: readonly Problem[]): void;
  reveal(): void;
}

export interface StudyPanelParts {
  readonly studies: StudyIndex;
  readonly tuning: Tuning;
  readonly training: Training;
  readonly panels: Panels;
  readonly output: vscode.LogOutputChannel;
}

const TYPING_MS = 200;

export function createStudyPanel(
  webviewPanel: vscode.WebviewPanel,
  study: { readonly studyFolder: string; readonly recipeFile: string | null },
  parts: StudyPanelParts,
): StudyPanel {
  const { studyFolder } = study;
  const post = (message: ToStudyPage) => void webviewPanel.webview.postMessage(message);
  const onError = (error: unknown) => parts.output.error(String(error));
  let feed: StudyFeed | null = null;
  let timer: NodeJS.Timeout | undefined;
  let refused: readonly Problem[] = [];

  const recipeFile = () => feed?.study.recipeFile ?? study.recipeFile;
  const refuse = (problems: readonly Problem[]) => {
    refused = problems;
    post({ type: 'refused', problems });
  };
  const sendRecipe = async () => {
    const file = recipeFile();
    if (file !== null) {
      post({ type: 'recipe', recipe: await toStudyRecipe(file) });
    }
  };
  const restart = () => {
    feed?.dispose();
    post({ type: 'study', studyFolder });
    feed = feedStudy(studyFolder, {
      onError,
      post(message) {
        post(message);
        const start = message.type === 'events' && message.events.find(({ type }) => type === 'studyStart');
        if (start) {
          webviewPanel.title = `Tuning ${start.type === 'studyStart' ? start.name : ''}`;
        }
        // The study's first line names its recipe.
        if (message.type === 'events' && message.events.some(({ type }) => type === 'studyLaunch')) {
          sendRecipe().catch(onError);
        }
      },
    });
    post({ type: 'refused', problems: refused });
  };
  const receive = async (message: FromStudyPage): Promise<void> => {
    const file = recipeFile();
    const trial = 'trial' in message ? feed?.study.trials.find(({ number }) => number === message.trial) : undefined;
    switch (message.type) {
      case 'ready':
        restart();
        return sendRecipe();
      case 'control':
        await parts.studies.control(studyFolder, message.command);
        return feed?.look();
      case 'resumeStudy': {
        const result = await parts.tuning.resume({ studyFolder, recipeFile: file ?? '' });
        refuse('problems' in result ? result.problems : []);
        return 'problems' in result ? undefined : restart();
      }
      case 'openStudyFolder':
        return void (await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(studyFolder)));
      case 'reveal':
        return file === null ? undefined : revealField(vscode.Uri.file(file), message.path);
      default:
        return trial === undefined || file === null
          ? undefined
          : refuse(await serveTrial(message.type, { trial, studyFolder, recipe: vscode.Uri.file(file) }, parts));
    }
  };
  webviewPanel.webview.onDidReceiveMessage((message: FromStudyPage) => receive(message).catch(onError));
  const typed = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.fsPath === recipeFile()) {
      clearTimeout(timer);
      timer = setTimeout(() => sendRecipe().catch(onError), TYPING_MS);
    }
  });
  webviewPanel.onDidDispose(() => {
    clearTimeout(timer);
    typed.dispose();
    feed?.dispose();
  });
  return {
    studyFolder,
    isReady: () => feed !== null,
    restart,
    refuse,
    reveal: () => webviewPanel.reveal(undefined, true),
  };
}

/** Gives what stood in the way. */
async function serveTrial(
  wish: 'openTrial' | 'applyTrial' | 'trainTrial',
  { trial, studyFolder, recipe }: { trial: TrialState; studyFolder: string; recipe: vscode.Uri },
  { training, panels }: StudyPanelParts,
): Promise<readonly Problem[]> {
  if (wish === 'openTrial') {
    await panels.open(recipe, path.join(studyFolder, trial.runFolder));
    return [];
  }
  if (wish === 'applyTrial') {
    return applyToRecipe(recipe, trial.params);
  }
  const result = await training.train(recipe, { params: trial.params });
  if ('problems' in result) {
    return result.problems;
  }
  await panels.open(recipe, result.runFolder);
  return [];
}

async function toStudyRecipe(file: string): Promise<StudyRecipe> {
  const { parseRecipe } = await import('../../common/recipe/parse.ts');
  const { recipe } = parseRecipe(await recipeText(vscode.Uri.file(file)));
  return { file, params: recipe?.params ?? null };
}
