/** One run that trains now, folded from its folder as it grows. */
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

export function followLiveRun(runFolder: string, listener: LiveRunListener): LiveRun {
  const run = emptyRun();
  const ended = new AbortController();
  const end = () => {
    if (!ended.signal.aborted) {
      ended.abort();
      listener.onEnd();
    }
  };
  const alive = setInterval(async () => {
    if (run.trainer !== null && (await isTrainerAlive(run.trainer, runFolder)) === false) {
      end();
    }
  }, ALIVE_MS);
  ended.signal.addEventListener('abort', () => clearInterval(alive));
  const onEvents = (events: RunEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      reduceRun(run, withoutSteps(event));
    }
    listener.onChange();
    if (caughtUp && run.end !== null) {
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
