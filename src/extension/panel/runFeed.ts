/** Feeds one run's events into a panel, the whole past first, and tells whether its trainer lives. */
import type { ToPanel } from '../../common/panelMessages.ts';
import type { RunEvent } from '../../common/run/events.ts';
import { packSteps } from '../../common/run/packSteps.ts';
import { isTrainerAlive } from '../../node/isTrainerAlive.ts';
import { tailRun } from '../../node/tailRun.ts';

export interface RunFeed {
  /** The page has drawn so many of the messages. */
  taken(count: number): void;
  dispose(): void;
}

export interface RunFeedTarget {
  post(message: ToPanel): void;
  onError(error: unknown): void;
}

const ALIVE_MS = 2000;
/** At most 20 messages a second. */
const INTERVAL_MS = 50;
/** Messages on their way: a page that is slower than the run is sent less often, and more at once. What waits, waits in the file. */
const MOST_OPEN = 4;

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
  let open = 0;
  let wake: (() => void) | null = null;
  ended.signal.addEventListener('abort', () => wake?.());
  const room = async () => {
    while (open >= MOST_OPEN && !ended.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const onEvents = async (events: RunEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      if (event.type === 'launch') {
        trainer = { pid: event.pid, host: event.host };
        hasEnded = false;
        told = null;
      }
      hasEnded ||= event.type === 'runEnd';
    }
    if (events.length > 0) {
      open += 1;
      target.post({ type: 'events', events: packSteps(events) });
    }
    if (caughtUp && (told === null || hasEnded)) {
      await look();
    }
    return room();
  };
  tailRun(runFolder, { signal: ended.signal, onEvents, intervalMs: INTERVAL_MS }).catch(target.onError);
  return {
    taken(count) {
      open = Math.max(0, open - count);
      wake?.();
    },
    dispose: () => ended.abort(),
  };
}
