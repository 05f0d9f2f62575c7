/** Asks which data file a recipe is to be made from. */
import * as vscode from 'vscode';
import { activeFile } from '../activeFile.ts';

const PATTERN = '**/*.{csv,csv.gz}';
const EXCLUDED = '{**/node_modules/**,**/.skillet/**,**/.venv/**}';
const LIMIT = 500;

/** The one in front, else one of the workspace's, else any; null when nothing was chosen. */
export async function chooseCsv(): Promise<vscode.Uri | null> {
  const active = activeFile();
  if (active?.scheme === 'file' && /\.csv(\.gz)?$/i.test(active.path)) {
    return active;
  }
  const files = await vscode.workspace.findFiles(PATTERN, EXCLUDED, LIMIT);
  if (files.length === 0) {
    return browse();
  }
  const items = files
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri: uri as vscode.Uri | null }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const other = { label: '$(folder-opened) Another file…', uri: null };
  const picked = await vscode.window.showQuickPick([...items, other], {
    title: 'New Recipe from Data',
    placeHolder: 'Which CSV file?',
  });
  return picked === undefined ? null : (picked.uri ?? browse());
}

async function browse(): Promise<vscode.Uri | null> {
  const picked = await vscode.window.showOpenDialog({
    title: 'New Recipe from Data',
    openLabel: 'Choose',
    filters: { 'CSV files': ['csv', 'gz', 'tsv', 'txt'] },
  });
  return picked?.[0] ?? null;
}
