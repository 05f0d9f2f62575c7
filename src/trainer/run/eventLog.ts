/** Appends events to a run's `events.jsonl`, one write per event; on a full disk they wait in memory. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import type { RunEvent } from '../../common/run/events.ts';
import type { Clock } from './clock.ts';
import { type Disk, guard, isDiskFull, systemDisk, toFolderError, writeWhole } from './disk.ts';

type Unstamped<E> = E extends RunEvent ? Omit<E, 'at'> & { at?: string } : never;
/** An event without its time, or with the time at which it really happened. */
export type NewEvent = Unstamped<RunEvent>;

export interface EventLog {
  /**
   * On a full disk the event waits, and all that follow it: whoever writes must soon let the run wait too (`room.ts`).
   *
   * @throws {SkilletError} `run-folder`: the file cannot be written for another reason, or too much waits; what was written before stays readable.
   */
  write(event: NewEvent): void;
  /** Puts events before those that wait. */
  writeAhead(events: readonly NewEvent[]): void;
  /** How many events wait for room. */
  waiting(): number;
  /** Writes what waits, as far as there is room. @returns Whether all is written. */
  retry(): boolean;
  /** What was written is on the disk itself: a power cut must not take it from behind a checkpoint. */
  sync(): void;
  close(): void;
}

/** These must survive a power cut. */
const SYNCED: readonly RunEvent['type'][] = ['launch', 'runStart', 'runResume', 'checkpoint', 'evaluation', 'runEnd'];
/** A run waits between two steps, so that no more than a step, or an evaluation, ever gathers. */
const MOST_WAITING_BYTES = 64 << 20;

interface Line {
  readonly bytes: Buffer;
  readonly isSynced: boolean;
}

/** Opens for appending; a line that a killed writer left unfinished is cut off. */
export function openEventLog(file: string, clock: Pick<Clock, 'now'>, disk: Disk = systemDisk): EventLog {
  const fd = guard(file, () => openSync(file, 'a+'));
  const end = endOfLastLine(fd);
  if (end < fstatSync(fd).size) {
    guard(file, () => ftruncateSync(fd, end));
  }
  const waiting: Line[] = [];
  const append = createAppender(file, fd, disk);
  const toLine = (event: NewEvent): Line => ({
    bytes: Buffer.from(
      `${JSON.stringify({ ...event, at: event.at ?? clock.now().toISOString() }, finiteOrNull)}\n`,
      'utf8',
    ),
    isSynced: SYNCED.includes(event.type),
  });
  return {
    write(event) {
      const line = toLine(event);
      if (waiting.length === 0 && append(line)) {
        return;
      }
      waiting.push(line);
      if (waiting.reduce((sum, { bytes }) => sum + bytes.length, 0) > MOST_WAITING_BYTES) {
        throw toFolderError(file, Object.assign(new Error('full'), { code: 'ENOSPC' }));
      }
    },
    writeAhead(events) {
      waiting.unshift(...events.map(toLine));
      this.retry();
    },
    waiting: () => waiting.length,
    retry() {
      while (waiting[0] !== undefined && append(waiting[0])) {
        waiting.shift();
      }
      return waiting.length === 0;
    },
    sync: () => guard(file, () => disk.sync(fd)),
    close: () => closeSync(fd),
  };
}

/** @returns A function that appends a whole line, or nothing and then gives false, where the disk is full. */
function createAppender(file: string, fd: number, disk: Disk): (line: Line) => boolean {
  // Where the file must be cut before the next line: half a line that could not be taken back at once stands behind it.
  let cutTo: number | null = null;
  return ({ bytes, isSynced }) => {
    try {
      guard(file, () => {
        const { size, nlink } = fstatSync(fd);
        if (nlink === 0) {
          throw deleted(file);
        }
        const before = cutTo ?? size;
        if (cutTo !== null && size > cutTo) {
          ftruncateSync(fd, cutTo);
        }
        cutTo = null;
        try {
          writeWhole(disk, fd, bytes);
          if (isSynced) {
            disk.sync(fd); // Some file systems tell only here that there was no room.
          }
        } catch (error) {
          cutTo = cutBack(fd, before) ? null : before;
          throw error;
        }
      });
      return true;
    } catch (error) {
      if (isDiskFull(error)) {
        return false;
      }
      throw error;
    }
  };
}

/** Takes back a half-written line; should that fail too, readers drop a torn last line anyway. */
function cutBack(fd: number, size: number): boolean {
  try {
    ftruncateSync(fd, size);
    return true;
  } catch {
    return false;
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
