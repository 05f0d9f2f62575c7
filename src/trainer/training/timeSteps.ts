/** Times real steps of a model on the current backend, on weights that are thrown away. */
import { dispose } from '@tensorflow/tfjs-core';
import type { Clock } from '../run/clock.ts';
import type { Batch } from './batches.ts';
import { createNetwork, type NetworkOptions } from './network.ts';

const TIME_BOX_MS = 160;
const MOST_STEPS = 200;

/**
 * Only the later half counts: the first steps are slow while the JavaScript engine still compiles what they run.
 *
 * @returns Steps per second, or of the first step when it alone fills the time.
 */
export function timeSteps(options: NetworkOptions, load: () => Batch, clock: Pick<Clock, 'monotonicMs'>): number {
  const network = createNetwork(options);
  const batch = load();
  try {
    let startMs = clock.monotonicMs();
    network.step(batch);
    const warmUpMs = clock.monotonicMs() - startMs;
    if (warmUpMs >= TIME_BOX_MS) {
      return 1000 / warmUpMs;
    }
    const endsMs: number[] = [clock.monotonicMs()];
    startMs = endsMs[0] ?? 0;
    while (endsMs.length <= MOST_STEPS && clock.monotonicMs() - startMs < TIME_BOX_MS) {
      network.step(batch);
      endsMs.push(clock.monotonicMs());
    }
    const from = Math.floor((endsMs.length - 1) / 2);
    const lateMs = (endsMs.at(-1) ?? 0) - (endsMs[from] ?? 0);
    return (1000 * (endsMs.length - 1 - from)) / Math.max(lateMs, 1e-3);
  } finally {
    dispose([batch.inputs, batch.targets]);
    network.dispose();
  }
}
