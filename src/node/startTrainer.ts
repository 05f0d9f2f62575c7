/** Starts the trainer process for a run folder, detached: it outlives the editor and the terminal that asked for it. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../common/errors.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import type { Engine } from './runtime/findEngine.ts';

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
  /** Of the processor, for this trainer; all of them when absent. */
  readonly cores?: number;
}

/** Settles once the process exists; what it prints goes to `trainer.log` in the run folder. */
export async function startTrainer(start: TrainerStart): Promise<{ pid: number }> {
  const log = await open(path.join(start.runFolder, RUN_FILES.log), 'a').catch((error: Error) => {
    throw new SkilletError('run-folder', start.runFolder, {
      message: `cannot be written: ${error.message}.`,
      remedy: 'Choose another folder for the run.',
    });
  });
  try {
    const args = [
      start.trainerFile,
      start.runFolder,
      '--recipe-file',
      start.recipeFile,
      '--cache',
      start.engine.cacheFolder,
      ...(start.engine.tensorflowFolder === null ? [] : ['--tensorflow', start.engine.tensorflowFolder]),
      ...(start.resume === true ? ['--resume'] : []),
      ...(start.untilEpoch === undefined ? [] : ['--until-epoch', String(start.untilEpoch)]),
      ...(start.cores === undefined ? [] : ['--cores', String(start.cores)]),
    ];
    const child = spawn(start.execPath, args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('spawn', () => resolve(child.pid ?? 0));
      child.once('error', reject);
    });
    child.unref();
    return { pid };
  } catch (error) {
    const message = `could not be started with ${start.execPath}: ${error instanceof Error ? error.message : String(error)}.`;
    throw new SkilletError('trainer-died', 'trainer', {
      message,
      remedy: 'Check that Skillet is installed whole, then train again.',
    });
  } finally {
    await log.close();
  }
}
