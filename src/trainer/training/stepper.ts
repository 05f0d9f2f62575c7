/** Takes steps of training, one or many at a time, whatever the backend does best. */
import type { Samples } from '../data/samples.ts';
import { type Batch, disposeBatch, loadBatch } from './batches.ts';
import { findNonFiniteWeights, type NonFinite } from './findNonFinite.ts';
import type { Network, StepMetrics } from './network.ts';

export interface Stepper {
  /** How steps are done: one operation at a time, or recorded once and replayed. */
  readonly execution: Execution;
  /** How many batches of this size the next call should be given at most, so that it does not last too long. */
  appetite(batchSize: number): number;
  /**
   * Learns from the batches in order.
   *
   * @param batches Samples of each; all of one size.
   * @returns Metrics of each step, from before its update. After a loss that is not finite nothing more is learnt: its metrics are the last.
   */
  run(batches: readonly Int32Array[]): Promise<StepMetrics[]>;
  /** Brings the network's variables up to date: before they are read, measured with or saved. */
  settle(): void;
  /** The first layer with a weight that is not finite. */
  findBrokenWeights(): Promise<NonFinite | null>;
  dispose(): void;
}

export type Execution =
  | { readonly kind: 'compiled' }
  /** @param because Why it is not compiled, where it might have been. */
  | { readonly kind: 'eager'; readonly because: string | null };

export interface StepperOptions {
  readonly network: Network;
  readonly samples: Samples;
  /** Outputs over classes, null for values; see `loadBatch`. */
  readonly classCount: number | null;
}

/** One step at a time, one operation at a time. */
export function createEagerStepper(options: StepperOptions, because: string | null): Stepper {
  const { network } = options;
  return {
    execution: { kind: 'eager', because },
    appetite: () => 1,
    async run(batches) {
      const done: StepMetrics[] = [];
      for (const rows of batches) {
        const metrics = await withBatch(options, rows, (batch) => network.step(batch));
        done.push(metrics);
        if (!Number.isFinite(metrics.loss)) {
          break;
        }
      }
      return done;
    },
    settle: () => undefined,
    findBrokenWeights: () => findNonFiniteWeights(network),
    dispose: () => undefined,
  };
}

/** Brings a batch into memory for as long as it is used. */
export async function withBatch<T>(
  { samples, classCount }: Pick<StepperOptions, 'samples' | 'classCount'>,
  rows: Int32Array,
  use: (batch: Batch) => Promise<T> | T,
): Promise<T> {
  const batch = loadBatch(samples, rows, classCount);
  try {
    return await use(batch);
  } finally {
    disposeBatch(batch);
  }
}
