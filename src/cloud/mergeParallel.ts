/** Several streams as one, so many at a time: what comes first is told first. */

/**
 * @param limit How many of the items are open at once.
 * @throws What a stream throws; the others are then left alone, so `open` should take a signal.
 */
export async function* mergeParallel<T, R>(
  items: readonly T[],
  limit: number,
  open: (item: T) => AsyncIterable<R>,
): AsyncIterable<R> {
  interface Next {
    readonly stream: AsyncIterator<R>;
    readonly result: IteratorResult<R>;
  }
  const waiting = items.slice();
  const running = new Map<AsyncIterator<R>, Promise<Next>>();
  const pull = (stream: AsyncIterator<R>) => {
    const next = stream.next().then((result) => ({ stream, result }));
    next.catch(() => undefined); // Another one may throw first; this one's error is then nobody's.
    running.set(stream, next);
  };
  const fill = () => {
    while (running.size < limit && waiting.length > 0) {
      const [item] = waiting.splice(0, 1) as [T];
      pull(open(item)[Symbol.asyncIterator]());
    }
  };
  try {
    for (fill(); running.size > 0; fill()) {
      const { stream, result } = await Promise.race(running.values());
      if (result.done === true) {
        running.delete(stream);
      } else {
        pull(stream);
        yield result.value;
      }
    }
  } finally {
    for (const stream of running.keys()) {
      void Promise.resolve(stream.return?.()).catch(() => undefined);
    }
  }
}
