/** Reads of a run what a capsule needs besides its fold: versions, and what each trainer of it has read. */
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { FileFingerprint, Launch, RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { createEventReader } from '../eventReader.ts';

export interface RunRecord {
  readonly run: RunState;
  /** The trainer that began the run, and those that went on with it. */
  readonly launches: readonly Launch[];
  /** Of the data, each time it was read. */
  readonly files: readonly (readonly FileFingerprint[])[];
}

/** @throws {SkilletError} `run-unreadable`. */
export async function readRecord(runFolder: string): Promise<RunRecord> {
  const reader = createEventReader(path.join(runFolder, RUN_FILES.events));
  const run = emptyRun();
  const launches: Launch[] = [];
  const files: (readonly FileFingerprint[])[] = [];
  const take = (event: RunEvent) => {
    reduceRun(run, event);
    const read = event.type === 'runStart' ? event.data.files : event.type === 'runResume' ? event.files : undefined;
    if (event.type === 'launch') {
      launches.push(event);
    }
    if (read !== undefined) {
      files.push(read);
    }
  };
  try {
    for (let atEnd = false; !atEnd; ) {
      const next = await reader.next();
      next.events.forEach(take);
      atEnd = next.atEnd;
    }
  } catch (error) {
    throw new SkilletError('run-unreadable', runFolder, {
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Check that the folder is a run and may be read.',
    });
  }
  return { run, launches, files };
}
