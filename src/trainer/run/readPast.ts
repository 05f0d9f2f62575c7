/** What a run's events say of an earlier trainer, for one that goes on with it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';
import { newerFormat } from '../../common/run/formatVersion.ts';

export interface PastRun {
  /** Whether training had begun, so that a graph and a backend are already told. */
  readonly hasStarted: boolean;
  /** What it trained on last: another backend rounds otherwise, and the curve would not be the same run's. */
  readonly backend: string | null;
}

export const NO_PAST: PastRun = { hasStarted: false, backend: null };

/** @throws {SkilletError} `run-not-resumable`: the run has completed, or a newer Skillet has made it. */
export function readPast(eventsFile: string): PastRun {
  const events = readTurningPoints(eventsFile);
  const newer = newerFormat(Math.max(...events.map(({ version }) => version ?? 0)));
  if (newer !== null) {
    throw new SkilletError('run-not-resumable', eventsFile, {
      message: `This run ${newer}`,
      remedy: 'Bring Skillet up to date, then resume it.',
    });
  }
  const last = events.findLast(({ type }) => type.startsWith('run'));
  if (last?.type === 'runEnd' && last.status === 'completed') {
    throw new SkilletError('run-not-resumable', eventsFile, {
      message: 'This run has completed all its epochs.',
      remedy: 'Train again with more epochs.',
    });
  }
  return {
    hasStarted: events.some(({ type }) => type === 'runStart'),
    backend: events.findLast(({ backend }) => backend !== undefined)?.backend?.name ?? null,
  };
}

interface TurningPoint {
  readonly type: string;
  readonly status?: string;
  readonly backend?: { readonly name: string };
  readonly version?: number;
}

/** Only a few kinds matter, and a long run has many lines. */
const BEGINNINGS = ['{"type":"run', '{"type":"launch"'].map((beginning) => Buffer.from(beginning));
const BEGINNING_BYTES = Math.max(...BEGINNINGS.map(({ length }) => length));
const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** Launches, starts, resumes and ends; a torn line is passed over. */
function readTurningPoints(eventsFile: string): TurningPoint[] {
  let fd: number;
  try {
    fd = openSync(eventsFile, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return []; // Nothing was written yet: the run begins anew.
    }
    throw unreadable(eventsFile, error);
  }
  try {
    return [...turningLines(fd)].flatMap(toTurningPoint);
  } catch (error) {
    throw unreadable(eventsFile, error);
  } finally {
    closeSync(fd);
  }
}

/** Piece by piece: the file of a long run can be longer than a text may be. */
function* turningLines(fd: number): Generator<string> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let line = Buffer.alloc(0);
  for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
    for (let from = 0; from < size; ) {
      const end = chunk.subarray(0, size).indexOf(NEWLINE, from);
      const piece = chunk.subarray(from, end < 0 ? size : end);
      if (line.length < BEGINNING_BYTES || mayMatter(line)) {
        line = Buffer.concat([line, piece]);
      }
      if (end >= 0) {
        if (mayMatter(line)) {
          yield line.toString('utf8');
        }
        line = Buffer.alloc(0);
      }
      from = end < 0 ? size : end + 1;
    }
  }
}

function mayMatter(line: Buffer): boolean {
  return BEGINNINGS.some((beginning) => line.subarray(0, beginning.length).equals(beginning));
}

function toTurningPoint(line: string): TurningPoint[] {
  try {
    return [JSON.parse(line) as TurningPoint];
  } catch {
    return [];
  }
}

/** A run that cannot be read must not be taken for one that has not begun: it would begin a second time in its own file. */
function unreadable(eventsFile: string, error: unknown): SkilletError {
  return new SkilletError('run-unreadable', eventsFile, {
    message: `cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Check the file and its rights; nothing was changed.',
  });
}
