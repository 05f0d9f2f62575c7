/** A run as an editor's lines show it: by epochs, with the state that its reader knows. */
import { type BestEpoch, bestEpoch } from '../run/bestEpoch.ts';
import type { EpochRecord, RunState, RunStatus } from '../run/reduceRun.ts';

export interface ShownRun extends Pick<RunState, 'start' | 'epochs' | 'evaluation'> {
  readonly status: RunStatus | 'interrupted';
}

export type Values = (number | null)[];

export function isTraining({ status }: Pick<ShownRun, 'status'>): boolean {
  return status === 'running' || status === 'paused' || status === 'starting';
}

/** A measure over the epochs; a list without a number is empty. */
export function valuesOf(epochs: readonly EpochRecord[], metric: string): Values {
  const values = epochs.map(({ metrics }) => metrics[metric] ?? null);
  return values.some((value) => value !== null) ? values : [];
}

/** Whether a measure was taken at all, also where none of its values is a number. */
export function isMeasured({ epochs }: Pick<ShownRun, 'epochs'>, metric: string): boolean {
  return epochs.some(({ metrics }) => Object.hasOwn(metrics, metric));
}

/** The epoch with the best value: of the validation rows where there are some. */
export function bestShownEpoch(
  { epochs }: { readonly epochs: readonly EpochRecord[] },
  metric: string,
): BestEpoch | null {
  const name = valuesOf(epochs, `val_${metric}`).length > 0 ? `val_${metric}` : metric;
  return bestEpoch(
    epochs.map(({ epoch, metrics }) => ({ epoch, value: metrics[name] ?? null })),
    name,
  );
}
