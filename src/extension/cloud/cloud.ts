/** Builds the parts that deal with providers, and wires them together. Nothing of an SDK is loaded here. */
import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { createKeptLaunch } from './launch/keptLaunch.ts';
import { createLaunchPage, type LaunchPage } from './launch/launchPage.ts';
import { createLaunchWork } from './launch/launchWork.ts';
import { createReservedPage } from './launch/reservedPage.ts';

export interface CloudParts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  /** Of Skillet. */
  readonly version: string;
}

/** What the tests see of it. */
export interface Cloud extends vscode.Disposable {
  readonly modules: ProviderModules;
  readonly launchPage: LaunchPage;
}

export function createCloud({ context, output, version }: CloudParts): Cloud {
  const parts: vscode.Disposable[] = [];
  const modules = createProviderModules(context.asAbsolutePath('dist'));
  const provider = (profile: string | null) => modules.load('aws').open({ profile, version });
  const work = createLaunchWork({ provider, newToken: randomUUID, kept: createKeptLaunch(context.workspaceState) });
  const launchPage = createLaunchPage(context.extensionUri, {
    provider,
    accounts: () => modules.load('aws').profiles(),
    account: () => null,
    work,
    output,
  });
  parts.push(work, launchPage);
  parts.push(createReservedPage(context.extensionUri, { provider: () => provider(null), output }));
  return {
    modules,
    launchPage,
    dispose: () => {
      for (const part of parts.splice(0).reverse()) {
        part.dispose();
      }
    },
  };
}
