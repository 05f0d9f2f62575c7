/** Reads the ends of a run's events, which is all that a list shows; the file between them may be long. */
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent } from '../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { isTrainerAlive } from './isTrainerAlive.ts';
import { parseEvent } from './parseEvent.ts';

/** Launch and runStart, with the graph. */
const HEAD_BYTES = 1 << 16;
/** The last epochs, the evaluation with up to 2,000 predictions, and the end. */
const TAIL_BYTES = 1 << 18;
/** Bytes searched at a time. */
const SEARCH_BYTES = 1 << 20;
/** What may stand before a line's type. */
const BEFORE_BYTES = 1 << 12;
/** How events begin that a summary does not show. */
const SERIES = ['{"type":"steps"', '{"type":"layers"'] as const;
const LAUNCH_MARK = '"type":"launch"';

/** The run without its step series; only the epochs at the ends are in it. */
export async function readEnds(runFolder: string): Promise<RunState> {
  const run = emptyRun();
  const handle = await open(path.join(runFolder, RUN_FILES.events), 'r').catch(() => null);
  if (handle === null) {
    return run;
  }
  try {
    for (const event of await readEvents(handle, runFolder)) {
      reduceRun(run, withoutSteps(event));
    }
    return run;
  } finally {
    await handle.close();
  }
}

async function readEvents(handle: FileHandle, runFolder: string): Promise<RunEvent[]> {
  const { size } = await handle.stat();
  const tailAt = size - TAIL_BYTES;
  if (tailAt <= HEAD_BYTES) {
    return readLines(handle, 0, size);
  }
  const head = await readLines(handle, 0, HEAD_BYTES);
  const tail = await readLines(handle, tailAt, TAIL_BYTES);
  const first = head.find((event) => event.type === 'launch');
  const isSettled =
    first === undefined ||
    tail.some((event) => event.type === 'runEnd' || event.type === 'launch') ||
    (await isTrainerAlive(first, runFolder)) === true;
  // No end, and the first process is gone: another one may have taken the run up in between.
  return isSettled ? [...head, ...tail] : [...head, ...(await lastResume(handle, HEAD_BYTES, tailAt)), ...tail];
}

/** The last launch between two places of the file, and the resumption that follows it. */
async function lastResume(handle: FileHandle, from: number, to: number): Promise<RunEvent[]> {
  for (let end = to; end > from; end -= SEARCH_BYTES) {
    const start = Math.max(from, end - SEARCH_BYTES);
    const piece = await readPiece(handle, start, end - start + LAUNCH_MARK.length);
    const found = piece.lastIndexOf(LAUNCH_MARK);
    if (found >= 0) {
      const events = await readLines(handle, Math.max(0, start + found - BEFORE_BYTES), HEAD_BYTES);
      return events.filter((event) => event.type === 'launch' || event.type === 'runResume');
    }
  }
  return [];
}

/** Step series with a hole in the middle would be wrong, and a summary does not show them. */
function withoutSteps(event: RunEvent): RunEvent {
  return event.type === 'steps' ? { ...event, loss: [], metrics: {} } : event;
}

/** A line torn at the edge of a piece is refused by parseEvent. */
async function readLines(handle: FileHandle, position: number, length: number): Promise<RunEvent[]> {
  const bytes = await readPiece(handle, position, length);
  const lines = bytes.toString('utf8').split('\n');
  // Parsing the steps would be nine tenths of the work; of them a summary wants the time of the last alone.
  const lastWhole = lines.length - 2;
  return lines.flatMap((line, index) =>
    index < lastWhole && SERIES.some((mark) => line.startsWith(mark)) ? [] : (parseEvent(line) ?? []),
  );
}

async function readPiece(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
