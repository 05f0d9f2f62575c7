/** How a step is spread over the cores of the processor. */
import type { Workload } from './backend.ts';

export interface ThreadPlan {
  /** Threads inside one operation, and operations side by side. */
  readonly threads: { readonly inside: number; readonly across: number };
  /** Shares of each batch that are computed side by side. */
  readonly shares: number;
}

/**
 * Below so many multiplications a step is over before a second thread has begun to help: on two cores, two are a third as fast
 * as one at 0.3 million, as fast at 1 million and half as fast again at 5 million.
 */
const ONE_THREAD_BELOW = 2e6;

/** A smaller share keeps its core busy with starting and ending. */
const LEAST_ROWS = 16;

/**
 * Operations of a training step are too short to be worth cutting up inside. Whole shares of the batch, each on one core, ran
 * 1.5 (a large LSTM) to 1.9 times (a convolution) as fast on two cores as TensorFlow's own way of sharing each operation.
 */
export function planThreads({ stepCost, batchSize, replicas, canShare }: Workload, cores: number): ThreadPlan {
  if (replicas !== null && replicas > 1) {
    return { threads: { inside: 1, across: Math.min(cores, replicas) }, shares: replicas };
  }
  if (stepCost < ONE_THREAD_BELOW || cores === 1) {
    return { threads: { inside: 1, across: 1 }, shares: 1 };
  }
  const isShared = canShare && replicas === null;
  const shares = isShared ? Math.max(1, Math.min(cores, Math.floor(batchSize / LEAST_ROWS))) : 1;
  return { threads: { inside: Math.max(1, Math.floor(cores / shares)), across: cores }, shares };
}
