/** Time as the trainer sees it, so that tests can bring their own. */
import { setImmediate, setTimeout } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Milliseconds since some fixed moment, never going back. */
  monotonicMs(): number;
  wait(ms: number): Promise<void>;
  /** Lets signals and timers have their turn. */
  turn(): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  wait: (ms) => setTimeout(ms),
  turn: () => setImmediate(),
};
