/** How fast bytes come, over the last few seconds. */

const WINDOW_MS = 5000;
const SAMPLE_MS = 200;

/** The function given takes the bytes so far and gives bytes per second; 0 while it cannot be said. */
export function createTransferRate(now: () => number): (bytes: number) => number {
  let samples: { readonly at: number; readonly bytes: number }[] = [];
  return (bytes) => {
    const at = now();
    const last = samples.at(-1);
    if (last === undefined) {
      samples = [{ at, bytes }];
    } else if (at - last.at >= SAMPLE_MS) {
      samples = [...samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, bytes }];
    }
    const first = samples[0];
    return first === undefined || at - first.at < SAMPLE_MS ? 0 : ((bytes - first.bytes) / (at - first.at)) * 1000;
  };
}
