/** Tells which run folders have changed on the disk. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RUN_FILES, RUNS_FOLDER } from '../../common/run/runFolder.ts';

/** Many files change at once where runs are copied or a branch is changed. */
const GATHER_MS = 100;

/** Events that are appended to a run are not watched: a live run is followed by its own reader. */
export function watchRuns(lookAt: (runFolders: readonly string[]) => void): vscode.Disposable {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const note = (runFolder: string) => {
    // The memory of the list, drafts, and deleted runs.
    if (path.basename(runFolder).startsWith('.')) {
      return;
    }
    pending.add(runFolder);
    timer ??= setTimeout(() => {
      timer = undefined;
      const folders = [...pending];
      pending.clear();
      lookAt(folders);
    }, GATHER_MS);
  };
  const watch = (pattern: string) => vscode.workspace.createFileSystemWatcher(`**/${RUNS_FOLDER}/${pattern}`);
  const ofFile = ({ fsPath }: vscode.Uri) => note(path.dirname(fsPath));
  // A folder that is moved or removed says nothing of the files in it.
  const folders = watch('*');
  const events = vscode.workspace.createFileSystemWatcher(
    `**/${RUNS_FOLDER}/*/${RUN_FILES.events}`,
    false,
    true,
    false,
  );
  const annotations = watch(`*/${RUN_FILES.annotations}`);
  return vscode.Disposable.from(
    folders,
    events,
    annotations,
    folders.onDidCreate(({ fsPath }) => note(fsPath)),
    folders.onDidDelete(({ fsPath }) => note(fsPath)),
    events.onDidCreate(ofFile),
    events.onDidDelete(ofFile),
    annotations.onDidCreate(ofFile),
    annotations.onDidChange(ofFile),
    annotations.onDidDelete(ofFile),
    { dispose: () => clearTimeout(timer) },
  );
}
