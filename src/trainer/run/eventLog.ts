/** Appends events to a run's `events.jsonl`, one write per event. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import type { RunEvent } from '../../common/run/events.ts';
import type { Clock } from './clock.ts';

type Unstamped<E> = E extends RunEvent ? Omit<E, 'at'> & { at?: string } : never;
/** An event without its time, or with the time at which it really happened. */
export type NewEvent = Unstamped<RunEvent>;

export interface EventLog {
  /** @throws {SkilletError} `run-folder`: the disk is full or read-only; what was written before stays readable. */
  write(event: NewEvent): void;
  /** What was written survives a power cut from now on. @throws {SkilletError} `run-folder`. */
  sync(): void;
  close(): void;
}

/** These must survive a power cut. */
const SYNCED: readonly RunEvent['type'][] = ['launch', 'runStart', 'runResume', 'checkpoint', 'evaluation', 'runEnd'];

/** Opens for appending; a line that a killed writer left unfinished is cut off. */
export function openEventLog(file: string, clock: Pick<Clock, 'now'>): EventLog {
  const fd = guard(file, () => openSync(file, 'a+'));
  const end = endOfLastLine(fd);
  if (end < fstatSync(fd).size) {
    guard(file, () => ftruncateSync(fd, end));
  }
  return {
    write(event) {
      const line = `${JSON.stringify({ ...event, at: event.at ?? clock.now().toISOString() }, finiteOrNull)}\n`;
      guard(file, () => {
        const { size: before, nlink } = fstatSync(fd);
        if (nlink === 0) {
          throw deleted(file);
        }
        try {
          writeWhole(fd, line);
        } catch (error) {
          cutBack(fd, before);
          throw error;
        }
        if (SYNCED.includes(event.type)) {
          fsyncSync(fd);
        }
      });
    },
    sync: () => guard(file, () => fsyncSync(fd)),
    close: () => closeSync(fd),
  };
}

/** Takes back a half-written line; should that fail too, the first fault is the one to tell. */
function cutBack(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // Readers drop a torn last line anyway.
  }
}

function writeWhole(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done);
  }
}

function finiteOrNull(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function endOfLastLine(fd: number): number {
  const chunk = Buffer.alloc(65536);
  for (let end = fstatSync(fd).size; end > 0; ) {
    const from = Math.max(0, end - chunk.length);
    const read = readSync(fd, chunk, 0, end - from, from);
    const newline = chunk.subarray(0, read).lastIndexOf(10);
    if (newline !== -1) {
      return from + newline + 1;
    }
    end = from;
  }
  return 0;
}

/** A trainer whose folder is gone would compute for nobody, and nobody could find it to stop it. */
function deleted(file: string): SkilletError {
  return new SkilletError('run-folder', file, {
    message: 'was deleted while the run was training.',
    remedy: 'Train again; stop a run before its folder is deleted.',
  });
}

/** Turns a fault of the file system into one a person can mend. */
export function guard<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof SkilletError ? error : toFolderError(file, error);
  }
}

function toFolderError(file: string, error: unknown): SkilletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  const isReadOnly = code === 'EACCES' || code === 'EROFS' || code === 'EPERM';
  const why = isFull ? 'the disk is full' : isReadOnly ? 'it is read-only' : message;
  return new SkilletError('run-folder', file, {
    message: `cannot be written: ${why}.`,
    remedy: 'Free some space or choose another folder; a stopped run can then be resumed from its last checkpoint.',
  });
}
