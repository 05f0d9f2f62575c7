/** Follows a run: all its past events first, then the new ones as they are written. */
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../common/run/events.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { createEventReader, type EventReader } from './eventReader.ts';

export interface TailOptions<Event = RunEvent> {
  /** Ends the tail. */
  readonly signal: AbortSignal;
  /** `caughtUp` is true when these were the last events in the file so far; also called once, without events, for an empty file. */
  onEvents(events: Event[], state: { readonly caughtUp: boolean }): void | Promise<void>;
  /** Least time between two calls for new events, in ms. */
  readonly intervalMs?: number;
}

/** File systems that send no change notices (network shares) are looked at this often. */
const POLL_MS = 500;

/** Settles when the signal aborts; rejects when the folder cannot be read or `onEvents` throws. */
export function tailRun(runFolder: string, options: TailOptions): Promise<void> {
  return tailEvents(runFolder, createEventReader(path.join(runFolder, RUN_FILES.events)), options);
}

/** @param folder Of the file that is read; a change of anything in it wakes the tail. */
export async function tailEvents<Event>(
  folder: string,
  reader: EventReader<Event>,
  options: TailOptions<Event>,
): Promise<void> {
  const { signal, intervalMs = 50 } = options;
  const changes = watchFolder(folder);
  let isFirst = true;
  try {
    while (!signal.aborted) {
      const { events, atEnd } = await reader.next();
      if (signal.aborted) {
        return;
      }
      if (events.length > 0 || (atEnd && isFirst)) {
        await options.onEvents(events, { caughtUp: atEnd });
      }
      if (atEnd) {
        isFirst = false;
        // Both at once: what is written after a quiet time is told at once, and what comes fast, once in an interval.
        await Promise.all([changes.next(signal), pause(intervalMs, signal)]);
      }
    }
  } finally {
    changes.close();
  }
}

interface Changes {
  /** Settles at the next change since the last call, at the poll's time, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

function watchFolder(folder: string): Changes {
  let hasChanged = false;
  let wake: (() => void) | null = null;
  const notice = () => {
    hasChanged = true;
    wake?.();
  };
  let watcher: FSWatcher | null = null;
  const begin = () => {
    try {
      watcher = watch(folder, { persistent: false }, notice);
      watcher.on('error', notice);
    } catch {
      // Watches can run out, or the folder may not exist yet: the poll goes on, and each round tries again.
    }
  };
  return {
    async next(signal) {
      if (watcher === null) {
        begin();
      }
      if (!hasChanged && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        if (wake !== null) {
          signal.removeEventListener('abort', wake);
        }
        wake = null;
      }
      hasChanged = false;
    },
    close: () => watcher?.close(),
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
