/** One run that trains now, folded from its folder as it grows. */
import { hostname } from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { createEpochReader } from '../../node/eventReader.ts';
import { isTrainerAlive } from '../../node/isTrainerAlive.ts';
import { tailEvents } from '../../node/tailRun.ts';

export interface LiveRun {
  readonly runFolder: string;
  readonly run: RunState;
  dispose(): void;
}

export interface LiveRunListener {
  onChange(): void;
  /** The run has ended, or its process is gone. */
  onEnd(): void;
  onError(error: unknown): void;
}

const ALIVE_MS = 2000;

/** @param pid The trainer, where it was started here: it may die before it has said who it is. */
export function followLiveRun(runFolder: string, listener: LiveRunListener, pid?: number): LiveRun {
  const run = emptyRun();
  const ended = new AbortController();
  const end = () => {
    if (!ended.signal.aborted) {
      ended.abort();
      listener.onEnd();
    }
  };
  const alive = setInterval(async () => {
    const trainer = run.trainer ?? (pid === undefined ? null : { pid, host: hostname() });
    if (trainer !== null && (await isTrainerAlive(trainer, runFolder)) === false) {
      end();
    }
  }, ALIVE_MS);
  ended.signal.addEventListener('abort', () => clearInterval(alive));
  const onEvents = (events: RunEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      reduceRun(run, event);
    }
    listener.onChange();
    // A resumed run's file begins with the end of the trainer before.
    const isEnd = run.end !== null && (pid === undefined || run.trainer?.pid === pid);
    if (caughtUp && isEnd) {
      end();
    }
  };
  // Trees, charts in lines and the status bar show epochs: every step of every run would cost memory and time for nothing.
  const reader = createEpochReader(path.join(runFolder, RUN_FILES.events));
  tailEvents(runFolder, reader, { signal: ended.signal, onEvents, intervalMs: 250 }).catch((error: unknown) => {
    listener.onError(error);
    end();
  });
  return { runFolder, run, dispose: () => ended.abort() };
}
