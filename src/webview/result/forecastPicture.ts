/** A forecast as a picture of its own: title and legend written above the chart, on the theme's paper. */
import type { ForecastCurve } from './forecastData.ts';
import { DASHES, type ForecastColors } from './forecastPlot.ts';

const HEAD_PX = 52;
const MARGIN_PX = 12;

/** @returns Base64 of a PNG, as fine as the screen shows the chart. */
export function forecastPng(
  chart: HTMLCanvasElement,
  what: { readonly title: string; readonly curves: readonly ForecastCurve[]; readonly colors: ForecastColors },
): string {
  const { title, curves, colors } = what;
  const ratio = devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * MARGIN_PX * ratio;
  canvas.height = chart.height + (HEAD_PX + MARGIN_PX) * ratio;
  const ctx = canvas.getContext('2d');
  if (ctx === null) {
    return '';
  }
  ctx.fillStyle = colors.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(chart, MARGIN_PX * ratio, HEAD_PX * ratio);
  ctx.scale(ratio, ratio);
  const { fontFamily } = getComputedStyle(document.body);
  ctx.fillStyle = colors.foreground;
  ctx.font = `600 13px ${fontFamily}`;
  ctx.fillText(title, MARGIN_PX, 20);
  ctx.font = `12px ${fontFamily}`;
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
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
