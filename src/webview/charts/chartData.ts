/** Turns a run into the curves of one chart: by epoch or by step, as measured or smoothed. */
import { countSteps } from '../../common/run/countSteps.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import type { StepSeries } from '../../common/run/stepSeries.ts';
import type { BestEpoch, EpochCurves } from './epochCurves.ts';
import type { PastCurve } from './pastCurves.ts';
import type { Smoother } from './smoothing.ts';

export interface ChartView {
  readonly by: 'epoch' | 'step';
  readonly scale: 'linear' | 'log';
  /** 0: as measured; towards 1: smoother. */
  readonly smoothing: number;
}

export interface Curve {
  readonly label: string;
  readonly role: 'train' | 'trainRaw' | 'validation';
  /** Place 0 is epoch 1 or step 1. */
  readonly series: StepSeries;
}

export interface ChartData {
  readonly curves: readonly Curve[];
  /** Drawn in grey behind them; by epoch only. */
  readonly past: readonly PastCurve[];
  /** Epochs or steps of the longest curve. */
  readonly length: number;
  /** Where the axis ends: laid out ahead of the run, so that nothing jumps. */
  readonly end: number;
  readonly best: BestEpoch | null;
}

export interface ChartSource {
  readonly run: RunState;
  /** Follows `run`. */
  readonly epochs: EpochCurves;
  readonly past: readonly PastCurve[];
  /** One for each curve of this chart: training and validation. */
  readonly smoothers: readonly [Smoother, Smoother];
}

export function chartData(source: ChartSource, metric: string, view: ChartView): ChartData {
  return view.by === 'epoch' ? byEpoch(source, metric, view) : byStep(source, metric, view);
}

/** The same for as long as nothing was added to the curves that could be seen. */
export function stampOf({ curves, end, best }: ChartData): string {
  return JSON.stringify([curves.map(({ role, series }) => [role, series.length, series.cuts]), end, best?.x]);
}

function byEpoch({ run, epochs, past, smoothers }: ChartSource, metric: string, view: ChartView): ChartData {
  const [train, validation] = [epochs.series(metric), epochs.series(`val_${metric}`)];
  const own = [
    ...(train === undefined ? [] : withSmoothing(train, view.smoothing, smoothers[0])),
    ...(validation === undefined
      ? []
      : [
          {
            label: 'validation',
            role: 'validation' as const,
            series: smooth(validation, view.smoothing, smoothers[1]),
          },
        ]),
  ];
  const length = Math.max(0, ...own.map(({ series }) => series.length), ...past.map(({ series }) => series.length));
  return {
    curves: own,
    past,
    length,
    end: axisEnd(length, plannedEpochs(run), LEAST_EPOCHS),
    best: epochs.best(validation === undefined ? metric : `val_${metric}`),
  };
}

function byStep({ run, smoothers }: ChartSource, metric: string, view: ChartView): ChartData {
  const all = metric === 'loss' ? run.stepLoss : run.stepMetrics[metric];
  const length = all?.length ?? 0;
  return {
    curves: all === undefined ? [] : withSmoothing(all, view.smoothing, smoothers[0]),
    past: [],
    length,
    end: axisEnd(length, plannedSteps(run), LEAST_STEPS),
    best: null,
  };
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

function withSmoothing(series: StepSeries, weight: number, smoother: Smoother): Curve[] {
  return weight === 0
    ? [{ label: 'training', role: 'train', series }]
    : [
        { label: 'training as measured', role: 'trainRaw', series },
        { label: 'training', role: 'train', series: smoother.follow(series, weight) },
      ];
}

function smooth(series: StepSeries, weight: number, smoother: Smoother): StepSeries {
  return weight === 0 ? series : smoother.follow(series, weight);
}

/** The newest value that is one; null where the last thousand are gaps. */
export function lastValue(series: StepSeries): number | null {
  for (let step = series.length - 1; step >= Math.max(0, series.length - 1000); step -= 1) {
    const value = series.at(step);
    if (value !== null) {
      return value;
    }
  }
  return null;
}
