/** A forecast as a picture of its own, with its curves in the legend. */
import { chartPicture } from '../charts/chartPicture.ts';
import type { ForecastCurve } from './forecastData.ts';
import { DASHES, type ForecastColors } from './forecastPlot.ts';

const HEAD_PX = 52;
const MARGIN_PX = 12;

/** @returns Base64 of a PNG. */
export function forecastPng(
  chart: HTMLCanvasElement,
  what: { readonly title: string; readonly curves: readonly ForecastCurve[]; readonly colors: ForecastColors },
): string {
  const { title, curves, colors } = what;
  return chartPicture(chart, {
    title,
    colors,
    headPx: HEAD_PX,
    marginPx: MARGIN_PX,
    drawLegend(ctx) {
      let x = MARGIN_PX;
      for (const { role, label } of curves) {
        ctx.strokeStyle = colors.curves[role];
        ctx.lineWidth = 2;
        ctx.setLineDash(DASHES[role]);
        ctx.beginPath();
        ctx.moveTo(x, 37);
        ctx.lineTo(x + 20, 37);
        ctx.stroke();
        ctx.fillText(label, x + 26, 41);
        x += 26 + ctx.measureText(label).width + 18;
      }
    },
  });
}
