/** A terminal on a machine: the system's own ssh where there is one, else ours. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { sshArguments } from '../../../node/ssh/sshArguments.ts';
import { sshFiles } from '../../../node/ssh/sshFiles.ts';
import type { SshConnection, SshShell } from '../../../node/ssh/sshTypes.ts';
import type { ReadyMachine, SshSessions } from './sshSessions.ts';

export async function openSshTerminal(machine: ReadyMachine, sessions: SshSessions): Promise<vscode.Terminal> {
  const name = `SSH: ${machine.title}`;
  const program = findSsh(process.env, process.platform);
  const options: vscode.TerminalOptions | vscode.ExtensionTerminalOptions =
    program === null
      ? { name, pty: await ownTerminal(machine, sessions) }
      : { name, shellPath: program, shellArgs: [...sshArguments(machine.host, sshFiles().knownHosts)] };
  await sessions.keepHostKeys(machine);
  const terminal = vscode.window.createTerminal({ ...options, iconPath: new vscode.ThemeIcon('remote') });
  terminal.show();
  return terminal;
}

function findSsh({ PATH = '' }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const name = platform === 'win32' ? 'ssh.exe' : 'ssh';
  const files = PATH.split(path.delimiter).map((folder) => path.join(folder, name));
  return files.find((file) => existsSync(file)) ?? null;
}

/** @throws What keeps one from signing in, before there is a terminal. */
async function ownTerminal(machine: ReadyMachine, sessions: SshSessions): Promise<vscode.Pseudoterminal> {
  const connection: SshConnection = await sessions.open(machine, AbortSignal.timeout(120_000));
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<void>();
  let shell: SshShell | undefined;
  const end = () => {
    connection.end();
    closed.fire();
  };
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open(size) {
      const { columns, rows } = size ?? { columns: 80, rows: 24 };
      connection.shell({ columns, rows }).then(
        (opened) => {
          shell = opened;
          opened.onOutput((text) => written.fire(text));
          void opened.closed.then(end);
        },
        (error: Error) => written.fire(`${error.message}\r\n`),
      );
    },
    close: () => connection.end(),
    handleInput: (text) => shell?.write(text),
    setDimensions: ({ columns, rows }) => shell?.resize({ columns, rows }),
  };
}
