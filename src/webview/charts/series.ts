/** Turns a run into the curves of one chart: by epoch or by step, smoothed, thinned to what the screen can show. */
import type { PastRun } from '../../common/panelMessages.ts';
import { countSteps } from '../../common/run/countSteps.ts';
import type { RunState } from '../../common/run/reduceRun.ts';

export type Value = number | null;

export interface ChartView {
  readonly by: 'epoch' | 'step';
  readonly scale: 'linear' | 'log';
  /** 0: as measured; towards 1: smoother. */
  readonly smoothing: number;
}

export interface Curve {
  readonly label: string;
  readonly role: 'train' | 'trainRaw' | 'validation' | 'past';
  readonly values: readonly Value[];
}

export interface ChartData {
  /** Epochs counted from 1, or steps from 1. */
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
  /** Where the axis ends: laid out ahead of the run, so that nothing jumps. */
  readonly end: number;
  readonly best: { readonly x: number; readonly value: number } | null;
  /** Which state of the growing run this shows. */
  readonly version: number;
}

export interface ChartOptions {
  readonly view: ChartView;
  readonly pastRuns: readonly PastRun[];
  /** About how many points fit side by side; longer step series are thinned. */
  readonly points: number;
  /** The steps that are shown; null: all. */
  readonly zoom?: readonly [number, number] | null;
  readonly version: number;
}

/** Metrics of which more is better; all others are errors. */
const HIGHER_IS_BETTER: readonly string[] = ['accuracy'];

export function chartData(run: RunState, metric: string, options: ChartOptions): ChartData {
  const data = options.view.by === 'epoch' ? byEpoch(run, metric, options) : byStep(run, metric, options);
  return { ...data, version: options.version };
}

function byEpoch(run: RunState, metric: string, { view, pastRuns }: ChartOptions): Omit<ChartData, 'version'> {
  const past = pastRuns.flatMap(({ label, curves }) => {
    const values = curves[`val_${metric}`] ?? curves[metric];
    return values === undefined ? [] : [{ label, role: 'past' as const, values }];
  });
  // What came before a fork is another run's.
  const before = new Array<null>(run.start?.fork?.epoch ?? 0).fill(null);
  const train = [...before, ...run.epochs.map((epoch) => epoch.metrics[metric] ?? null)];
  const validation = [...before, ...run.epochs.map((epoch) => epoch.metrics[`val_${metric}`] ?? null)];
  const hasValidation = validation.some((value) => value !== null);
  const length = Math.max(train.length, ...past.map((curve) => curve.values.length));
  const measured = hasValidation ? validation : train;
  return {
    x: Array.from({ length }, (_, index) => index + 1),
    curves: [
      ...past,
      ...withSmoothing('training', train, view.smoothing),
      ...(hasValidation
        ? [{ label: 'validation', role: 'validation' as const, values: smooth(validation, view.smoothing) }]
        : []),
    ],
    end: axisEnd(length, plannedEpochs(run), LEAST_EPOCHS),
    best: bestPoint(measured, metric),
  };
}

function byStep(run: RunState, metric: string, { view, points, zoom }: ChartOptions): Omit<ChartData, 'version'> {
  const all = metric === 'loss' ? run.stepLoss : (run.stepMetrics[metric] ?? []);
  const end = axisEnd(all.length, plannedSteps(run), LEAST_STEPS);
  const raw = thin(all, points, zoom ?? null);
  if (view.smoothing === 0) {
    return { x: raw.x, curves: [{ label: 'training', role: 'train', values: raw.values }], end, best: null };
  }
  const smoothed = smooth(all, view.smoothing);
  const curves: Curve[] = [
    { label: 'training as measured', role: 'trainRaw', values: raw.values },
    { label: 'training', role: 'train', values: raw.x.map((step) => smoothed[step - 1] ?? null) },
  ];
  return { x: raw.x, curves, end, best: null };
}

const LEAST_EPOCHS = 200;
const LEAST_STEPS = 2000;

/** Early stopping and failures leave epochs that never come. */
function plannedEpochs({ status, start, epochs }: RunState): number {
  return status === 'completed' || status === 'failed' ? (epochs.at(-1)?.epoch ?? 0) : (start?.epochs ?? 1);
}

function plannedSteps(run: RunState): number {
  const epochs = plannedEpochs(run);
  return run.start === null ? epochs : countSteps({ ...run.start, epochs }, 0).planned;
}

/** The whole run where it is short; a long one would begin as a thin line at the edge, so its axis doubles as it goes. */
export function axisEnd(reached: number, planned: number, least: number): number {
  let end = least;
  while (end < reached) {
    end *= 2;
  }
  return Math.max(2, reached, Math.min(end, planned));
}

function withSmoothing(label: string, values: readonly Value[], weight: number): Curve[] {
  return weight === 0
    ? [{ label, role: 'train', values }]
    : [
        { label: `${label} as measured`, role: 'trainRaw', values },
        { label, role: 'train', values: smooth(values, weight) },
      ];
}

/**
 * Exponential moving average with its start-up bias divided out: s ← w·s + (1 − w)·v, shown as s / (1 − wⁿ).
 * The correction is Adam's (Kingma and Ba 2015, section 3). Gaps stay gaps.
 */
export function smooth(values: readonly Value[], weight: number): Value[] {
  if (weight === 0) {
    return [...values];
  }
  let sum = 0;
  let decay = 1;
  return values.map((value) => {
    if (value === null) {
      return null;
    }
    sum = weight * sum + (1 - weight) * value;
    decay *= weight;
    return sum / (1 - decay);
  });
}

/**
 * Keeps the lowest and the highest value of each bucket, in their order, so that no peak is lost.
 *
 * @param zoom Steps to show, counted from 1: only these and one beyond each border are looked at, and so told more finely.
 * @returns Steps counted from 1, and their values; at most about `points` of them.
 */
export function thin(
  values: readonly Value[],
  points: number,
  zoom: readonly [number, number] | null = null,
): { x: number[]; values: Value[] } {
  const first = zoom === null ? 0 : Math.max(0, Math.floor(zoom[0]) - 2);
  const end = zoom === null ? values.length : Math.min(values.length, Math.ceil(zoom[1]) + 1);
  const size = Math.ceil((end - first) / Math.max(1, Math.floor(points / 2)));
  const x: number[] = [];
  const kept: Value[] = [];
  const keep = (index: number) => {
    x.push(index + 1);
    kept.push(values[index] ?? null);
  };
  for (let from = first; from < end; from += Math.max(1, size)) {
    const places =
      size <= 2
        ? Array.from({ length: Math.min(Math.max(1, size), end - from) }, (_, place) => from + place)
        : extremes(values, from, Math.min(from + size, end));
    places.forEach(keep);
  }
  if (end > first && x.at(-1) !== end) {
    // The newest value is what a person looks for.
    keep(end - 1);
  }
  return { x, values: kept };
}

/** Places of the lowest and highest value from `first` up to `end`, ascending; the first place where all are gaps. */
function extremes(values: readonly Value[], first: number, end: number): number[] {
  let low = -1;
  let high = -1;
  for (let index = first; index < end; index += 1) {
    const value = values[index] ?? null;
    if (value !== null) {
      low = low < 0 || value < (values[low] ?? 0) ? index : low;
      high = high < 0 || value > (values[high] ?? 0) ? index : high;
    }
  }
  if (low < 0) {
    return [first];
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

function bestPoint(values: readonly Value[], metric: string): ChartData['best'] {
  const sign = HIGHER_IS_BETTER.includes(metric) ? -1 : 1;
  return values.reduce<ChartData['best']>(
    (best, value, index) =>
      value !== null && (best === null || sign * value < sign * best.value) ? { x: index + 1, value } : best,
    null,
  );
}

/** A logarithmic axis has no place for zero and below. */
export function positiveOnly(values: readonly Value[]): Value[] {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}
