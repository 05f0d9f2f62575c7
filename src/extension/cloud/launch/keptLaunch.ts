/** Keeps the token of a launch whose end is not known, in the workspace's memory. */
import type * as vscode from 'vscode';
import type { KeptLaunch, LaunchWorkParts } from './launchWork.ts';

const KEPT = 'skillet.openLaunch';

export function createKeptLaunch(memento: vscode.Memento): LaunchWorkParts['kept'] {
  return {
    get: () => memento.get<KeptLaunch>(KEPT) ?? null,
    set: (kept) => memento.update(KEPT, kept ?? undefined),
  };
}
