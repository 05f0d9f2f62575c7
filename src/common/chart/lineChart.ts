/** Draws curves as SVG text: for hovers, reports and exports, wherever there is no canvas. */
import { formatNumber } from '../format.ts';
import { thinCurve } from './thinCurve.ts';
import { type AxisScale, roundTicks, shortTick } from './ticks.ts';

export interface ChartLine {
  readonly label: string;
  /** Value at `firstX`, `firstX` + 1, …; gaps are null. */
  readonly values: readonly (number | null)[];
  /** Usually epoch 1; a fork begins later. */
  readonly firstX: number;
  /** Any SVG colour. */
  readonly color: string;
  readonly isDashed?: boolean;
  /** Dash and gap in pixels, in place of `isDashed`, where several lines are to be told apart without colour. */
  readonly dash?: readonly number[];
}

export interface LineChart {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly scale: AxisScale;
  readonly lines: readonly ChartLine[];
  /** A point to point out, for example the best epoch. */
  readonly mark?: { readonly x: number; readonly y: number; readonly text: string };
  readonly colors: ChartInk;
  /** Lines are named below the chart. */
  readonly hasLegend?: boolean;
}

export interface ChartInk {
  readonly text: string;
  readonly grid: string;
  /** Null: none, so that what is behind shows. */
  readonly background: string | null;
}

const MARGIN = { top: 10, right: 14, bottom: 34, left: 56 };
const FONT_PX = 11;
const LEGEND_ROW_PX = 16;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  toX(x: number): number;
  /** Null where a logarithmic axis has no place. */
  toY(y: number): number | null;
}

/** A whole SVG document; labels are escaped. A chart without a single number has axes and no lines. */
export function lineChart(chart: LineChart): string {
  const frame = frameOf(chart);
  const { width, height, colors } = chart;
  const legend = chart.hasLegend === true ? drawLegend(chart, frame) : { svg: '', height: 0 };
  const whole = height + legend.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="system-ui, sans-serif" font-size="${FONT_PX}">`,
    colors.background === null
      ? ''
      : `<rect width="${width}" height="${whole}" fill="${escapeXml(colors.background)}"/>`,
    drawAxes(chart, frame),
    ...chart.lines.map((line) => drawLine(line, frame)),
    drawMark(chart, frame),
    legend.svg,
    '</svg>',
  ].join('');
}

function frameOf({ width, height, lines, scale }: LineChart): Frame {
  const numbers = lines
    .flatMap(({ values }) => values)
    .filter((value): value is number => value !== null && (scale === 'linear' || value > 0));
  const lowest = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [low, high] = spread(lowest, highest, scale);
  const firstX = lines.reduce((least, line) => Math.min(least, line.firstX), Number.POSITIVE_INFINITY);
  const lastX = lines.reduce((most, line) => Math.max(most, line.firstX + line.values.length - 1), 1);
  const x: [number, number] = [Number.isFinite(firstX) ? firstX : 1, lastX];
  const place = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const onScale = (value: number) => (scale === 'log' ? Math.log10(value) : value);
  return {
    ...place,
    x,
    y: [low, high],
    toX: (value) => place.left + ((value - x[0]) / Math.max(1, x[1] - x[0])) * (place.right - place.left),
    toY: (value) =>
      scale === 'log' && value <= 0
        ? null
        : place.bottom -
          ((onScale(value) - onScale(low)) / (onScale(high) - onScale(low))) * (place.bottom - place.top),
  };
}

/** A flat curve still needs an axis with a height. */
function spread(low: number, high: number, scale: AxisScale): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return scale === 'log' ? [0.1, 1] : [0, 1];
  }
  if (scale === 'log') {
    return low === high ? [low / 2, high * 2] : [low, high];
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.04;
  return [low - room, high + room];
}

function drawAxes({ xLabel, yLabel, scale, colors }: LineChart, frame: Frame): string {
  const { left, right, top, bottom } = frame;
  const grid = escapeXml(colors.grid);
  const text = escapeXml(colors.text);
  const acrossY = roundTicks(...frame.y, scale).flatMap((tick) => {
    const y = frame.toY(tick);
    return y === null
      ? []
      : [
          `<path d="M${left} ${round(y)}H${right}" stroke="${grid}"/>`,
          `<text x="${left - 6}" y="${round(y + FONT_PX / 3)}" text-anchor="end" fill="${text}">${shortTick(tick)}</text>`,
        ];
  });
  const acrossX = roundTicks(...frame.x, 'linear', 6)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        `<text x="${round(frame.toX(tick))}" y="${bottom + 14}" text-anchor="middle" fill="${text}">${shortTick(tick)}</text>`,
    );
  return [
    ...acrossY,
    ...acrossX,
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="${text}" stroke-opacity="0.5"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 29}" text-anchor="middle" fill="${text}">${escapeXml(xLabel)}</text>`,
    `<text transform="translate(11 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${text}">${escapeXml(yLabel)}</text>`,
  ].join('');
}

function drawLine(line: ChartLine, frame: Frame): string {
  const { values, firstX, color, label } = line;
  const ink = escapeXml(color);
  // Two points a pixel: more could not be seen, and a hover must stay small.
  const points = thinCurve(values, 2 * (frame.right - frame.left)).map(({ at, value }) => {
    const y = value === null ? null : frame.toY(value);
    return y === null ? null : `${round(frame.toX(firstX + at))} ${round(y)}`;
  });
  const path = points
    .map((point, index) => (point === null ? '' : `${(points[index - 1] ?? null) === null ? 'M' : 'L'}${point}`))
    .join('');
  // A lone point between gaps is no line; it is drawn as a dot.
  const dots = points.flatMap((point, index) =>
    point !== null && (points[index - 1] ?? null) === null && (points[index + 1] ?? null) === null ? [point] : [],
  );
  return [
    `<path d="${path}" fill="none" stroke="${ink}" stroke-width="1.6" stroke-linejoin="round"${dashOf(line)}><title>${escapeXml(label)}</title></path>`,
    ...dots.map((dot) => `<circle cx="${dot.split(' ')[0]}" cy="${dot.split(' ')[1]}" r="2" fill="${ink}"/>`),
  ].join('');
}

function dashOf({ isDashed, dash = isDashed === true ? [5, 3] : [] }: ChartLine): string {
  return dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
}

function drawMark({ mark, colors }: LineChart, frame: Frame): string {
  const y = mark === undefined ? null : frame.toY(mark.y);
  if (mark === undefined || y === null) {
    return '';
  }
  const x = frame.toX(mark.x);
  const isRight = x > (frame.left + frame.right) / 2;
  const text = escapeXml(colors.text);
  return (
    `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="none" stroke="${text}" stroke-width="1.5"/>` +
    `<text x="${round(x + (isRight ? -8 : 8))}" y="${round(Math.max(frame.top + FONT_PX, y - 7))}" text-anchor="${isRight ? 'end' : 'start'}" fill="${text}">${escapeXml(mark.text)}</text>`
  );
}

function drawLegend({ lines, colors, height }: LineChart, { left }: Frame): { svg: string; height: number } {
  const rows = lines.map((line, index) => {
    const y = height + LEGEND_ROW_PX * index + 4;
    const last = formatNumber(line.values.findLast((value) => value !== null));
    return (
      `<path d="M${left} ${y}h18" stroke="${escapeXml(line.color)}" stroke-width="2"${dashOf(line)}/>` +
      `<text x="${left + 24}" y="${y + FONT_PX / 3}" fill="${escapeXml(colors.text)}">${escapeXml(line.label)} ${last}</text>`
    );
  });
  return { svg: rows.join(''), height: LEGEND_ROW_PX * lines.length + 4 };
}

const round = (value: number) => Math.round(value * 100) / 100;

export function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (letter) => names[letter] ?? letter);
}
