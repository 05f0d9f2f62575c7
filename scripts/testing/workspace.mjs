/** Gives a test a copy of a folder to work in, so that the repository stays as it is. */
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** @param {string} folder Copied without the runs that it may hold. */
export function copyWorkspace(folder) {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'skillet-workspace-')));
  const copy = path.join(scratch, path.basename(folder));
  cpSync(folder, copy, { recursive: true, filter: (file) => path.basename(file) !== '.skillet' });
  const remove = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove); // An interrupted test removes it too.
  return { folder: copy, remove };
}
