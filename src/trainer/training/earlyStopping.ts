/** Ends training when a metric no longer improves, with Keras's rules. */
import type { TrainSettings } from '../../common/recipe/schema.ts';
import { metricDirection } from '../../common/run/metricDirection.ts';

export interface StoppingState {
  /** Best value so far; null before the first epoch. */
  readonly best: number | null;
  readonly bestEpoch: number | null;
  /** Epochs since the last improvement. */
  readonly waited: number;
}

export const NOTHING_SEEN: StoppingState = { best: null, bestEpoch: null, waited: 0 };

type Settings = NonNullable<TrainSettings['earlyStopping']>;

/** @returns The state after an epoch, and whether it was an improvement. A value that is not finite never is. */
export function observeEpoch(
  state: StoppingState,
  { monitor, minDelta }: Pick<Settings, 'monitor' | 'minDelta'>,
  epoch: { readonly epoch: number; readonly metrics: Readonly<Record<string, number>> },
): { state: StoppingState; isBetter: boolean } {
  const value = epoch.metrics[monitor] ?? Number.NaN;
  const sign = metricDirection(monitor) === 'higher' ? 1 : -1;
  const gain = state.best === null ? Number.POSITIVE_INFINITY : sign * (value - state.best);
  return Number.isFinite(value) && gain > minDelta
    ? { state: { best: value, bestEpoch: epoch.epoch, waited: 0 }, isBetter: true }
    : { state: { ...state, waited: state.waited + 1 }, isBetter: false };
}

/** Keras waits for `patience` epochs without improvement, and at least for one. */
export function isPatienceSpent(state: StoppingState, { patience }: Pick<Settings, 'patience'>): boolean {
  return state.waited >= Math.max(1, patience);
}
