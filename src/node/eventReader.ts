/** Reads a growing file of events from where it stopped, whole lines only. */
import { open } from 'node:fs/promises';
import type { RunEvent } from '../common/run/events.ts';
import { parseEvent } from './parseEvent.ts';

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 0x0a;

export interface EventReader<Event = RunEvent> {
  /** Reads the next piece: events in it, and whether the file's present end was reached. A file that is not there yet is empty. */
  next(): Promise<{ events: Event[]; atEnd: boolean }>;
}

/** Byte offsets count whole lines: a torn last line is read again when the rest of it has come, or never where it was cut away. */
export function createEventReader(file: string): EventReader {
  return createLineReader(file, parseEvent);
}

/** How the trainer begins the line of a `steps` event. */
const STEPS = '{"type":"steps"';

/** The same without steps, which are most of a long file and passed over unread. */
export function createEpochReader(file: string): EventReader {
  return createLineReader(file, (line) => {
    const event = line.startsWith(STEPS) ? null : parseEvent(line);
    return event?.type === 'steps' ? null : event;
  });
}

/** @param parse Gives null for a line that is no event: it is passed over. */
export function createLineReader<Event>(file: string, parse: (line: string) => Event | null): EventReader<Event> {
  let offset = 0;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  return {
    async next() {
      const { bytes, isLast } = await readAt(file, offset, buffer);
      const end = bytes.lastIndexOf(NEWLINE);
      if (end < 0) {
        // A line longer than the buffer must still get through; otherwise the rest of the line is awaited.
        return bytes.length === CHUNK_BYTES ? readLongLine() : { events: [], atEnd: true };
      }
      offset += end + 1;
      return { events: toEvents(bytes.subarray(0, end)), atEnd: isLast };
    },
  };

  function toEvents(bytes: Buffer): Event[] {
    return bytes
      .toString('utf8')
      .split('\n')
      .flatMap((line) => parse(line) ?? []);
  }

  async function readLongLine() {
    for (let size = CHUNK_BYTES * 2; ; size *= 2) {
      const { bytes, isLast } = await readAt(file, offset, Buffer.alloc(size));
      const end = bytes.indexOf(NEWLINE);
      if (end >= 0) {
        offset += end + 1;
        return { events: toEvents(bytes.subarray(0, end)), atEnd: false };
      }
      if (isLast) {
        return { events: [], atEnd: true };
      }
    }
  }
}

async function readAt(file: string, offset: number, buffer: Buffer): Promise<{ bytes: Buffer; isLast: boolean }> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return null;
    }
    throw error;
  });
  if (handle === null) {
    return { bytes: buffer.subarray(0, 0), isLast: true };
  }
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return { bytes: buffer.subarray(0, bytesRead), isLast: bytesRead < buffer.length };
  } finally {
    await handle.close();
  }
}
