/** Lets only so many pieces of work go on at a time; the others wait in their order. */

/** Runs `work` when there is room. @throws AbortError The signal ended it, perhaps before it began. */
export type Limit = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function limitParallel(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = () => {
    running -= 1;
    waiting.shift()?.();
  };
  return async (work, signal) => {
    if (running >= most) {
      await waitForTurn(waiting, signal);
    }
    running += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      leave();
    }
  };
}

function waitForTurn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      waiting.splice(waiting.indexOf(turn), 1);
      reject(signal.reason);
    };
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.push(turn);
  });
}
