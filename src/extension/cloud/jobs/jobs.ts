/** Builds the parts that deal with jobs, and wires them together. */
import * as vscode from 'vscode';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import { createJobAccount } from './jobAccount.ts';
import { createJobCommands } from './jobCommands.ts';
import { createJobFollowers } from './jobFollowers.ts';
import { createJobLogs } from './jobLogs.ts';
import { createJobsTree, type JobNode } from './jobsTree.ts';

export interface JobsParts {
  readonly modules: ProviderModules;
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly version: string;
}

export interface Jobs extends vscode.Disposable {
  /** For the tests. */
  readonly jobsTree: vscode.TreeDataProvider<JobNode>;
}

export function createJobs({ modules, context, output, version }: JobsParts): Jobs {
  const memento = context.globalState;
  const account = createJobAccount({ modules, version, memento, output });
  const tree = createJobsTree(account);
  const followers = createJobFollowers({
    ...{ account, output, isViewVisible: tree.isVisible },
    memento: context.workspaceState, // The folders are this workspace's.
  });
  const logs = createJobLogs(account);
  const trainerFile = context.asAbsolutePath('dist/trainer.mjs');
  const commands = createJobCommands({ account, memento, output, version, trainerFile, followers, logs });
  let isResumed = false;
  const resuming = account.onDidChange(() => {
    // Once the account has been opened for something else: a window that only opens asks nobody.
    if (!isResumed && account.list() !== null) {
      isResumed = true;
      followers.resume();
    }
  });
  return {
    jobsTree: tree.provider,
    dispose: () => vscode.Disposable.from(resuming, commands, logs, followers, tree, account).dispose(),
  };
}
