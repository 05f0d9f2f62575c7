/** Lets a long computation give way to whatever else the process has to do. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** At most this long without a pause, in ms: an editor that answers within it feels idle. */
const TURN_MS = 8;

/** Gives a function to await between two pieces of work; it pauses only when its time is up. */
export function createPauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) {
      return undefined;
    }
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
