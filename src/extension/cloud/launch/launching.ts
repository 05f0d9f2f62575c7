/** Wires launching: the form, the launch that outlives it, and the page of reserved instances. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Provider } from '../../../cloud/provider.ts';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import { type CloudAccounts, profileSetting } from '../explorer/accounts.ts';
import { createKeptLaunch } from './keptLaunch.ts';
import { createLaunchPage, type LaunchPage } from './launchPage.ts';
import { createLaunchWork, type LaunchWork } from './launchWork.ts';
import { createReservedPage } from './reservedPage.ts';

export interface Launching extends vscode.Disposable {
  readonly page: LaunchPage;
  readonly work: LaunchWork;
}

export interface LaunchingParts {
  readonly context: vscode.ExtensionContext;
  readonly modules: ProviderModules;
  readonly accounts: CloudAccounts;
  readonly output: vscode.LogOutputChannel;
  /** Of Skillet. */
  readonly version: string;
}

export function createLaunching({ context, modules, accounts, output, version }: LaunchingParts): Launching {
  const chosen = () => profileSetting('aws');
  const provider = createOpenProviders({ modules, accounts, version });
  const work = createLaunchWork({
    provider,
    account: chosen,
    newToken: randomUUID,
    kept: createKeptLaunch(context.workspaceState),
  });
  const page = createLaunchPage(context.extensionUri, {
    provider,
    accounts: () => modules.load('aws').profiles(),
    account: chosen,
    work,
    output,
  });
  const reserved = createReservedPage(context.extensionUri, { provider: () => provider(chosen()), output });
  return {
    page,
    work,
    dispose: () => vscode.Disposable.from(reserved, page, work).dispose(),
  };
}

/**
 * Each account's provider once, for it remembers prices; the one that the Instances view looks with is shared, so that a
 * new sign-in counts for both.
 */
function createOpenProviders({ modules, accounts, version }: Pick<LaunchingParts, 'modules' | 'accounts' | 'version'>) {
  const opened = new Map<string | null, Provider>();
  return (profile: string | null): Provider => {
    const seen = accounts.openAll().find(({ id, provider }) => id === 'aws' && provider.profile === profile);
    if (seen !== undefined) {
      return seen.provider;
    }
    const known = opened.get(profile) ?? modules.load('aws').open({ profile, version });
    opened.set(profile, known);
    return known;
  };
}
