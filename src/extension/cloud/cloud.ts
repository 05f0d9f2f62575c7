/** Builds the parts that deal with providers, and wires them together. Nothing of an SDK is loaded here. */
import type * as vscode from 'vscode';
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { type Connect, createConnect } from './connect/connect.ts';
import { createExplorer, type Explorer } from './explorer/explorer.ts';

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
  readonly connect: Connect;
}

export function createCloud({ context, output, version }: CloudParts): Cloud {
  const parts: vscode.Disposable[] = [];
  const modules = createProviderModules(context.asAbsolutePath('dist'));
  const explorer = createExplorer({ context, modules, output, version });
  parts.push(explorer);
  const { accounts, signIn } = explorer;
  const connect = createConnect({ context, accounts, signIn, output });
  parts.push(connect);
  return {
    modules,
    explorer,
    connect,
    dispose: () => {
      for (const part of parts.splice(0).reverse()) {
        part.dispose();
      }
    },
  };
}
