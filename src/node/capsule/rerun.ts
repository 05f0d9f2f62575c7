/** Runs a recipe again in a folder of its own, with its events as they come, and leaves no process behind. */
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SkilletError } from '../../common/errors.ts';
import type { DatasetName } from '../../common/recipe/datasets.ts';
import type { RunEnd, RunEvent } from '../../common/run/events.ts';
import { createRun } from '../createRun.ts';
import { isTrainerAlive } from '../isTrainerAlive.ts';
import type { Engine } from '../runtime/findEngine.ts';
import { startTrainer } from '../startTrainer.ts';
import { tailRun } from '../tailRun.ts';

export interface TrainerHere {
  /** The trainer's bundle. */
  readonly trainerFile: string;
  /** A Node, or an Electron that runs as one. */
  readonly execPath: string;
  readonly engine: Engine;
  /** Brings a named data set onto this machine. */
  prepareDataset?(name: DatasetName): Promise<void>;
}

export interface Rerun {
  /** Must not exist yet. */
  readonly runFolder: string;
  /** Need not exist: data paths are relative to its folder. */
  readonly recipeFile: string;
  readonly text: string;
  readonly device: string;
  readonly untilEpoch: number | null;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** True: nothing more is wanted of the run. */
  onEvent(event: RunEvent): boolean;
}

const ALIVE_MS = 500;

/**
 * @returns Its end; null where `onEvent` had enough.
 * @throws {RefusedRecipe} @throws {SkilletError} `trainer-died`, or the signal's reason.
 */
export async function rerun(run: Rerun, here: TrainerHere): Promise<RunEnd | null> {
  const { runFolder, recipeFile, text, signal, now } = run;
  const { prepareDataset } = here;
  await createRun({
    ...{ recipeFile, text, runFolder, now },
    overrides: { device: run.device },
    ...(prepareDataset === undefined ? {} : { prepareDataset }),
  });
  signal.throwIfAborted();
  const { pid } = await startTrainer({
    ...{ runFolder, recipeFile },
    ...here,
    ...(run.untilEpoch === null ? {} : { untilEpoch: run.untilEpoch }),
  });
  try {
    const end = await follow(run, pid);
    signal.throwIfAborted();
    return end;
  } finally {
    await endTrainer(pid, runFolder);
  }
}

async function follow({ runFolder, signal, onEvent }: Rerun, pid: number): Promise<RunEnd | null> {
  const done = new AbortController();
  const cancel = () => done.abort();
  signal.addEventListener('abort', cancel);
  let end: RunEnd | null = null;
  let isDead = false;
  let wasGone = false;
  const alive = setInterval(async () => {
    const isGone = (await isTrainerAlive({ pid, host: hostname() }, runFolder)) === false;
    // Its last words may still be on the way: only a second look without an end counts.
    if (isGone && wasGone) {
      isDead = true;
      done.abort();
    }
    wasGone = isGone;
  }, ALIVE_MS);
  try {
    await tailRun(runFolder, {
      signal: done.signal,
      onEvents(events) {
        for (const event of events) {
          end = event.type === 'runEnd' ? event : null;
          if (onEvent(event) || end !== null) {
            done.abort();
            return;
          }
        }
      },
    });
  } finally {
    clearInterval(alive);
    signal.removeEventListener('abort', cancel);
  }
  if (isDead && end === null) {
    throw new SkilletError('trainer-died', path.basename(runFolder), {
      message: 'The trainer ended without a word while the run was done again.',
      remedy: 'Try again; skillet doctor checks this machine.',
    });
  }
  return end;
}

/** With all that it has started; returns when it is gone, so that its folder can be taken away. */
async function endTrainer(pid: number, runFolder: string): Promise<void> {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has gone.
    }
  }
  while ((await isTrainerAlive({ pid, host: hostname() }, runFolder)) === true) {
    await delay(20);
  }
}
