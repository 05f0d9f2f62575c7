/** Asks a trainer to stop, pause, go on or do one step: a line in the run's `control.jsonl`. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import type { ControlCommand } from '../common/run/events.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';

/** @throws {SkilletError} `run-folder`: the command cannot be written. */
export async function sendControl(runFolder: string, type: ControlCommand['type'], now: Date): Promise<void> {
  const command: ControlCommand = { type, at: now.toISOString() };
  await appendFile(path.join(runFolder, RUN_FILES.control), `${JSON.stringify(command)}\n`).catch((error: Error) => {
    throw new SkilletError('run-folder', runFolder, {
      message: `cannot be written, so the run cannot be told to ${type}: ${error.message}.`,
      remedy: 'Check that the folder is there and may be written.',
    });
  });
}
