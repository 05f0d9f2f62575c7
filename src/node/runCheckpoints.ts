/** Finds the checkpoints of a run, without TensorFlow: which are whole, and how far the run had come with each. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CHECKPOINT_FILES,
  type CheckpointPlace,
  type StateFile,
  sortCheckpoints,
} from '../common/run/checkpointFiles.ts';

export interface RunCheckpoint {
  readonly name: string;
  /** Null for one that is damaged. */
  readonly place: CheckpointPlace | null;
}

/** The earliest first; none where the folder is not there. */
export async function runCheckpoints(folder: string): Promise<RunCheckpoint[]> {
  const entries = await readdir(folder).catch(() => []);
  const found: RunCheckpoint[] = [];
  for (const name of sortCheckpoints(entries)) {
    found.push({ name, place: await readPlace(path.join(folder, name)) });
  }
  return found;
}

async function readPlace(folder: string): Promise<CheckpointPlace | null> {
  try {
    const file = JSON.parse(
      await readFile(path.join(folder, CHECKPOINT_FILES.state), 'utf8'),
    ) as StateFile<CheckpointPlace>;
    const bytes = await readFile(path.join(folder, CHECKPOINT_FILES.arrays));
    const isWhole = file.version === 1 && createHash('sha256').update(bytes).digest('hex') === file.sha256;
    return isWhole ? file.state : null;
  } catch {
    return null;
  }
}
