/** Builds the parts that deal with providers, and wires them together. Nothing of an SDK is loaded here. */
import type * as vscode from 'vscode';
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { type Connect, createConnect } from './connect/connect.ts';
import { createExplorer, type Explorer } from './explorer/explorer.ts';
import { createGuardCommand } from './guard/guardCommand.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createLaunchDiagnostics } from './launch/launchDiagnostics.ts';
import { createLaunching, type Launching } from './launch/launching.ts';
import { createSweepPage, type SweepPage } from './sweep/sweepPage.ts';

export interface CloudParts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  /** Of Skillet. */
  readonly version: string;
}

/** What the tests see of it. */
export interface Cloud extends vscode.Disposable {
  readonly modules: ProviderModules;
  readonly explorer: Explorer;
  readonly jobsTree: Jobs['jobsTree'];
  readonly sweepPage: SweepPage;
  readonly connect: Connect;
  readonly launching: Launching;
}

export function createCloud({ context, output, version }: CloudParts): Cloud {
  const parts: vscode.Disposable[] = [];
  parts.push(createLaunchDiagnostics());
  const modules = createProviderModules(context.asAbsolutePath('dist'));
  const explorer = createExplorer({ context, modules, output, version });
  parts.push(explorer);
  const jobs = createJobs({ modules, context, output, version });
  parts.push(jobs);
  const sweepPage = createSweepPage(context.extensionUri, { ...explorer, output });
  parts.push(sweepPage, createGuardCommand({ ...explorer, output }));
  const { accounts, signIn } = explorer;
  const connect = createConnect({ context, accounts, signIn, output });
  parts.push(connect);
  const launching = createLaunching({ context, modules, accounts: explorer.accounts, output, version });
  parts.push(launching);
  return {
    modules,
    explorer,
    jobsTree: jobs.jobsTree,
    sweepPage,
    connect,
    launching,
    dispose: () => {
      for (const part of parts.splice(0).reverse()) {
        part.dispose();
      }
    },
  };
}
