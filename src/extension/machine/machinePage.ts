/** "Check This Machine": the command, its page, and what the page's buttons do. */
import * as vscode from 'vscode';
import { formatReport } from '../../common/machine/check.ts';
import type { FromMachinePage, ToMachinePage } from '../../common/machineMessages.ts';
import { fillPage } from '../panel/fillPage.ts';
import { createMachineCheck, type MachineCheck } from './machineCheck.ts';

export interface MachinePage extends vscode.Disposable {
  /** All that the open page was told since its last check began; null without a page. */
  told(): readonly ToMachinePage[] | null;
  /** Checks anew what an open page shows: the machine has changed. */
  refresh(): void;
}

const VIEW_TYPE = 'skillet.machine';

export interface MachinePageParts {
  /** Of Skillet. */
  readonly version: string;
  readonly output: vscode.LogOutputChannel;
}

export function createMachinePage(extensionUri: vscode.Uri, { version, output }: MachinePageParts): MachinePage {
  let open: { readonly panel: vscode.WebviewPanel; readonly check: MachineCheck } | null = null;

  const adopt = (panel: vscode.WebviewPanel) => {
    const check = createMachineCheck({
      probeFile: vscode.Uri.joinPath(extensionUri, 'dist/probe.mjs').fsPath,
      version,
      tell: (message) => void panel.webview.postMessage(message),
    });
    open = { panel, check };
    panel.onDidDispose(() => {
      check.dispose();
      open = open?.panel === panel ? null : open;
    });
    panel.webview.onDidReceiveMessage((message: FromMachinePage) => {
      Promise.resolve(receive(message, check, panel)).catch((error) => output.error(String(error)));
    });
    fillPage(panel, extensionUri, 'machine');
  };
  const show = () => {
    if (open === null) {
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'This Machine', vscode.ViewColumn.Active));
    } else {
      open.panel.reveal();
      open.check.begin();
    }
  };
  const parts = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.checkMachine', show),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      // Nothing is kept but that the page was open: a machine is checked anew.
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
  );
  return {
    told: () => open?.check.told() ?? null,
    refresh: () => open?.check.begin(),
    dispose() {
      parts.dispose();
      open?.panel.dispose();
    },
  };
}

function receive(message: FromMachinePage, check: MachineCheck, panel: vscode.WebviewPanel): unknown {
  switch (message.type) {
    case 'ready':
      // A page that was hidden is loaded anew, and told again what is known.
      if (check.told().length === 0) {
        return check.begin();
      }
      for (const told of check.told()) {
        void panel.webview.postMessage(told);
      }
      return undefined;
    case 'checkAgain':
      return check.begin();
    case 'copyReport': {
      const report = check.report();
      return report === null ? undefined : copy(formatReport(report), 'The report is copied.');
    }
    case 'copyCommand': {
      const command = check.remedyOf(message.check)?.command;
      return command === undefined ? undefined : copy(command, 'The command is copied.');
    }
    case 'typeCommand': {
      const command = check.remedyOf(message.check)?.command;
      return command === undefined ? undefined : typeInTerminal(command);
    }
    case 'setUp':
      return vscode.commands.executeCommand('skillet.setUpMachine');
    case 'openSettings':
      return vscode.commands.executeCommand('workbench.action.openSettings', '@ext:skillet.skillet');
  }
}

async function copy(text: string, done: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(done, 3000);
}

/** The command waits at the prompt: a person presses Enter, and gives a password where it is asked for. */
function typeInTerminal(command: string): void {
  const terminal = vscode.window.createTerminal('Skillet');
  terminal.show();
  terminal.sendText(command, false);
}
