/** Tells why something was refused: the first problem in words, and the way to all of them. */
import * as vscode from 'vscode';
import type { Problem } from '../common/errors.ts';

export function tellProblems([first, ...others]: readonly Problem[]): void {
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  const show = 'Show Problems';
  // Not awaited: the message stays until somebody answers it.
  void vscode.window
    .showErrorMessage(`${first?.path}: ${first?.message} ${first?.remedy}${more}`, show)
    .then((answer) => {
      if (answer === show) {
        void vscode.commands.executeCommand('workbench.actions.view.problems');
      }
    });
}
