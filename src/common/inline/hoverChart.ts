/** The larger chart of one measure, with axes and the best epoch marked. */
import { lineChart } from '../chart/lineChart.ts';
import { formatNumber } from '../format.ts';
import type { Ink } from './inks.ts';
import { bestShownEpoch, type ShownRun, valuesOf } from './shownRun.ts';
import { isLogarithmic } from './sparkline.ts';

export interface HoverChart {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 420;
/** With its legend, the title and a verdict it fits into a hover, which is 250 pixels high. */
const HEIGHT = 145;

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
  const best = bestShownEpoch(run, metric);
  // In words it stands below the chart, where no curve runs through it.
  const bestText = best === null ? '' : `, best ${formatNumber(best.value)} at epoch ${best.epoch}`;
  const hasValidation = validation.length > 0;
  const svg = lineChart({
    width: WIDTH,
    height: HEIGHT,
    xLabel: 'epoch',
    yLabel: metric,
    scale: isLogarithmic(least, most) ? 'log' : 'linear',
    lines: [
      { label: `training${hasValidation ? '' : bestText}, last`, values: train, firstX, color: ink.train },
      ...(hasValidation
        ? [{ label: `validation${bestText}, last`, values: validation, firstX, color: ink.validation, isDashed: true }]
        : []),
    ],
    ...(best === null ? {} : { mark: { x: best.epoch, y: best.value, text: '' } }),
    colors: { text: ink.text, grid: ink.grid, background: null },
    hasLegend: true,
  });
  const [, height] = /height="(\d+)"/.exec(svg) ?? [];
  return { svg, width: WIDTH, height: Number(height ?? HEIGHT) };
}
