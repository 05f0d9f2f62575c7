/** "Sweep: Find What Still Costs…": the command, its page, and the question before anything is removed. */
import * as vscode from 'vscode';
import type { Leftover } from '../../../common/cloud/leftover.ts';
import { removalWarning, thingsText } from '../../../common/cloud/leftoverText.ts';
import type { FromSweepPage, ToSweepPage } from '../../../common/sweepMessages.ts';
import { fillPage } from '../../panel/fillPage.ts';
import type { CloudAccounts } from '../explorer/accounts.ts';
import type { SignIn } from '../explorer/signInAgain.ts';
import { createSweepWork, type SweepWork } from './sweepWork.ts';

export interface SweepPage extends vscode.Disposable {
  /** All that the open page was told since its last sweep began; null without a page. */
  told(): readonly ToSweepPage[] | null;
}

export interface SweepPageParts {
  readonly accounts: CloudAccounts;
  readonly signIn: SignIn;
  readonly output: vscode.LogOutputChannel;
}

const VIEW_TYPE = 'skillet.sweep';

interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  readonly work: SweepWork | null;
}

export function createSweepPage(extensionUri: vscode.Uri, parts: SweepPageParts): SweepPage {
  let open: OpenPage | null = null;

  const adopt = (panel: vscode.WebviewPanel) => {
    const work = workFor(panel, parts);
    open = { panel, work };
    panel.onDidDispose(() => {
      work?.dispose();
      open = open?.panel === panel ? null : open;
    });
    panel.webview.onDidReceiveMessage((message: FromSweepPage) => {
      receive(message, { panel, work, isOpen: () => open?.panel === panel }, parts).catch((error) =>
        parts.output.error(String(error)),
      );
    });
    fillPage(panel, extensionUri, 'sweep');
  };
  const show = () => {
    if (open === null) {
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Sweep', vscode.ViewColumn.Active));
    } else {
      open.panel.reveal();
      open.work?.begin();
    }
  };
  const registered = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.sweep', show),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      // Nothing is kept but that the page was open: what it showed may be gone, so it looks again.
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
  );
  return {
    told: () => open?.work?.told() ?? null,
    dispose() {
      registered.dispose();
      open?.panel.dispose();
    },
  };
}

/** Null where there is no account on this computer. */
function workFor(panel: vscode.WebviewPanel, { accounts, signIn }: SweepPageParts): SweepWork | null {
  const [account] = accounts.openAll();
  return account === undefined
    ? null
    : createSweepWork({
        provider: account.provider,
        retry: (action) => signIn.retry(account, action),
        tell: (message) => void panel.webview.postMessage(message),
      });
}

interface Place extends OpenPage {
  isOpen(): boolean;
}

async function receive(message: FromSweepPage, place: Place, parts: SweepPageParts): Promise<void> {
  const { panel, work } = place;
  if (work === null) {
    const failed: ToSweepPage = {
      type: 'failed',
      message: 'There is nothing to sign in to a provider with on this computer; the Instances view says what to do.',
    };
    await panel.webview.postMessage(failed);
    return;
  }
  switch (message.type) {
    case 'ready':
      // A page that was hidden is loaded anew, and told again what is known.
      if (work.told().length === 0) {
        return work.begin();
      }
      for (const told of work.told()) {
        void panel.webview.postMessage(told);
      }
      return;
    case 'sweepAgain':
      return work.begin();
    case 'stop':
      return work.stop();
    case 'remove': {
      const chosen = work.leftovers(message.keys);
      if (chosen.length > 0 && (await isConfirmed(chosen))) {
        const end = await work.remove(chosen);
        if (end !== null && !place.isOpen()) {
          parts.output.info(end);
          void vscode.window.showInformationMessage(end);
        }
        for (const { fleet } of parts.accounts.open()) {
          void fleet.refresh();
        }
      }
    }
  }
}

async function isConfirmed(chosen: readonly Leftover[]): Promise<boolean> {
  const remove = `Remove ${thingsText(chosen.length)}`;
  const answer = await vscode.window.showWarningMessage(
    `${remove}?`,
    { modal: true, detail: removalWarning(chosen) },
    remove,
  );
  return answer === remove;
}
