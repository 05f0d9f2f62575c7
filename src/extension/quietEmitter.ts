/** An event that is told at most a few times a second, however often it happens. */
import * as vscode from 'vscode';

/** Live runs and studies change many times a second; views are told at most this often, in ms. */
const QUIET_MS = 300;

export interface QuietEmitter extends vscode.Disposable {
  readonly event: vscode.Event<void>;
  tell(): void;
}

export function createQuietEmitter(): QuietEmitter {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    event: changed.event,
    tell() {
      timer ??= setTimeout(() => {
        timer = undefined;
        changed.fire();
      }, QUIET_MS);
    },
    dispose() {
      clearTimeout(timer);
      changed.dispose();
    },
  };
}
