/** System logs of machines as documents that cannot be edited. */
import * as vscode from 'vscode';
import type { InstanceRef } from '../../../common/cloud/instance.ts';

const SCHEME = 'skillet-log';

export interface SystemLogs extends vscode.Disposable {
  show(instance: InstanceRef): Promise<void>;
}

/** @param read What the machine has written to its console. */
export function createSystemLogs(read: (instance: InstanceRef) => Promise<string>): SystemLogs {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const texts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) =>
      texts.get(uri.toString()) ?? 'Ask for the log again: Skillet has started anew since.\n',
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString()));
  return {
    async show(instance) {
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${instance.provider}/${instance.region}/${instance.id}.log`,
      });
      const text = await read(instance);
      texts.set(
        uri.toString(),
        text === '' ? 'The machine has not written anything yet. It may take minutes.\n' : text,
      );
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => vscode.Disposable.from(changed, provider, closed).dispose(),
  };
}
