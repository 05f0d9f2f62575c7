/** The curves of one metric over several runs, as SVG text. */
import { type ChartInk, type ChartLine, lineChart } from '../chart/lineChart.ts';
import type { AxisScale } from '../chart/ticks.ts';
import type { ComparedRun } from '../compare/comparedRun.ts';
import { runLabels } from '../compare/compareText.ts';
import { hasValidation, runCurve } from '../compare/runCurve.ts';
import { LOOKS, RUN_COLORS, RUN_DASHES } from '../compare/runLooks.ts';

export interface ComparisonChart {
  /** Without `val_`. */
  readonly metric: string;
  /** `fitting`: logarithmic where most of the curve would otherwise lie flat on the floor. */
  readonly scale: AxisScale | 'fitting';
  readonly width: number;
  readonly height: number;
  readonly ink: ChartInk;
  /** Colours of runs, by look; more runs than there are begin again. */
  readonly runColors: readonly string[];
  readonly hasLegend: boolean;
}

/** Black on white, as paper wants it. */
export const PRINT = {
  ink: { text: '#1f1f1f', grid: '#dddddd', background: '#ffffff' },
  runColors: RUN_COLORS.light,
} as const;

/** With validation rows their curve alone is drawn of each of several runs; one run has both. */
export function comparisonChart(runs: readonly ComparedRun[], chart: ComparisonChart): string {
  const { metric, ink, runColors, ...rest } = chart;
  const isValidated = hasValidation(runs, metric);
  const [only] = runs;
  const lines =
    runs.length === 1 && only !== undefined
      ? linesOfOne(only, metric, runColors)
      : linesOfMany(runs, isValidated ? `val_${metric}` : metric, runColors);
  const name = runs.length > 1 && isValidated ? `val_${metric}` : metric;
  const scale = rest.scale === 'fitting' ? fittingScale(lines) : rest.scale;
  const yLabel = scale === 'log' ? `${name} (log scale)` : name;
  return lineChart({ ...rest, scale, xLabel: 'epoch', yLabel, lines, colors: ink });
}

/** A peak so many times higher than the middle value leaves the rest no height. */
const STEEP = 8;

function fittingScale(lines: readonly ChartLine[]): AxisScale {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null)).sort((a, b) => a - b);
  const [least = 0] = values;
  const middle = values[Math.floor(values.length / 2)] ?? 0;
  return least > 0 && (values.at(-1) ?? 0) > STEEP * middle ? 'log' : 'linear';
}

function linesOfOne(run: ComparedRun, metric: string, colors: readonly string[]): ChartLine[] {
  const kinds = [
    { name: metric, label: 'training', color: colors[0] ?? 'black' },
    { name: `val_${metric}`, label: 'validation', color: colors[1] ?? 'black', isDashed: true },
  ];
  return kinds.flatMap(({ name, ...look }) => {
    const curve = runCurve(run, name);
    return curve === null ? [] : [{ ...look, ...curve }];
  });
}

function linesOfMany(runs: readonly ComparedRun[], name: string, colors: readonly string[]): ChartLine[] {
  const labels = runLabels(runs);
  return runs.flatMap((run, index) => {
    // A run without validation rows is drawn by its training rows, and says so.
    const own = runCurve(run, name);
    const curve = own ?? runCurve(run, name.replace(/^val_/, ''));
    const label = `${labels[index] ?? ''}${own === null ? ' (training)' : ''}`;
    return curve === null ? [] : [{ ...curve, label, color: colors[index % LOOKS] ?? 'black', dash: dashOf(index) }];
  });
}

/** Runs of one colour have another dash. */
export function dashOf(index: number): readonly number[] {
  return RUN_DASHES[(index + Math.floor(index / LOOKS)) % RUN_DASHES.length] ?? [];
}
