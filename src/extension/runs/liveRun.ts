/** One run that trains now, folded from its folder as it grows. */
import { hostname } from 'node:os';
import type { RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { isTrainerAlive } from '../../node/isTrainerAlive.ts';
import { tailRun } from '../../node/tailRun.ts';

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
      reduceRun(run, withoutSteps(event));
    }
    listener.onChange();
    // A resumed run's file begins with the end of the trainer before.
    const isEnd = run.end !== null && (pid === undefined || run.trainer?.pid === pid);
    if (caughtUp && isEnd) {
      end();
    }
  };
  tailRun(runFolder, { signal: ended.signal, onEvents, intervalMs: 250 }).catch((error: unknown) => {
    listener.onError(error);
    end();
  });
  return { runFolder, run, dispose: () => ended.abort() };
}

/** Trees and the status bar show epochs; keeping every step of every run would cost memory for nothing. */
function withoutSteps(event: RunEvent): RunEvent {
  return event.type === 'steps' ? { ...event, loss: [], metrics: {} } : event;
}
