/** Reads a whole run from its folder. */
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { emptyRun, type RunState, reduceRun } from '../common/run/reduceRun.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { createEpochReader, createEventReader, type EventReader } from './eventReader.ts';
import { isTrainerAlive } from './isTrainerAlive.ts';

/** @throws {SkilletError} `run-unreadable`: the folder cannot be read. A folder without events is a run that is starting. */
export function readRun(runFolder: string): Promise<RunState> {
  return fold(runFolder, createEventReader);
}

/** The same without its steps. */
export function readRunEpochs(runFolder: string): Promise<RunState> {
  return fold(runFolder, createEpochReader);
}

async function fold(runFolder: string, createReader: (file: string) => EventReader): Promise<RunState> {
  const reader = createReader(path.join(runFolder, RUN_FILES.events));
  const run = emptyRun();
  try {
    for (;;) {
      const { events, atEnd } = await reader.next();
      for (const event of events) {
        reduceRun(run, event);
      }
      if (atEnd) {
        return run;
      }
    }
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    throw new SkilletError('run-unreadable', runFolder, {
      message,
      remedy: 'Check that the folder is a run and may be read.',
    });
  }
}

/** Whether the run has no end and its process is gone; a run of another machine is given the benefit of the doubt. */
export async function isInterrupted(run: RunState, runFolder: string): Promise<boolean> {
  if (run.end !== null) {
    return false;
  }
  return run.trainer !== null && (await isTrainerAlive(run.trainer, runFolder)) === false;
}
