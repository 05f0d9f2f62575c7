/** The uPlot chart of one forecast: its curves over the ranges of the series. */
import uPlot from 'uplot';
import { shortTick } from '../../common/chart/ticks.ts';
import { type ChartColors, readChartColors } from '../charts/chartColors.ts';
import type { CurveRole, Drawn, ForecastCurve, Range, Span } from './forecastData.ts';

export interface ForecastColors extends Pick<ChartColors, 'text' | 'grid'> {
  readonly curves: Readonly<Record<CurveRole, string>>;
  /** Behind every second range; clear in high contrast, where only the borders tell. */
  readonly band: string;
  readonly paper: string;
  readonly foreground: string;
}

export function readForecastColors(): ForecastColors {
  const { train, validation, text, grid } = readChartColors();
  const style = getComputedStyle(document.body);
  const foreground = style.getPropertyValue('--vscode-foreground').trim() || 'gray';
  const isHighContrast = document.body.className.includes('high-contrast');
  return {
    text,
    grid,
    foreground,
    paper: style.backgroundColor,
    band: isHighContrast ? 'transparent' : `color-mix(in srgb, ${foreground} 6%, transparent)`,
    curves: {
      actual: foreground,
      fitted: train,
      predicted: validation,
      continued: style.getPropertyValue('--vscode-charts-green').trim() || text,
    },
  };
}

/** Dashes in pixels, so that the curves are told apart without their colours. */
export const DASHES: Readonly<Record<CurveRole, number[]>> = {
  actual: [],
  fitted: [2, 2],
  predicted: [],
  continued: [7, 4],
};

const WIDTHS: Readonly<Record<CurveRole, number>> = { actual: 1.25, fitted: 1.5, predicted: 2.25, continued: 2 };
const RANGE_FONT_PX = 11;

export interface ForecastPlotOptions {
  readonly colors: ForecastColors;
  readonly curves: readonly ForecastCurve[];
  readonly ranges: readonly Range[];
  readonly stepNames: readonly string[];
  readonly width: number;
  readonly height: number;
  onZoom(span: Span | null): void;
  /** The step under the cursor; null: none. */
  onHover(place: number | null): void;
}

export interface ForecastPlot {
  readonly canvas: HTMLCanvasElement;
  show(drawn: Drawn, zoom: Span): void;
  resize(size: { readonly width: number; readonly height: number }): void;
  destroy(): void;
}

export function createForecastPlot(target: HTMLElement, options: ForecastPlotOptions): ForecastPlot {
  const { colors, curves, ranges } = options;
  let shown: Span = [0, 1];
  const { fontFamily } = getComputedStyle(target);
  const axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1, size: 4 },
    font: `${RANGE_FONT_PX}px ${fontFamily}`,
  };
  const settings: uPlot.Options = {
    width: options.width,
    height: options.height,
    // The names of the ranges stand above the curves.
    padding: [20, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { time: false, range: () => [shown[0], Math.max(shown[1], shown[0] + 1)] } },
    axes: [stepAxis(axis, options.stepNames), { ...axis, size: 58, values: (_, ticks) => ticks.map(shortTick) }],
    series: [{}, ...curves.map(({ role, label }) => seriesOf(role, label, colors))],
    hooks: {
      drawClear: [(plot) => drawRanges(plot, ranges, { colors, fontFamily })],
      setCursor: [(plot) => options.onHover(plot.data[0][plot.cursor.idx ?? -1] ?? null)],
      setSelect: [(plot) => zoomTo(plot, options.onZoom)],
    },
  };
  const empty = [[], ...curves.map(() => [])] as unknown as uPlot.AlignedData;
  const plot = new uPlot(settings, empty, target);
  plot.over.addEventListener('dblclick', () => options.onZoom(null));
  return {
    canvas: plot.ctx.canvas,
    show(drawn, zoom) {
      shown = zoom;
      plot.setData([[...drawn.places], ...drawn.values.map((values) => [...values])] as uPlot.AlignedData, true);
    },
    resize: (size) => plot.setSize(size),
    destroy: () => plot.destroy(),
  };
}

function seriesOf(role: CurveRole, label: string, colors: ForecastColors): uPlot.Series {
  return {
    label,
    stroke: colors.curves[role],
    width: WIDTHS[role],
    dash: DASHES[role],
    // A point for a value between two gaps, which a line does not show.
    points: { show: (plot: uPlot) => plot.data[0].length < 60, size: 4, fill: colors.curves[role] },
  };
}

/** Names of time steps are as long as they are: so many stand there as have room, none of them cut. */
function stepAxis(axis: uPlot.Axis, stepNames: readonly string[]): uPlot.Axis {
  const shown = stepNames.every((name) => MIDNIGHT.test(name))
    ? stepNames.map((name) => name.replace(MIDNIGHT, ''))
    : stepNames;
  const longest = shown.reduce((most, { length }) => Math.max(most, length), 1);
  const widthOf = (name: string) => name.length * LETTER_PX;
  return {
    ...axis,
    size: 30,
    space: 24 + Math.min(longest, MOST_LETTERS) * LETTER_PX,
    incrs: STEP_INCREMENTS,
    values: (plot, ticks) =>
      ticks.map((tick) => {
        const name = shortName(shown[tick] ?? '');
        const end = plot.valToPos(tick, 'x') + widthOf(name) / 2;
        return end > plot.bbox.width / devicePixelRatio + RIGHT_PX ? '' : name;
      }),
  };
}

const RIGHT_PX = 12;
/** About the width of a letter of the axis. */
const LETTER_PX = 6.5;
/** Half of so many fit beside the left axis. */
const MOST_LETTERS = 17;
/** Days are told by their date alone. */
const MIDNIGHT = /T00:00(:00(\.0+)?)?Z?$/;
const STEP_INCREMENTS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((size) => [size, 2 * size, 5 * size]);

function shortName(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}

/** Bands, borders and names of the ranges, below the curves. */
function drawRanges(
  plot: uPlot,
  ranges: readonly Range[],
  { colors, fontFamily }: { readonly colors: ForecastColors; readonly fontFamily: string },
): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const left = (place: number) => Math.round(plot.valToPos(place, 'x', true));
  ctx.save();
  ctx.font = `${RANGE_FONT_PX * ratio}px ${fontFamily}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left'; // The axes leave theirs behind.
  ranges.forEach(({ name, from, to }, index) => {
    const x = Math.max(bbox.left, left(from - 0.5));
    const end = Math.min(bbox.left + bbox.width, left(to + 0.5));
    if (end <= x) {
      return;
    }
    if (index % 2 === 1) {
      ctx.fillStyle = colors.band;
      ctx.fillRect(x, bbox.top, end - x, bbox.height);
    }
    if (x > bbox.left) {
      ctx.strokeStyle = colors.text;
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - 18 * ratio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.fillStyle = colors.text;
    if (ctx.measureText(name).width + 8 * ratio < end - x) {
      ctx.fillText(name, x + 4 * ratio, bbox.top - 10 * ratio);
    }
  });
  ctx.restore();
}

function zoomTo(plot: uPlot, onZoom: ForecastPlotOptions['onZoom']): void {
  const { left, width } = plot.select;
  if (width > 3) {
    const ends = [left, left + width].map((at) => Math.round(plot.posToVal(at, 'x')));
    onZoom([ends[0] ?? 0, ends[1] ?? 0]);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}
