/** Appends events to a study's `study.jsonl`, one write per event. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import type { StudyEvent } from '../../common/study/studyEvents.ts';

type Unstamped<E> = E extends StudyEvent ? Omit<E, 'at'> : never;
export type NewStudyEvent = Unstamped<StudyEvent>;

export interface StudyLog {
  /** Gives the event with its time. @throws {SkilletError} `run-folder`. */
  write(event: NewStudyEvent): StudyEvent;
  close(): void;
}

/** These must survive a power cut: what was measured, and what was begun. */
const SYNCED: readonly StudyEvent['type'][] = ['studyLaunch', 'studyStart', 'trialRung', 'trialEnd', 'studyEnd'];

/** Opens for appending; a line that a killed writer left unfinished is cut off. */
export function openStudyLog(file: string, now: () => Date): StudyLog {
  const fd = guard(file, () => openSync(file, 'a+'));
  guard(file, () => ftruncateSync(fd, readFileSync(file).lastIndexOf(10) + 1));
  return {
    write(event) {
      const stamped = { ...event, at: now().toISOString() } as StudyEvent;
      const bytes = Buffer.from(`${JSON.stringify(stamped, finiteOrNull)}\n`);
      guard(file, () => {
        if (fstatSync(fd).nlink === 0) {
          // Trials of a study that nobody can find would go on for nobody.
          throw new Error('the study was deleted while it was under way');
        }
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(fd, bytes, done);
        }
        if (SYNCED.includes(event.type)) {
          fsyncSync(fd);
        }
      });
      return stamped;
    },
    close: () => closeSync(fd),
  };
}

function finiteOrNull(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function guard<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full'
        : code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
          ? 'it is read-only'
          : message;
    throw new SkilletError('run-folder', file, {
      message: `cannot be written: ${why}.`,
      remedy: 'Free some space or mend the folder, then resume the study.',
    });
  }
}
