/** Feeds one run's events into a panel, the whole past first, and tells whether its trainer lives. */
import type { ToPanel } from '../../common/panelMessages.ts';
import type { RunEvent } from '../../common/run/events.ts';
import { isTrainerAlive } from '../../node/isTrainerAlive.ts';
import { tailRun } from '../../node/tailRun.ts';

export interface RunFeed {
  dispose(): void;
}

export interface RunFeedTarget {
  post(message: ToPanel): void;
  onError(error: unknown): void;
}

const ALIVE_MS = 2000;
/** At most 20 messages a second. */
const INTERVAL_MS = 50;

export function feedRun(runFolder: string, target: RunFeedTarget): RunFeed {
  const ended = new AbortController();
  let trainer: { pid: number; host: string } | null = null;
  let hasEnded = false;
  let told: boolean | null = null;
  const look = async () => {
    const alive = hasEnded ? false : trainer === null ? null : await isTrainerAlive(trainer, runFolder);
    if (alive !== null && alive !== told && !ended.signal.aborted) {
      told = alive;
      target.post({ type: 'alive', alive });
    }
  };
  const timer = setInterval(() => void look(), ALIVE_MS);
  ended.signal.addEventListener('abort', () => clearInterval(timer));
  const onEvents = (events: RunEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      if (event.type === 'launch') {
        trainer = { pid: event.pid, host: event.host };
        hasEnded = false;
        told = null;
      }
      hasEnded ||= event.type === 'runEnd';
    }
    if (events.length > 0) {
      target.post({ type: 'events', events });
    }
    return caughtUp ? look() : undefined;
  };
  tailRun(runFolder, { signal: ended.signal, onEvents, intervalMs: INTERVAL_MS }).catch(target.onError);
  return { dispose: () => ended.abort() };
}
