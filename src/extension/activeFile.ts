/** Which file is in front. */
import * as vscode from 'vscode';

/**
 * The one in the editor, else the one of the tab: a tab is there a moment before its editor, and alone where the
 * editor is none of text, or where VS Code keeps a file from extensions because it is large.
 */
export function activeFile(): vscode.Uri | null {
  const { activeTextEditor, tabGroups } = vscode.window;
  if (activeTextEditor !== undefined) {
    return activeTextEditor.document.uri;
  }
  const input = tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : null;
}
