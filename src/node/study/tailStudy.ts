/** Follows a study: all its past events first, then the new ones as they are written. */
import path from 'node:path';
import type { StudyEvent } from '../../common/study/studyEvents.ts';
import { STUDY_FILES } from '../../common/study/studyFolder.ts';
import { createLineReader } from '../eventReader.ts';
import { type TailOptions, tailEvents } from '../tailRun.ts';
import { parseStudyEvent } from './parseStudyEvent.ts';

/** Settles when the signal aborts; rejects when the folder cannot be read or `onEvents` throws. */
export function tailStudy(studyFolder: string, options: TailOptions<StudyEvent>): Promise<void> {
  return tailEvents(
    studyFolder,
    createLineReader(path.join(studyFolder, STUDY_FILES.events), parseStudyEvent),
    options,
  );
}
