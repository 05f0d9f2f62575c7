/** "Launch GPU Instance": the command, its panel, and what the form asks of the editor. */
import * as vscode from 'vscode';
import type { Provider } from '../../../cloud/provider.ts';
import type { ProfileChoice } from '../../../common/cloud/account.ts';
import type { Instance, InstanceRef } from '../../../common/cloud/instance.ts';
import { parseLaunchProfile } from '../../../common/cloud/launchFile.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { FromLaunchPage, ToLaunchPage } from '../../../common/launchMessages.ts';
import { fillPage } from '../../panel/fillPage.ts';
import { createLaunchSession, type LaunchSession } from './launchSession.ts';
import type { LaunchWork } from './launchWork.ts';
import { choosePath, openProfile, profileFolder, saveProfile } from './profileFiles.ts';
import { tellWithoutPage } from './tellWithoutPage.ts';

export interface LaunchPage extends vscode.Disposable {
  isOpen(): boolean;
}

export interface LaunchPageParts {
  provider(account: string | null): Provider;
  accounts(): Promise<readonly ProfileChoice[]>;
  /** The account that is chosen in the editor. */
  account(): string | null;
  readonly work: LaunchWork;
  readonly output: vscode.LogOutputChannel;
}

const VIEW_TYPE = 'skillet.launch';
/** Long enough that a price is not asked for with every letter. */
const REST_MS = 500;

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly session: LaunchSession;
}

export function createLaunchPage(extensionUri: vscode.Uri, parts: LaunchPageParts): LaunchPage {
  const { work, output } = parts;
  let open: Open | null = null;
  let profileFile: vscode.Uri | null = null;

  const adopt = (panel: vscode.WebviewPanel) => {
    // A dialog may be answered after the page was closed.
    const tell = (message: ToLaunchPage) => void (open?.panel === panel && panel.webview.postMessage(message));
    const session = createLaunchSession({
      provider: parts.provider,
      accounts: parts.accounts,
      account: parts.account(),
      work,
      check: (profile) => parseLaunchProfile(JSON.stringify(profile)),
      tell,
      folder: () => profileFolder(profileFile),
      restMs: REST_MS,
    });
    open = { panel, session };
    panel.onDidDispose(() => {
      session.dispose();
      open = open?.panel === panel ? null : open;
    });
    const serve = async (message: FromLaunchPage): Promise<unknown> => {
      switch (message.type) {
        case 'saveProfile':
          profileFile = (await saveProfile(message.profile, profileFile)) ?? profileFile;
          return undefined;
        case 'openProfile': {
          const opened = await openProfile();
          if (opened !== null) {
            profileFile = opened.file;
            tell({ type: 'profile', file: vscode.workspace.asRelativePath(opened.file), profile: opened.profile });
          }
          return undefined;
        }
        case 'choosePath': {
          const chosen = await choosePath(message);
          return chosen === null ? undefined : tell({ type: 'path', field: message.field, path: chosen });
        }
        case 'connect':
          return connect(parts.provider(work.account()), message.instance);
        case 'showInstances':
          return vscode.commands.executeCommand('skillet.instances.focus');
        case 'browseReserved':
          return vscode.commands.executeCommand('skillet.browseReserved', message);
        default:
          return session.receive(message);
      }
    };
    panel.webview.onDidReceiveMessage((message: FromLaunchPage) => {
      serve(message).catch((error) => {
        output.error(String(error));
        void vscode.window.showErrorMessage(String(error instanceof Error ? error.message : error));
      });
    });
    fillPage(panel, extensionUri, 'launch');
  };
  const show = () => {
    if (open === null) {
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Launch GPU Instance', vscode.ViewColumn.Active));
    } else {
      open.panel.reveal();
    }
  };
  const own = vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.launchInstance', show),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
    tellWithoutPage(work, { isSeen: () => open?.panel.visible === true, show }),
  );
  return {
    isOpen: () => open !== null,
    dispose() {
      own.dispose();
      open?.panel.dispose();
    },
  };
}

const FIND_MS = 60_000;

/** The room that connects wants the machine as it is now; until that is there, its page is shown. */
async function connect(provider: Provider, ref: InstanceRef): Promise<unknown> {
  const instance = await find(provider, ref);
  const commands = await vscode.commands.getCommands(true);
  const command = commands.includes('skillet.connectInstance') ? 'skillet.connectInstance' : 'skillet.showInstance';
  return vscode.commands.executeCommand(command, { instance });
}

async function find(provider: Provider, { region, id }: InstanceRef): Promise<Instance> {
  for await (const page of provider.list(region, AbortSignal.timeout(FIND_MS))) {
    const found = page.find((one) => one.id === id);
    if (found !== undefined) {
      return found;
    }
  }
  throw new SkilletError('cloud-not-found', id, {
    message: `${id} is not listed in ${region} (yet).`,
    remedy: 'Try again in a moment.',
  });
}
