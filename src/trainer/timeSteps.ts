/** Times real steps of a model on the current backend, on weights that are thrown away. */

import { createStepper } from './compiled/createStepper.ts';
import type { Samples } from './data/samples.ts';
import type { Clock } from './run/clock.ts';
import { createNetwork, type NetworkOptions } from './training/network.ts';

const TIME_BOX_MS = 160;
const MOST_STEPS = 2000;

export interface TimeOptions {
  readonly network: NetworkOptions;
  readonly samples: Samples;
  readonly classCount: number | null;
  /** Samples of the batch that is learnt again and again. */
  readonly rows: Int32Array;
  readonly replicas: readonly (string | null)[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Only the later half counts: the first steps are slow while the JavaScript engine still compiles what they run.
 *
 * @returns Steps per second, or of the first step when it alone fills the time.
 */
export async function timeSteps({ network: settings, clock, ...data }: TimeOptions): Promise<number> {
  const { monotonicMs } = clock;
  const { rows } = data;
  const network = createNetwork(settings);
  try {
    const options = { ...data, network, first: rows, otherBatches: 0, monotonicMs, onEager: () => undefined };
    const stepper = await createStepper(options);
    try {
      const startMs = monotonicMs();
      await stepper.run([rows]);
      const warmUpMs = monotonicMs() - startMs;
      if (warmUpMs >= TIME_BOX_MS) {
        return 1000 / warmUpMs;
      }
      const ends = [{ ms: monotonicMs(), steps: 0 }];
      const elapsedMs = () => monotonicMs() - (ends[0]?.ms ?? 0);
      let isBroken = false;
      while (!isBroken && (ends.at(-1)?.steps ?? 0) < MOST_STEPS && elapsedMs() < TIME_BOX_MS) {
        const count = stepper.appetite(rows.length);
        const done = await stepper.run(new Array<Int32Array>(count).fill(rows));
        ends.push({ ms: monotonicMs(), steps: (ends.at(-1)?.steps ?? 0) + done.length });
        // The same batch again and again may diverge where the whole data does not; from then on nothing is learnt.
        isBroken = !Number.isFinite(done.at(-1)?.loss);
      }
      return rateOfLaterHalf(ends);
    } finally {
      stepper.dispose();
    }
  } finally {
    network.dispose();
  }
}

function rateOfLaterHalf(ends: readonly { readonly ms: number; readonly steps: number }[]): number {
  const from = ends[Math.floor((ends.length - 1) / 2)];
  const to = ends.at(-1);
  return (1000 * ((to?.steps ?? 0) - (from?.steps ?? 0))) / Math.max((to?.ms ?? 0) - (from?.ms ?? 0), 1e-3);
}
