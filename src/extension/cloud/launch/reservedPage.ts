/** "Browse Reserved Instances": the command, its panel, and the two questions before a purchase. */
import * as vscode from 'vscode';
import type { Provider } from '../../../cloud/provider.ts';
import { dollars } from '../../../common/cloud/dollars.ts';
import type { FromReservedPage, Purchase } from '../../../common/reservedMessages.ts';
import { fillPage } from '../../panel/fillPage.ts';
import { createReservedSession, type PurchaseQuestion, type ReservedSession } from './reservedSession.ts';

const VIEW_TYPE = 'skillet.reserved';

export interface ReservedPageParts {
  provider(): Provider;
  readonly output: vscode.LogOutputChannel;
}

export function createReservedPage(
  extensionUri: vscode.Uri,
  { provider, output }: ReservedPageParts,
): vscode.Disposable {
  let open: { readonly panel: vscode.WebviewPanel; readonly session: ReservedSession } | null = null;

  const adopt = (panel: vscode.WebviewPanel, wanted: Wanted) => {
    let isClosed = false;
    const session = createReservedSession({
      provider,
      wanted,
      confirm,
      tell(message) {
        if (!isClosed) {
          void panel.webview.postMessage(message);
        }
        // What was paid for is told even where nobody looks at the page any more.
        if (message.type === 'purchase' && message.purchase !== null && (isClosed || !panel.visible)) {
          tellPurchase(message.purchase);
        }
      },
    });
    open = { panel, session };
    panel.onDidDispose(() => {
      isClosed = true;
      session.dispose();
      open = open?.panel === panel ? null : open;
    });
    panel.webview.onDidReceiveMessage((message: FromReservedPage) => {
      session.receive(message).catch((error) => output.error(String(error)));
    });
    fillPage(panel, extensionUri, 'reserved');
  };
  const show = (target: unknown) => {
    const wanted = wantedOf(target);
    if (open === null) {
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Reserved Instances', vscode.ViewColumn.Active), wanted);
      return;
    }
    open.panel.reveal();
    if (wanted.instanceType !== '') {
      open.session.want(wanted);
    }
  };
  const own = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.browseReserved', show),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel) => adopt(panel, wantedOf(undefined)),
    }),
  );
  return {
    dispose() {
      own.dispose();
      open?.panel.dispose();
    },
  };
}

interface Wanted {
  readonly region: string | null;
  readonly instanceType: string;
}

function wantedOf(target: unknown): Wanted {
  const { region, instanceType } = (target ?? {}) as { region?: unknown; instanceType?: unknown };
  return {
    region: typeof region === 'string' ? region : null,
    instanceType: typeof instanceType === 'string' ? instanceType : '',
  };
}

/** The type is typed, then the sum is named: no single key buys. */
async function confirm({ instanceType, title, detail, committedUsd }: PurchaseQuestion): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: `Buy ${title}`,
    prompt: `${dollars(committedUsd)} in total. Type ${instanceType} to go on.`,
    ignoreFocusOut: true,
    validateInput: (text) => (text === instanceType ? null : `Type ${instanceType} exactly.`),
  });
  if (typed !== instanceType) {
    return false;
  }
  const buy = `Buy for ${dollars(committedUsd)}`;
  const answer = await vscode.window.showWarningMessage(`Buy ${title}?`, { modal: true, detail }, buy);
  return answer === buy;
}

function tellPurchase(purchase: Purchase): void {
  const { state, title } = purchase;
  if (state === 'bought') {
    void vscode.window.showInformationMessage(`Bought ${title}: ${purchase.id}.`);
  } else if (state !== 'buying') {
    const { message, remedy } = purchase.problem;
    const words = state === 'unknown' ? `It is not known whether ${title} was bought.` : `Not bought: ${title}.`;
    void vscode.window.showErrorMessage(`${words} ${message} ${remedy}`);
  }
}
