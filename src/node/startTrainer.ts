/** Starts the trainer process for a run folder, detached: it outlives the editor and the terminal that asked for it. */
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import type { Engine } from './runtime/findEngine.ts';
import { spawnDetached } from './spawnDetached.ts';

export interface TrainerStart {
  readonly runFolder: string;
  /** The recipe that was asked for; data paths are relative to its folder. */
  readonly recipeFile: string;
  /** The trainer's bundle. */
  readonly trainerFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
  readonly engine: Engine;
  /** Go on from the last checkpoint. */
  readonly resume?: boolean;
  /** Stop, with a checkpoint, once so many epochs are done. */
  readonly untilEpoch?: number;
  /** Look at the layers after every epoch, from the first on. */
  readonly observe?: boolean;
  /** Of the processor, for this trainer; all of them when absent. */
  readonly cores?: number;
}

/** Settles once the process exists; what it prints goes to `trainer.log` in the run folder. */
export async function startTrainer(start: TrainerStart): Promise<{ pid: number }> {
  return spawnDetached({
    execPath: start.execPath,
    args: [
      start.trainerFile,
      start.runFolder,
      '--recipe-file',
      start.recipeFile,
      '--cache',
      start.engine.cacheFolder,
      ...(start.engine.tensorflowFolder === null ? [] : ['--tensorflow', start.engine.tensorflowFolder]),
      ...(start.resume === true ? ['--resume'] : []),
      ...(start.untilEpoch === undefined ? [] : ['--until-epoch', String(start.untilEpoch)]),
      ...(start.observe === true ? ['--observe'] : []),
      ...(start.cores === undefined ? [] : ['--cores', String(start.cores)]),
    ],
    logFile: path.join(start.runFolder, RUN_FILES.log),
    toFolderFault: (error) =>
      new SkilletError('run-folder', start.runFolder, {
        message: `cannot be written: ${error.message}.`,
        remedy: 'Choose another folder for the run.',
      }),
    toStartFault: (message) =>
      new SkilletError('trainer-died', 'trainer', {
        message,
        remedy: 'Check that Skillet is installed whole, then train again.',
      }),
  });
}
