/** "Export Runs…": asks for a format and a file, and writes runs to it. */

import path from 'node:path';
import * as vscode from 'vscode';
import { folderOf } from '../../common/compare/ancestry.ts';
import type { CsvRows } from '../../common/report/csv.ts';
import { type ExportFormat, exportRuns } from '../../node/compare/exportRuns.ts';
import { writeWhole } from '../../node/writeWhole.ts';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  readonly rows: CsvRows;
}

const FORMATS: readonly FormatItem[] = [
  {
    label: 'Report (HTML)',
    detail: 'Results, curves, parameters, network and recipe in one file for any browser',
    format: 'html',
    rows: 'epochs',
  },
  { label: 'CSV, a row an epoch', detail: 'For a spreadsheet or pandas', format: 'csv', rows: 'epochs' },
  { label: 'CSV, a row a step', detail: 'Every batch; long runs make long files', format: 'csv', rows: 'steps' },
  { label: 'JSON', detail: 'All that the runs tell, but their steps', format: 'json', rows: 'epochs' },
  { label: 'Chart (SVG)', detail: 'The curves by which the runs are judged', format: 'svg', rows: 'epochs' },
];

/**
 * @param file Where to write, its ending the format; asked for when absent.
 * @returns The file that was written; null where nobody named one.
 */
export async function exportRunsAs(
  runFolders: readonly string[],
  { version, file }: { readonly version: string; readonly file?: vscode.Uri },
): Promise<vscode.Uri | null> {
  const ending = file === undefined ? '' : path.extname(file.fsPath).slice(1);
  const placeHolder = runFolders.length === 1 ? 'Export the run as…' : `Export ${runFolders.length} runs as…`;
  const picked =
    FORMATS.find(({ format }) => format === ending) ?? (await vscode.window.showQuickPick(FORMATS, { placeHolder }));
  if (picked === undefined) {
    return null;
  }
  const target = file ?? (await askFile(runFolders, picked));
  if (target === undefined) {
    return null;
  }
  const { format, rows } = picked;
  await writeWhole(target.fsPath, await exportRuns(runFolders, { format, rows, version, now: new Date() }));
  tellWritten(target, format);
  return target;
}

function askFile(runFolders: readonly string[], { format, label }: FormatItem) {
  const [first = ''] = runFolders;
  const name = runFolders.length === 1 ? folderOf(first) : `${runFolders.length}-runs`;
  // Beside the recipe, for the run's own folder is out of sight.
  const folder = path.resolve(path.dirname(first), '../..');
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, `${name}.${format}`)),
    filters: { [label]: [format] },
    saveLabel: 'Export',
  });
}

/** Not awaited: the message stays until somebody answers it. */
function tellWritten(target: vscode.Uri, format: ExportFormat): void {
  const open = format === 'html' ? 'Open in Browser' : 'Open';
  const reveal = 'Reveal';
  void vscode.window.showInformationMessage(`Wrote ${target.fsPath}.`, open, reveal).then((answer) => {
    if (answer === reveal) {
      void vscode.commands.executeCommand('revealFileInOS', target);
    } else if (answer === open) {
      void (format === 'html'
        ? vscode.env.openExternal(target)
        : vscode.commands.executeCommand('vscode.open', target));
    }
  });
}
