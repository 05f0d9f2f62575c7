/** The pages "Instance i-…": one a machine, which follow the fleet and are back after a reload. */
import * as vscode from 'vscode';
import { instanceKey } from '../../../common/cloud/fleet.ts';
import { type InstanceRef, PROVIDER_IDS } from '../../../common/cloud/instance.ts';
import { instanceTitle } from '../../../common/cloud/instanceText.ts';
import type { FromInstancePage, ToInstancePage } from '../../../common/instanceMessages.ts';
import { fillPage } from '../../panel/fillPage.ts';
import type { CloudAccounts } from './accounts.ts';
import { accountOf } from './instanceActions.ts';

export interface InstancePages extends vscode.Disposable {
  show(instance: InstanceRef): void;
  /** Whether a page that can be seen shows it. */
  isShown(instance: InstanceRef): boolean;
  isAnyVisible(): boolean;
  /** What the page of a machine was told last; null without a page. */
  told(instance: InstanceRef): ToInstancePage | null;
  readonly onDidChangeVisibility: vscode.Event<void>;
}

const VIEW_TYPE = 'skillet.instance';
const COMMANDS = {
  start: 'skillet.startInstance',
  stop: 'skillet.stopInstance',
  reboot: 'skillet.rebootInstance',
  terminate: 'skillet.terminateInstance',
  connect: 'skillet.connectInstance',
  copy: 'skillet.copyInstance',
  console: 'skillet.openInstanceConsole',
  log: 'skillet.showSystemLog',
  signIn: 'skillet.signInAgain',
} as const;

interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  readonly ref: InstanceRef;
  told: ToInstancePage | null;
  end(): void;
}

export function createInstancePages(
  extensionUri: vscode.Uri,
  parts: { readonly accounts: CloudAccounts; readonly output: vscode.LogOutputChannel },
): InstancePages {
  const { accounts, output } = parts;
  const visibility = new vscode.EventEmitter<void>();
  const pages = new Map<string, OpenPage>();

  const send = (page: OpenPage) => {
    const { fleet, provider } = accountOf(accounts, page.ref);
    const { regions, fault, isComplete } = fleet.state();
    const region = regions.find(({ name }) => name === page.ref.region);
    const row = fleet.row(instanceKey(page.ref));
    page.told = {
      type: 'instance',
      ref: page.ref,
      row,
      regionTitle: region?.title ?? page.ref.region,
      profile: provider.profile ?? 'default',
      fault: fault ?? region?.fault ?? null,
      isKnown:
        row !== null || (region !== undefined && region.listedAt !== null) || (isComplete && region === undefined),
      now: Date.now(),
    };
    if (row !== null) {
      page.panel.title = instanceTitle(row.instance);
    }
    void page.panel.webview.postMessage(page.told);
  };
  const follow = (page: OpenPage) => {
    page.end();
    const key = instanceKey(page.ref);
    const { fleet } = accountOf(accounts, page.ref);
    page.end = fleet.onDidChange(({ isWhole, regions, rows }) => {
      if (isWhole || regions.includes(page.ref.region) || rows.includes(key)) {
        send(page);
      }
    });
    send(page);
  };
  const receive = async (page: OpenPage, message: FromInstancePage) => {
    if (message.type === 'ready') {
      follow(page);
    } else if (message.type === 'refresh') {
      await accountOf(accounts, page.ref).fleet.refresh(page.ref.region);
    } else {
      const row = accountOf(accounts, page.ref).fleet.row(instanceKey(page.ref));
      await vscode.commands.executeCommand(COMMANDS[message.action], { instance: row?.instance ?? page.ref });
    }
  };
  const adopt = (panel: vscode.WebviewPanel, ref: InstanceRef) => {
    const page: OpenPage = { panel, ref, told: null, end: () => undefined };
    pages.set(instanceKey(ref), page);
    panel.onDidDispose(() => {
      page.end();
      pages.delete(instanceKey(ref));
      visibility.fire();
    });
    panel.onDidChangeViewState(() => visibility.fire());
    panel.webview.onDidReceiveMessage((message: FromInstancePage) => {
      receive(page, message).catch((error) => {
        output.error(String(error));
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      });
    });
    fillPage(panel, extensionUri, 'instance');
    visibility.fire();
  };
  const subscriptions = [
    visibility,
    accounts.onDidChange(() => [...pages.values()].forEach(follow)),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const ref = toRef(state);
        if (ref === null || !accounts.hasAny()) {
          panel.dispose();
        } else {
          adopt(panel, ref);
        }
      },
    }),
  ];
  return {
    show({ provider, region, id }) {
      const known = pages.get(instanceKey({ provider, region, id }));
      if (known === undefined) {
        const panel = vscode.window.createWebviewPanel(VIEW_TYPE, `Instance ${id}`, vscode.ViewColumn.Active);
        adopt(panel, { provider, region, id });
      } else {
        known.panel.reveal();
      }
    },
    isShown: (instance) => pages.get(instanceKey(instance))?.panel.visible === true,
    isAnyVisible: () => [...pages.values()].some(({ panel }) => panel.visible),
    told: (instance) => pages.get(instanceKey(instance))?.told ?? null,
    onDidChangeVisibility: visibility.event,
    dispose() {
      vscode.Disposable.from(...subscriptions).dispose();
      for (const { panel } of [...pages.values()]) {
        panel.dispose();
      }
    },
  };
}

/** What the page kept, which may be of another version. */
function toRef(state: unknown): InstanceRef | null {
  const { provider, region, id } = (state ?? {}) as Partial<InstanceRef>;
  return PROVIDER_IDS.some((one) => one === provider) && typeof region === 'string' && typeof id === 'string'
    ? { provider: provider as InstanceRef['provider'], region, id }
    : null;
}
