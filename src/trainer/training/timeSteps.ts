/** Times real steps of a model on the current backend, on weights that are thrown away. */
import { dispose } from '@tensorflow/tfjs-core';
import type { Clock } from '../run/clock.ts';
import type { Batch } from './batches.ts';
import { createNetwork, type NetworkOptions } from './network.ts';

const TIME_BOX_MS = 80;
const MOST_STEPS = 50;

/** @returns Steps per second after one step to warm up, or of that step when it alone fills the time. */
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
    startMs = clock.monotonicMs();
    let steps = 0;
    while (steps < MOST_STEPS && clock.monotonicMs() - startMs < TIME_BOX_MS) {
      network.step(batch);
      steps += 1;
    }
    return (1000 * steps) / Math.max(clock.monotonicMs() - startMs, 1e-3);
  } finally {
    dispose([batch.inputs, batch.targets]);
    network.dispose();
  }
}
