/** Holds a run while its disk is full, says so, and lets it go on once there is room again. */
import { SkilletError } from '../../common/errors.ts';
import type { Clock } from './clock.ts';
import type { Inbox } from './controlReader.ts';
import { isDiskFull } from './disk.ts';
import type { EventLog } from './eventLog.ts';
import type { Reserve } from './reserve.ts';

export interface Room {
  /** Whoever trains: where it stands is told with the pause. */
  follow(place: Place): void;
  /** Settles at once where all events are written; else when they are. @throws {SkilletError} `run-folder`: the run was told to stop meanwhile. */
  settle(): Promise<void>;
  /**
   * Does what writes files, again and again while the disk is full; events come first, so that none is missing behind a checkpoint.
   *
   * @throws {SkilletError} `run-folder`: the run was told to stop meanwhile. Whatever else `act` throws.
   */
  write<T>(act: () => T | Promise<T>): Promise<T>;
  /** Settles when all events are written, the run's last one among them. */
  finish(): Promise<void>;
  /** Whether the run was told to stop while the disk was full: then no last event can be written. */
  hasGivenUp(): boolean;
}

export interface Place {
  readonly progress: { readonly step: number };
  /** Whether somebody has paused it besides: room alone does not let it go on then. */
  isPaused(): boolean;
}

export interface RoomOptions {
  readonly runFolder: string;
  readonly log: EventLog;
  readonly reserve: Reserve;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
  /** Tells a person who looks at the process rather than at the run. */
  tell(text: string): void;
  /** The run goes on. */
  onRelease(): void;
}

const RETRY_MS = 3000;
const POLL_MS = 100;
const FULL = 'The disk is full: training waits.';
const REMEDY = 'Free some space where the run lies. It is tried again every few seconds and goes on by itself.';

export function createRoom({ runFolder, log, reserve, clock, inbox, signal, ...told }: RoomOptions): Room {
  let place: Place = { progress: { step: 0 }, isPaused: () => false };
  let hasGivenUp = false;
  let isOver = false;
  reserve.take();

  /** Settles when it is time to try again. */
  const wait = async () => {
    const resumes = () => inbox.peek().filter((command) => command === 'resume').length;
    const seen = resumes();
    for (let ms = 0; ms < RETRY_MS && resumes() === seen; ms += POLL_MS) {
      await clock.wait(POLL_MS);
      if (signal.aborted || inbox.peek().includes('stop')) {
        hasGivenUp = true;
        throw stoppedWhileFull(runFolder);
      }
    }
  };
  /** @param attempt Says whether it found room. */
  const hold = async (attempt: () => Promise<boolean>) => {
    reserve.give();
    log.writeAhead([
      { type: 'notice', level: 'warning', message: FULL, remedy: REMEDY },
      { type: 'state', state: 'paused', step: place.progress.step, because: 'diskFull' },
    ]);
    told.tell(`${FULL} ${REMEDY}`);
    // The reserve first: as long as there is not even room for that, the next event would be too much.
    do {
      await wait();
    } while (!(reserve.take() && (await attempt())));
    if (!isOver) {
      log.write({ type: 'state', state: place.isPaused() ? 'paused' : 'running', step: place.progress.step });
    }
    told.onRelease();
  };
  const settle = async () => {
    while (log.waiting() > 0) {
      await hold(async () => log.retry());
    }
  };
  return {
    follow(next) {
      place = next;
    },
    settle,
    async write<T>(act: () => T | Promise<T>) {
      await settle();
      const done: T[] = [];
      const isDone = async () => {
        done.push(...(await tryOnce(act)));
        return done.length > 0;
      };
      if (!(await isDone())) {
        await hold(async () => log.retry() && (await isDone()));
      }
      return done[0] as T;
    },
    async finish() {
      isOver = true;
      await settle();
    },
    hasGivenUp: () => hasGivenUp,
  };
}

/** @returns Nothing where the disk is full. */
async function tryOnce<T>(act: () => T | Promise<T>): Promise<[T] | []> {
  try {
    return [await act()];
  } catch (error) {
    if (isDiskFull(error)) {
      return [];
    }
    throw error;
  }
}

function stoppedWhileFull(runFolder: string): SkilletError {
  return new SkilletError('run-folder', runFolder, {
    message: 'was stopped while the disk was full: what came after its last checkpoint could not be kept.',
    remedy: 'Free some space, then resume the run.',
  });
}
