/** Tells a run what to do; a stop of one that a provider trains has to be brought there, as its trainer sees no file of here. */
import type { ControlCommand } from '../../common/run/events.ts';
import { sendControl } from '../sendControl.ts';
import { type JobRecord, readJobRecord } from './jobFolder.ts';

/** Called for a run of a job, with whatever is not watched now: the window may have been opened anew. */
export type PassStopOn = (job: JobRecord, folder: string) => PromiseLike<unknown>;

/** @throws {SkilletError} `run-folder`: the command cannot be written. */
export async function controlRun(
  folder: string,
  type: ControlCommand['type'],
  { now, passStopOn }: { readonly now: Date; readonly passStopOn: PassStopOn },
): Promise<void> {
  await sendControl(folder, type, now);
  const job = type === 'stop' ? await readJobRecord(folder) : null;
  if (job !== null) {
    await passStopOn(job, folder);
  }
}
