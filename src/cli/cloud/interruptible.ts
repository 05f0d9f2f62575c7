/** Ctrl+C gives up what is being asked of a provider. */
import { Cancelled } from '../datasetHere.ts';

export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? new Cancelled(null) : error;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
