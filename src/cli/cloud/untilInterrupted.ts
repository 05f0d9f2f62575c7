/** Runs something until it is done or Ctrl+C asks it to end; a second Ctrl+C ends the process at once. */
import { EXIT } from '../usage.ts';

export async function untilInterrupted(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) {
    process.once(signal, interrupt);
  }
  try {
    return await run(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      return EXIT.interrupted;
    }
    throw error;
  } finally {
    for (const signal of signals) {
      process.off(signal, interrupt);
    }
  }
}
