/** Gets machines ready and signs in to them, asking the person what only a person knows. */
import * as vscode from 'vscode';
import { READY_STEPS, waitUntilReady } from '../../../cloud/waitUntilReady.ts';
import type { ConnectInfo } from '../../../common/cloud/connection.ts';
import type { Instance } from '../../../common/cloud/instance.ts';
import { instanceTitle } from '../../../common/cloud/instanceText.ts';
import { agentHere } from '../../../node/ssh/agentHere.ts';
import { writeHostKeys } from '../../../node/ssh/knownHosts.ts';
import { loadSsh } from '../../../node/ssh/loadSsh.ts';
import type { SshHost } from '../../../node/ssh/sshConfig.ts';
import { hostAlias, sshFiles } from '../../../node/ssh/sshFiles.ts';
import type { HostKeyQuestion, SshConnection, SshModule } from '../../../node/ssh/sshTypes.ts';
import type { CloudAccounts } from '../explorer/accounts.ts';
import { accountOf } from '../explorer/instanceActions.ts';
import type { SignIn } from '../explorer/signInAgain.ts';
import { createKeyFiles } from './keyFiles.ts';

export interface SessionParts {
  readonly context: vscode.ExtensionContext;
  readonly accounts: CloudAccounts;
  readonly signIn: SignIn;
}

/** A machine that lets one in. */
export interface ReadyMachine {
  readonly instance: Instance;
  readonly title: string;
  readonly info: ConnectInfo;
  readonly host: SshHost;
}

export interface SshSessions {
  /** Waits until it is ready, in a notification that can be cancelled. @throws {vscode.CancellationError} */
  ready(instance: Instance): Promise<ReadyMachine>;
  open(machine: ReadyMachine, signal: AbortSignal): Promise<SshConnection>;
  /** So that the system's ssh knows the machine by what it told its provider. */
  keepHostKeys(machine: ReadyMachine): Promise<void>;
  readonly ssh: () => SshModule;
}

export function createSshSessions({ context, accounts, signIn }: SessionParts): SshSessions {
  const keyFiles = createKeyFiles(context.globalState);
  const ssh = () => loadSsh(context.asAbsolutePath('dist'));
  return {
    ssh,
    async ready(instance) {
      const account = accountOf(accounts, instance);
      const title = instanceTitle(instance);
      const info = await withProgress(`${title}: connecting`, (tell, signal) =>
        signIn.retry(account, () =>
          waitUntilReady({
            ...{ provider: account.provider, instance, signal },
            onStep: (step) => tell(`waiting for ${READY_STEPS[step]}`),
          }),
        ),
      );
      const keyFile = await keyFiles.of(info);
      if (keyFile === undefined) {
        throw new vscode.CancellationError();
      }
      const { host, port, user, name } = info;
      return { instance, title, info, host: { name, alias: hostAlias(instance.id), host, port, user, keyFile } };
    },
    async open({ info, host, title }, signal) {
      try {
        return await ssh().connectSsh({
          target: { ...host, hostKeys: info.hostKeys },
          keyFiles: host.keyFile === null ? [] : [host.keyFile],
          agent: agentHere(),
          knownHostsFile: sshFiles().knownHosts,
          askPassphrase,
          askHostKey: (question) => askHostKey(title, question),
          signal,
        });
      } catch (error) {
        if (error instanceof Error && /^(It does not take|There is no key)/.test(error.message)) {
          keyFiles.forget(info);
        }
        throw error;
      }
    },
    async keepHostKeys({ info, host }) {
      if (info.hostKeys.length > 0) {
        await writeHostKeys(sshFiles().knownHosts, host.alias, info.hostKeys);
      }
    },
  };
}

/** @throws {vscode.CancellationError} The person cancelled. */
async function withProgress<T>(
  title: string,
  run: (tell: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    const cancelling = token.onCancellationRequested(() => stop.abort());
    try {
      return await run((message) => progress.report({ message }), stop.signal);
    } catch (error) {
      throw stop.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      cancelling.dispose();
    }
  });
}

async function askPassphrase(keyFile: string): Promise<string | null> {
  const answer = await vscode.window.showInputBox({
    title: 'Passphrase',
    prompt: `Of the private key ${keyFile}. It is not kept.`,
    password: true,
    ignoreFocusOut: true,
  });
  return answer ?? null;
}

async function askHostKey(title: string, { host, type, fingerprint }: HostKeyQuestion): Promise<boolean> {
  const connect = 'Connect';
  const answer = await vscode.window.showWarningMessage(
    `Is this ${title}?`,
    {
      modal: true,
      detail: `${host} shows the host key\n${type}\n${fingerprint}\n\nThe machine has not told its provider its keys (yet): compare it with the one in the system log. It is remembered.`,
    },
    connect,
  );
  return answer === connect;
}
