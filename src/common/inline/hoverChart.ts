/** The larger chart of one measure, with axes and the best epoch marked. */
import { lineChart } from '../chart/lineChart.ts';
import { formatNumber } from '../format.ts';
import type { Ink } from './inks.ts';
import { bestEpoch, type ShownRun, valuesOf } from './shownRun.ts';
import { isLogarithmic } from './sparkline.ts';

export interface HoverChart {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** `best val_loss 2.478 at epoch 220`, which the chart marks by a ring; empty where no epoch is best. */
  readonly best: string;
}

const WIDTH = 420;
const HEIGHT = 190;

/** @returns Null where nothing was measured that could be drawn. */
export function hoverChart(run: ShownRun, metric: string, ink: Ink): HoverChart | null {
  const train = valuesOf(run.epochs, metric);
  const validation = valuesOf(run.epochs, `val_${metric}`);
  const numbers = [...train, ...validation].filter((value) => value !== null);
  if (numbers.length === 0) {
    return null;
  }
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  const firstX = run.epochs[0]?.epoch ?? 1;
  const best = bestEpoch(run, metric);
  const svg = lineChart({
    width: WIDTH,
    height: HEIGHT,
    xLabel: 'epoch',
    yLabel: metric,
    scale: isLogarithmic(least, most) ? 'log' : 'linear',
    lines: [
      { label: 'training', values: train, firstX, color: ink.train },
      ...(validation.length === 0
        ? []
        : [{ label: 'validation', values: validation, firstX, color: ink.validation, isDashed: true }]),
    ],
    // In words it stands below the chart, where no curve runs through it.
    ...(best === null ? {} : { mark: { x: best.epoch, y: best.value, text: '' } }),
    colors: { text: ink.text, grid: ink.grid, background: null },
    hasLegend: true,
  });
  const [, height] = /height="(\d+)"/.exec(svg) ?? [];
  const name = validation.length > 0 ? `val_${metric}` : metric;
  return {
    svg,
    width: WIDTH,
    height: Number(height ?? HEIGHT),
    best: best === null ? '' : `best ${name} ${formatNumber(best.value)} at epoch ${best.epoch}`,
  };
}
