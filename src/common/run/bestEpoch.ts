/** The epoch in which a metric was best. */
import { metricDirection } from './metricDirection.ts';

export interface BestEpoch {
  readonly epoch: number;
  readonly value: number;
}

/** @returns Null where no value is a number; of equal ones the earliest. */
export function bestEpoch(
  epochs: readonly { readonly epoch: number; readonly value: number | null }[],
  metric: string,
): BestEpoch | null {
  const sign = metricDirection(metric) === 'higher' ? -1 : 1;
  let best: BestEpoch | null = null;
  for (const { epoch, value } of epochs) {
    if (value !== null && (best === null || sign * value < sign * best.value)) {
      best = { epoch, value };
    }
  }
  return best;
}
