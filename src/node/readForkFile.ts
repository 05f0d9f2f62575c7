/** Which run a fork was made from; told by its folder before its trainer has said a word. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FORK_FILES, type ForkFile, parseForkFile } from '../common/run/forkFile.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';

/** @returns Null for a run that is no fork. */
export async function readForkFile(runFolder: string): Promise<ForkFile | null> {
  const text = await readFile(path.join(runFolder, RUN_FILES.fork, FORK_FILES.fork), 'utf8').catch(() => '');
  return parseForkFile(text);
}
