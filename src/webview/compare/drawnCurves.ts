/** Curves of several runs on one axis of epochs: smoothed, and thinned to what the screen can show. */
import type { AxisScale } from '../../common/chart/ticks.ts';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { hasValidation, type RunCurve, runCurve } from '../../common/compare/runCurve.ts';
import { smoothValues } from '../charts/smoothing.ts';
import type { ShownRows } from './compareView.ts';

type Value = number | null;

export interface DrawnCurve {
  readonly run: ComparedRun;
  readonly rows: 'training' | 'validation';
  /** Whether the run has a curve of the other rows in the same chart. */
  readonly isBeside: boolean;
  readonly curve: RunCurve;
}

/** Of runs without validation rows their training is drawn, whatever was asked for. */
export function drawnCurves(runs: readonly ComparedRun[], metric: string, shown: ShownRows): DrawnCurve[] {
  return runs.flatMap((run) => {
    const training = runCurve(run, metric);
    const validation = runCurve(run, `val_${metric}`);
    const wantsTraining = shown !== 'validation' || validation === null;
    const wantsValidation = shown !== 'training';
    const isBeside = wantsTraining && wantsValidation && training !== null && validation !== null;
    return [
      ...(training === null || !wantsTraining ? [] : [{ run, rows: 'training' as const, isBeside, curve: training }]),
      ...(validation === null || !wantsValidation
        ? []
        : [{ run, rows: 'validation' as const, isBeside, curve: validation }]),
    ];
  });
}

/** What to call the chart's values where one kind of rows is shown alone. */
export function shownName(runs: readonly ComparedRun[], metric: string, shown: ShownRows): string {
  return shown === 'validation' && hasValidation(runs, metric) ? `val_${metric}` : metric;
}

/** A logarithmic axis has no place for zero and below. */
function positiveOnly(values: readonly Value[]): Value[] {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

export interface Columns {
  readonly x: readonly number[];
  readonly columns: readonly (readonly Value[])[];
}

export interface ColumnOptions {
  readonly smoothing: number;
  readonly scale: AxisScale;
  /** About how many epochs fit side by side. */
  readonly points: number;
  readonly zoom: readonly [number, number] | null;
}

/** All curves over the same epochs, as a chart wants them. */
export function toColumns(curves: readonly DrawnCurve[], options: ColumnOptions): Columns {
  const [first, last] = extentOf(curves);
  const from = options.zoom === null ? first : Math.max(first, Math.floor(options.zoom[0]) - 1);
  const to = options.zoom === null ? last : Math.min(last, Math.ceil(options.zoom[1]) + 1);
  const stride = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, options.points)));
  const x: number[] = [];
  for (let epoch = from; epoch <= to; epoch += stride) {
    x.push(epoch);
  }
  const columns = curves.map(({ curve }) => {
    const smoothed = smoothValues(curve.values, options.smoothing);
    const values = options.scale === 'log' ? positiveOnly(smoothed) : smoothed;
    return x.map((epoch, index) => peakOf(values, epoch - curve.firstX, stride, index));
  });
  return { x, columns };
}

/** First and last epoch over all curves; 1 and 1 where there are none. */
export function extentOf(curves: readonly DrawnCurve[]): [number, number] {
  const first = curves.reduce((least, { curve }) => Math.min(least, curve.firstX), Number.POSITIVE_INFINITY);
  const last = curves.reduce((most, { curve }) => Math.max(most, curve.firstX + curve.values.length - 1), 1);
  return [Number.isFinite(first) ? first : 1, last];
}

/**
 * One value for `stride` epochs: the highest of every even bucket and the lowest of every odd one, so that no peak is lost
 * and every curve keeps its bounds.
 */
function peakOf(values: readonly Value[], first: number, stride: number, bucket: number): Value {
  if (stride === 1) {
    return values[first] ?? null;
  }
  const wantsHigh = bucket % 2 === 0;
  let found: Value = null;
  for (let index = Math.max(0, first); index < first + stride; index += 1) {
    const value = values[index] ?? null;
    if (value !== null && (found === null || (wantsHigh ? value > found : value < found))) {
      found = value;
    }
  }
  return found;
}
