/** Builds the parts that deal with providers, and wires them together. Nothing of an SDK is loaded here. */
import type * as vscode from 'vscode';
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { createLaunchDiagnostics } from './launch/launchDiagnostics.ts';

export interface CloudParts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  /** Of Skillet. */
  readonly version: string;
}

/** What the tests see of it. */
export interface Cloud extends vscode.Disposable {
  readonly modules: ProviderModules;
}

export function createCloud({ context }: CloudParts): Cloud {
  const parts: vscode.Disposable[] = [];
  parts.push(createLaunchDiagnostics());
  const modules = createProviderModules(context.asAbsolutePath('dist'));
  return {
    modules,
    dispose: () => {
      for (const part of parts.splice(0).reverse()) {
        part.dispose();
      }
    },
  };
}
