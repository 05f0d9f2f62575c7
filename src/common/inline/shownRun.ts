/** A run as an editor's lines show it: by epochs, with the state that its reader knows. */
import { metricDirection } from '../run/metricDirection.ts';
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
export function bestEpoch(run: Pick<ShownRun, 'epochs'>, metric: string): { epoch: number; value: number } | null {
  const name = valuesOf(run.epochs, `val_${metric}`).length > 0 ? `val_${metric}` : metric;
  const sign = metricDirection(metric) === 'higher' ? -1 : 1;
  let best: { epoch: number; value: number } | null = null;
  for (const { epoch, metrics } of run.epochs) {
    const value = metrics[name] ?? null;
    if (value !== null && (best === null || sign * value < sign * best.value)) {
      best = { epoch, value };
    }
  }
  return best;
}
