/** Gives a test a copy of a folder to work in, so that the repository stays as it is. */
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** @param {string} folder Copied without the runs it may hold; without one the workspace starts empty. */
export function copyWorkspace(folder) {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'skillet-workspace-')));
  const copy = path.join(scratch, path.basename(folder));
  cpSync(folder, copy, { recursive: true, filter: (file) => path.basename(file) !== '.skillet' });
  return { folder: copy, remove: () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }) };
}
