/** Whether a study was last told to pause: its events do not say so, its `control.jsonl` does. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { STUDY_FILES } from '../../common/study/studyFolder.ts';

/** @param since ISO 8601: the study's process reads what was said after its own beginning. */
export async function isToldToPause(studyFolder: string, since: string): Promise<boolean> {
  const text = await readFile(path.join(studyFolder, STUDY_FILES.control), 'utf8').catch(() => '');
  return text.split('\n').reduce((isPaused, line) => {
    const word = wordAfter(line, since);
    return word === null ? isPaused : word === 'pause';
  }, false);
}

function wordAfter(line: string, since: string): string | null {
  try {
    const { type, at } = JSON.parse(line) as { type?: unknown; at?: unknown };
    return typeof type === 'string' && typeof at === 'string' && at >= since ? type : null;
  } catch {
    return null;
  }
}
