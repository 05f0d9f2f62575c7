/** Which private key on this computer belongs to a key pair: the path is remembered, the key never. */
import * as vscode from 'vscode';
import type { ConnectInfo } from '../../../common/cloud/connection.ts';
import { agentHere } from '../../../node/ssh/agentHere.ts';
import { findKeyFile, sshFiles } from '../../../node/ssh/sshFiles.ts';

const KEY_FILES = 'skillet.keyFiles';

/** Null where the keys of the agent are to be used; undefined where the person gave up. */
export type KeyChoice = string | null | undefined;

export interface KeyFiles {
  /** The known one, else the one that the person names. */
  of(info: ConnectInfo): Promise<KeyChoice>;
  /** After it was not taken: another one is asked for next time. */
  forget(info: ConnectInfo): void;
}

export function createKeyFiles(memento: vscode.Memento): KeyFiles {
  const known = () => memento.get<Readonly<Record<string, string>>>(KEY_FILES) ?? {};
  const nameOf = ({ keyPair, host }: ConnectInfo) => keyPair ?? host;
  return {
    async of(info) {
      const name = nameOf(info);
      const found = known()[name] ?? info.keyFile ?? findKeyFile(info.keyPair, sshFiles().folder);
      if (found !== null) {
        return found;
      }
      if (agentHere() !== null && !(await wantsFile(name))) {
        return null;
      }
      const file = await askFile(name);
      if (file !== undefined) {
        await memento.update(KEY_FILES, { ...known(), [name]: file });
      }
      return file;
    },
    forget(info) {
      const { [nameOf(info)]: _gone, ...others } = known();
      void memento.update(KEY_FILES, others);
    },
  };
}

/** @throws {vscode.CancellationError} Neither was chosen. */
async function wantsFile(name: string): Promise<boolean> {
  const file = 'Choose the Key File…';
  const agent = 'Use the Keys of the SSH Agent';
  const answer = await vscode.window.showQuickPick([agent, file], {
    placeHolder: `How do you sign in with the key pair ${name}?`,
  });
  if (answer === undefined) {
    throw new vscode.CancellationError();
  }
  return answer === file;
}

async function askFile(name: string): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: `Private key of the key pair ${name}`,
      openLabel: 'Use This Key',
      canSelectMany: false,
    })) ?? [];
  return file?.fsPath;
}
