/** Wires the instance explorer: accounts, the view, its commands, the pages of machines and what they cost. */
import * as vscode from 'vscode';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import { type CloudAccounts, createAccounts } from './accounts.ts';
import { type CostStatus, createCostStatus } from './costStatus.ts';
import { accountOf } from './instanceActions.ts';
import { createInstanceCommands } from './instanceCommands.ts';
import { createInstancePages, type InstancePages } from './instancePages.ts';
import { createInstancesTree, type InstancesTree } from './instancesTree.ts';
import { createSignIn, type SignIn } from './signInAgain.ts';
import { createSystemLogs } from './systemLogs.ts';

export interface ExplorerParts {
  readonly context: vscode.ExtensionContext;
  readonly modules: ProviderModules;
  readonly output: vscode.LogOutputChannel;
  readonly version: string;
}

export interface Explorer extends vscode.Disposable {
  readonly accounts: CloudAccounts;
  readonly tree: InstancesTree;
  readonly pages: InstancePages;
  readonly costStatus: CostStatus;
  readonly signIn: SignIn;
}

const LOG_MS = 60_000;

export function createExplorer({ context, modules, output, version }: ExplorerParts): Explorer {
  const subscriptions: vscode.Disposable[] = [];
  const own = <T extends vscode.Disposable>(part: T): T => {
    subscriptions.push(part);
    return part;
  };
  const accounts: CloudAccounts = own(
    createAccounts({
      modules,
      version,
      memento: context.globalState,
      // Asked when something is listed, by which time both are there.
      isLookedAt: (row) => tree.isShown(row) || pages.isShown(row.instance),
    }),
  );
  const tree: InstancesTree = own(createInstancesTree(accounts));
  const pages: InstancePages = own(createInstancePages(context.extensionUri, { accounts, output }));
  const isWatched = () => tree.view.visible || pages.isAnyVisible();
  const costStatus = own(createCostStatus(accounts, isWatched));
  const signIn = createSignIn({ modules });
  const logs = own(
    createSystemLogs((instance) => {
      const account = accountOf(accounts, instance);
      return signIn.retry(account, () => account.provider.systemLog(instance, AbortSignal.timeout(LOG_MS)));
    }),
  );
  own(createInstanceCommands({ modules, accounts, tree, signIn, logs, output, showDetails: pages.show }));
  tree.tellAccount();

  const followVisibility = () => {
    const isSeen = isWatched();
    const open = isSeen && accounts.hasAny() ? accounts.openAll() : accounts.open();
    tree.follow();
    costStatus.follow();
    for (const { fleet } of open) {
      fleet.setVisible(isSeen);
    }
  };
  own(tree.view.onDidChangeVisibility(followVisibility));
  own(pages.onDidChangeVisibility(followVisibility));
  own(accounts.onDidChange(followVisibility));
  followVisibility();
  return {
    accounts,
    tree,
    pages,
    costStatus,
    signIn,
    dispose: () => vscode.Disposable.from(...subscriptions.reverse()).dispose(),
  };
}
