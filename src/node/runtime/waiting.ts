/** Trying again after a fault of the network, with longer and longer pauses. */
import { setTimeout as delay } from 'node:timers/promises';
import { SkilletError } from '../../common/errors.ts';

/** Time, as far as fetching needs it. */
export interface Waiting {
  /** In milliseconds, from any beginning. */
  now(): number;
  /** Rejects when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemWaiting: Waiting = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

export interface Attempts {
  readonly waiting: Waiting;
  readonly signal: AbortSignal;
  /** Whether the attempt that failed got anywhere: then the count begins anew. */
  hasAdvanced?(): boolean;
  /** The pauses between attempts, as many as there are further attempts; half a minute in all when absent. */
  readonly pausesMs?: readonly number[];
  /** Called before each pause. */
  onRetry?(retry: Retry): void;
}

export interface Retry {
  /** What went wrong, in words. */
  readonly fault: string;
  readonly pauseMs: number;
}

const PAUSES_MS = [1000, 2000, 4000, 8000, 16_000];

/**
 * Runs an attempt until it succeeds; a SkilletError is final, other errors may pass.
 *
 * @throws The last error, or the signal's reason.
 */
export async function withRetries<T>(
  { waiting, signal, hasAdvanced, pausesMs = PAUSES_MS, onRetry }: Attempts,
  attempt: () => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      failures = hasAdvanced?.() === true ? 1 : failures + 1;
      const pauseMs = pausesMs[failures - 1];
      if (error instanceof SkilletError || pauseMs === undefined) {
        throw error;
      }
      onRetry?.({ fault: faultText(error), pauseMs });
      await waiting.sleep(pauseMs, signal);
    }
  }
}

/** The cause that `fetch` hides behind "fetch failed". */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { cause } = error;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  return inner instanceof Error && inner.message !== '' ? inner.message : error.message;
}
