/** Of several questions of one kind only the last one counts: asking anew ends the one before. */

export interface Latest {
  /** Runs `work` with a signal that the next `begin`, and `end`, abort. */
  begin(work: (signal: AbortSignal) => Promise<void>): void;
  end(): void;
}

/** @param onError Gets what is thrown, but for work that was ended. */
export function createLatest(onError: (error: unknown) => void): Latest {
  let running: AbortController | null = null;
  return {
    begin(work) {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      work(mine.signal).catch((error) => {
        if (!mine.signal.aborted) {
          onError(error);
        }
      });
    },
    end() {
      running?.abort();
      running = null;
    },
  };
}

/** Waits, or throws `AbortError` when the signal says so. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
