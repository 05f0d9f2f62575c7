/** The ways into a machine, and what each does. */
import * as vscode from 'vscode';
import type { ConnectService } from '../../../common/cloud/connection.ts';
import { sshCommandLine } from '../../../node/ssh/sshArguments.ts';
import { addSshHost } from '../../../node/ssh/sshConfig.ts';
import { sshFiles } from '../../../node/ssh/sshFiles.ts';
import type { ReadyMachine, SshSessions } from './sshSessions.ts';
import { openSshTerminal } from './sshTerminal.ts';
import { SERVICE_TITLES, type Tunnels } from './tunnels.ts';

export interface WayParts {
  readonly sessions: SshSessions;
  readonly tunnels: Tunnels;
}

const WAYS = {
  rstudio: {
    label: '$(graph) Open RStudio',
    detail: 'In the browser, through a tunnel: no port is opened to the internet.',
  },
  jupyter: { label: '$(notebook) Open Jupyter', detail: 'In the browser, through a tunnel.' },
  terminal: { label: '$(terminal) SSH Terminal', detail: 'Here in the editor.' },
  config: {
    label: '$(add) Add to SSH Config',
    detail: 'For ssh, scp and other editors; yours stays as it is but for one line.',
  },
  remote: { label: '$(remote-explorer) Open with Remote-SSH', detail: 'A window of this editor on the machine.' },
  copy: { label: '$(copy) Copy SSH Command', detail: '' },
} as const;

export type Way = keyof typeof WAYS;

const REMOTE_SSH = 'ms-vscode-remote.remote-ssh';

export function isWay(value: unknown): value is Way {
  return typeof value === 'string' && Object.hasOwn(WAYS, value);
}

/** @param title What the person calls the machine. */
export async function pickWay(title: string): Promise<Way | undefined> {
  const hasRemote = vscode.extensions.getExtension(REMOTE_SSH) !== undefined;
  const items = (Object.keys(WAYS) as Way[])
    .filter((way) => way !== 'remote' || hasRemote)
    .map((way) => ({ ...WAYS[way], way }));
  return (await vscode.window.showQuickPick(items, { placeHolder: `Connect to ${title}` }))?.way;
}

export async function takeWay(way: Way, machine: ReadyMachine, { sessions, tunnels }: WayParts): Promise<void> {
  switch (way) {
    case 'rstudio':
    case 'jupyter':
      return openService(way, machine, tunnels);
    case 'terminal':
      await openSshTerminal(machine, sessions);
      return;
    case 'copy':
      await sessions.keepHostKeys(machine);
      await vscode.env.clipboard.writeText(sshCommandLine(machine.host, sshFiles().knownHosts));
      void vscode.window.showInformationMessage('The SSH command is copied.');
      return;
    default:
      return addToConfig(machine, { sessions, isOpened: way === 'remote' });
  }
}

async function openService(name: ConnectService['name'], machine: ReadyMachine, tunnels: Tunnels): Promise<void> {
  const service = machine.info.services.find((one) => one.name === name);
  if (service === undefined) {
    return;
  }
  const options = { location: vscode.ProgressLocation.Notification, title: `${machine.title}: opening a tunnel` };
  const entry = await vscode.window.withProgress(options, () => tunnels.open(machine, service));
  void vscode.env.openExternal(vscode.Uri.parse(entry.url, true)); // Asks the person itself, so it is not awaited.
  const copy = 'Copy Password';
  const stop = 'Stop Tunnel';
  const { user, password } = service;
  const signIn =
    user === null
      ? ''
      : ` Sign in as ${user}${password === null ? '' : '; the first password is the id of the machine'}.`;
  const buttons = password === null ? [stop] : [copy, stop];
  // Not awaited: the message goes behind the bell, where it waits for an answer as long as the window is there.
  void vscode.window
    .showInformationMessage(`${SERVICE_TITLES[name]} on ${machine.title} is at ${entry.url}.${signIn}`, ...buttons)
    .then(async (answer) => {
      if (answer === copy && password !== null) {
        await vscode.env.clipboard.writeText(password);
        vscode.window.setStatusBarMessage('The password is copied.', 5000);
      } else if (answer === stop) {
        await tunnels.stop(entry);
      }
    });
}

async function addToConfig(
  machine: ReadyMachine,
  { sessions, isOpened }: { readonly sessions: SshSessions; readonly isOpened: boolean },
): Promise<void> {
  const files = sshFiles();
  await sessions.keepHostKeys(machine);
  const host = await addSshHost(files, machine.host);
  if (isOpened) {
    await vscode.commands.executeCommand('opensshremotes.openEmptyWindow', { host });
    return;
  }
  const show = 'Show File';
  void vscode.window
    .showInformationMessage(`${machine.title} is in the SSH config: connect with ssh ${host}`, show)
    .then((answer) => {
      if (answer === show) {
        void vscode.window.showTextDocument(vscode.Uri.file(files.skilletConfig));
      }
    });
}
