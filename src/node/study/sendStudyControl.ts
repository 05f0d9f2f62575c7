/** Asks a study to stop, pause or go on: a line in its `control.jsonl`. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { STUDY_FILES, type StudyCommand } from '../../common/study/studyFolder.ts';

/** @throws {SkilletError} `run-folder`: the command cannot be written. */
export async function sendStudyControl(studyFolder: string, type: StudyCommand['type'], now: Date): Promise<void> {
  const command: StudyCommand = { type, at: now.toISOString() };
  await appendFile(path.join(studyFolder, STUDY_FILES.control), `${JSON.stringify(command)}\n`).catch(
    (error: Error) => {
      throw new SkilletError('run-folder', studyFolder, {
        message: `cannot be written, so the study cannot be told to ${type}: ${error.message}.`,
        remedy: 'Check that the folder is there and may be written.',
      });
    },
  );
}
