/** "Sign In Again": a browser sign-in in a terminal where the provider's own program is there, else words that say what to do. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { CloudAccount } from './accounts.ts';

export interface SignIn {
  /** @returns Whether the provider knows the account again. */
  again(account: CloudAccount): Promise<boolean>;
  /** Does it; where nobody is signed in it offers to sign in, and goes on from there. */
  retry<T>(account: CloudAccount, action: () => Promise<T>): Promise<T>;
}

export interface SignInParts {
  readonly modules: ProviderModules;
  readonly env?: NodeJS.ProcessEnv;
}

const ASK_EVERY_MS = 3_000;
const WAIT_MS = 10 * 60_000;
const SIGN_IN = 'Sign In Again';
const CHOOSE = 'Choose Profile…';
const DONE = 'I Have Signed In';

export function createSignIn({ modules, env = process.env }: SignInParts): SignIn {
  const again = async (account: CloudAccount): Promise<boolean> => {
    const name = account.provider.profile ?? env.AWS_PROFILE ?? 'default';
    const profiles = await modules.load(account.id).profiles();
    const program = findProgram('aws', env);
    const isSso = profiles.find((one) => one.name === name)?.isSso === true;
    if (isSso && program !== null) {
      const terminal = vscode.window.createTerminal({
        name: `Sign in: ${name}`,
        shellPath: program,
        shellArgs: ['sso', 'login', '--profile', name],
      });
      terminal.show();
      return untilSignedIn(account, terminal);
    }
    const how = isSso
      ? `Profile ${name} signs in by a browser, for which AWS's own program is needed: install the AWS CLI, then run "aws sso login --profile ${name}".`
      : `Profile ${name} does not sign in by a browser: give it new keys (aws configure --profile ${name}), or choose another profile.`;
    const answer = await vscode.window.showWarningMessage(how, DONE, CHOOSE);
    if (answer === CHOOSE) {
      await vscode.commands.executeCommand('skillet.chooseAwsProfile');
      return false;
    }
    return answer === DONE && (await isSignedIn(account, true));
  };
  return {
    again,
    async retry(account, action) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof SkilletError) || error.code !== 'cloud-credentials') {
          throw error;
        }
        const answer = await vscode.window.showErrorMessage(`${error.message} ${error.remedy}`, SIGN_IN);
        if (answer !== SIGN_IN || !(await again(account))) {
          throw new vscode.CancellationError();
        }
        return action();
      }
    },
  };
}

/** Ends with the sign-in, with Cancel, with a terminal that failed or was closed, or after ten minutes. */
async function untilSignedIn(account: CloudAccount, terminal: vscode.Terminal): Promise<boolean> {
  const title = 'Waiting for the sign-in in the browser';
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const deadline = Date.now() + WAIT_MS;
      while (Date.now() < deadline && !token.isCancellationRequested) {
        // It may have ended well, or been closed: the last look tells.
        const hasEnded = terminal.exitStatus !== undefined;
        if (await isSignedIn(account, hasEnded)) {
          return true;
        }
        if (hasEnded) {
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      return false;
    },
  );
}

async function isSignedIn({ provider }: CloudAccount, isTold: boolean): Promise<boolean> {
  provider.forgetCredentials();
  try {
    await provider.identity(AbortSignal.timeout(20_000));
    return true;
  } catch (error) {
    if (isTold) {
      void vscode.window.showErrorMessage(`Still not signed in: ${(error as Error).message}`);
    }
    return false;
  }
}

function findProgram(name: string, env: NodeJS.ProcessEnv): string | null {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const files = folders.flatMap((folder) => names.map((one) => path.join(folder, one)));
  return files.find((file) => existsSync(file)) ?? null;
}
