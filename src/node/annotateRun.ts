/** Reads and writes what a person says of a run. */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import {
  type AnnotationChange,
  type AnnotationsState,
  changeAnnotations,
  NO_ANNOTATIONS,
  parseAnnotations,
  printAnnotations,
  type RunAnnotations,
} from '../common/run/annotations.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';

/** Whoever wrote more than this wrote no annotations. */
const MOST_BYTES = 1 << 20;
/** What could not be read is kept beside. */
const DAMAGED = 'annotations.damaged.json';

/** None where there is no file, or none that can be understood. */
export async function readAnnotations(runFolder: string): Promise<RunAnnotations> {
  return (await read(runFolder)).annotations;
}

/**
 * Writes beside and renames, so that a reader sees the old ones or the new ones.
 *
 * @throws {SkilletError} `run-unreadable`: the folder is no run. `run-annotations`: they cannot be written, or were
 *   written by a later Skillet.
 */
export async function annotateRun(runFolder: string, change: AnnotationChange): Promise<RunAnnotations> {
  if ((await stat(path.join(runFolder, RUN_FILES.recipe)).catch(() => null)) === null) {
    throw new SkilletError('run-unreadable', runFolder, { message: 'is no run.', remedy: 'See skillet runs.' });
  }
  const file = path.join(runFolder, RUN_FILES.annotations);
  const { annotations, state } = await read(runFolder);
  if (state === 'newer') {
    throw new SkilletError('run-annotations', file, {
      message: 'was written by a later version of Skillet, which this one would spoil.',
      remedy: 'Update Skillet.',
    });
  }
  const changed = changeAnnotations(annotations, change);
  try {
    if (state === 'damaged') {
      await rename(file, path.join(runFolder, DAMAGED));
    }
    await writeBeside(file, printAnnotations(changed));
  } catch (error) {
    throw new SkilletError('run-annotations', file, {
      message: `cannot be written: ${(error as Error).message}.`,
      remedy: 'Free some space, or make the run folder writable.',
    });
  }
  return changed;
}

async function read(runFolder: string): Promise<{ annotations: RunAnnotations; state: AnnotationsState }> {
  const file = path.join(runFolder, RUN_FILES.annotations);
  try {
    const { size } = await stat(file);
    return size > MOST_BYTES
      ? { annotations: NO_ANNOTATIONS, state: 'damaged' }
      : parseAnnotations(await readFile(file, 'utf8'));
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { annotations: NO_ANNOTATIONS, state: isAbsent ? 'whole' : 'damaged' };
  }
}

async function writeBeside(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}-${Math.trunc(performance.now() * 1000)}.tmp`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync(); // A rename that outlives a power cut must not name an empty file.
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
