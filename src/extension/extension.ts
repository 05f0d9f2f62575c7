/** The extension's entry: wires its parts together. */
import * as vscode from 'vscode';

/** Called by VS Code on the first command, view or file of ours. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Skillet', { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand('skillet.showOutput', () => {
      output.info('Skillet is here.');
      output.show();
    }),
  );
}

/** Nothing to undo: everything is in the context's subscriptions. */
export function deactivate(): void {}
