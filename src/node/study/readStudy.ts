/** Reads a whole study from its folder, and tells whether its process still lives. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { emptyStudy, reduceStudy, type StudyState } from '../../common/study/reduceStudy.ts';
import { STUDY_FILES } from '../../common/study/studyFolder.ts';
import { createLineReader } from '../eventReader.ts';
import { isTrainerAlive } from '../isTrainerAlive.ts';
import { parseStudyEvent } from './parseStudyEvent.ts';

/** @throws {SkilletError} `study-unreadable`. A study without events is one that is starting. */
export async function readStudy(studyFolder: string): Promise<StudyState> {
  const study = emptyStudy();
  try {
    await stat(path.join(studyFolder, STUDY_FILES.recipe));
    const reader = createLineReader(path.join(studyFolder, STUDY_FILES.events), parseStudyEvent);
    for (;;) {
      const { events, atEnd } = await reader.next();
      for (const event of events) {
        reduceStudy(study, event);
      }
      if (atEnd) {
        return study;
      }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SkilletError('study-unreadable', studyFolder, {
      message: code === 'ENOENT' || code === 'ENOTDIR' ? 'is no study.' : `cannot be read: ${message}.`,
      remedy: 'Name a folder under .skillet/studies; skillet studies lists them.',
    });
  }
}

/** @returns Null when the study belongs to another machine, about which nothing can be said here. */
export function isStudyAlive(
  process: NonNullable<StudyState['process']>,
  studyFolder: string,
): Promise<boolean | null> {
  return isTrainerAlive(process, studyFolder);
}

/** Whether it has no end and its process is gone. */
export async function isStudyInterrupted(study: StudyState, studyFolder: string): Promise<boolean> {
  return study.end === null && study.process !== null && (await isStudyAlive(study.process, studyFolder)) === false;
}
