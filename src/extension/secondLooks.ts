/** Looks again, later and later, at folders that were no runs yet: what is written into a folder before it is watched itself goes unnoticed. */

/** Watchers say nothing of what happens before they are at work, nor when that is: by then they are, a second or two after they were asked for. */
export const UNWATCHED_MS = 5000;
/** After so many milliseconds each. */
const LATER_MS = [1000, 2000, 4000, 8000];

export interface SecondLooks {
  /** Looks now, and again as long as some of them are unsettled. */
  look(folders: readonly string[]): void;
  dispose(): void;
}

/** @param look Gives those of the folders that may yet become runs. */
export function createSecondLooks(
  look: (folders: readonly string[]) => Promise<readonly string[]>,
  onError: (error: unknown) => void,
): SecondLooks {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;
  const again = (folders: readonly string[], round: number) => {
    const ms = LATER_MS[round];
    if (isOver || folders.length === 0 || ms === undefined) {
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(folders, round + 1);
    }, ms);
    timers.add(timer);
  };
  const start = (folders: readonly string[], round: number) => {
    look(folders)
      .then((unsettled) => again(unsettled, round))
      .catch(onError);
  };
  return {
    look: (folders) => start(folders, 0),
    dispose() {
      isOver = true;
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
}
