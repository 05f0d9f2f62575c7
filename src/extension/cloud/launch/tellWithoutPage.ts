/** Tells of a launch whose page cannot be seen: a notification while it works, with Cancel, and one of its end. */
import * as vscode from 'vscode';
import type { LaunchEvent } from '../../../common/cloud/launchRecord.ts';
import type { LaunchView } from '../../../common/launchMessages.ts';
import type { LaunchWork } from './launchWork.ts';

export interface Telling {
  /** Whether the page shows it itself. */
  isSeen(): boolean;
  show(): void;
}

/** How often it is looked whether the page was closed, while a launch works and says nothing. */
const LOOK_MS = 500;

export function tellWithoutPage(work: LaunchWork, telling: Telling): vscode.Disposable {
  /** Since the launch began; a person who saw the page all the time needs no notification. */
  let timer: NodeJS.Timeout | undefined;
  let isTelling = false;
  let wasAtWork = false;

  const isAtWork = () => work.view().state === 'atWork' || work.view().state === 'cancelling';
  const look = () => {
    if (isAtWork() && !isTelling && !telling.isSeen()) {
      isTelling = true;
      void tellProgress(work, telling, isAtWork).then(() => {
        isTelling = false;
      });
    }
  };
  const listening = work.onDidChange(() => {
    if (isAtWork()) {
      wasAtWork = true;
      timer ??= setInterval(look, LOOK_MS);
    } else {
      clearInterval(timer);
      timer = undefined;
      if (wasAtWork && !telling.isSeen()) {
        void tellEnd(work.view(), telling);
      }
      wasAtWork = false;
    }
  });
  return {
    dispose() {
      listening.dispose();
      clearInterval(timer);
    },
  };
}

function tellProgress(work: LaunchWork, { isSeen }: Telling, isAtWork: () => boolean): Thenable<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Launching ${work.view().title}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    token.onCancellationRequested(() => work.cancel());
    return new Promise<void>((resolve) => {
      const look = () => {
        progress.report({ message: lastWords(work.view()) });
        // Once the page is there again it tells by itself.
        if (!isAtWork() || isSeen()) {
          clearInterval(timer);
          listening.dispose();
          resolve();
        }
      };
      const listening = work.onDidChange(look);
      const timer = setInterval(look, LOOK_MS);
      look();
    });
  });
}

function lastWords({ state, events }: LaunchView): string {
  const step = events.findLast(isStep);
  return state === 'cancelling' ? 'Cancelling, and removing what was made…' : (step?.message ?? '');
}

function isStep(event: LaunchEvent): event is Extract<LaunchEvent, { type: 'step' }> {
  return event.type === 'step';
}

async function tellEnd(view: LaunchView, { show }: Telling): Promise<void> {
  const text = endWords(view);
  const chosen =
    view.state === 'done'
      ? await vscode.window.showInformationMessage(text, 'Show')
      : await vscode.window.showWarningMessage(text, 'Show');
  if (chosen === 'Show') {
    show();
  }
}

function endWords({ state, title, note, problem, result }: LaunchView): string {
  const why = problem === null ? note : `${problem.message} ${problem.remedy}`;
  switch (state) {
    case 'done':
      return `Launched ${title}: ${result?.instances.map(({ id }) => id).join(', ')}.`;
    case 'cancelled':
      return `The launch of ${title} is cancelled. No machine runs because of it.`;
    case 'failed':
      return `${title} was not launched. ${why}`;
    default:
      return `How the launch of ${title} ended is not known. ${why}`;
  }
}
