/** One uPlot chart, made for a set of curves and refilled as the run grows. */
import uPlot from 'uplot';
import { shortTick } from '../../common/chart/ticks.ts';
import type { ChartColors } from './chartColors.ts';
import type { ChartData, ChartView, Curve } from './chartData.ts';
import type { PastCurve } from './pastCurves.ts';
import { createPastLayer, nearestPast, pastPath, pastRange } from './pastLayer.ts';
import type { ScreenPoints } from './screenPoints.ts';

export interface PlotOptions {
  readonly colors: ChartColors;
  readonly view: ChartView;
  readonly width: number;
  readonly height: number;
  /** Charts of one panel share cursor and zoom. */
  readonly syncKey: string;
  onZoom(range: readonly [number, number] | null): void;
  /** What lies under the cursor; null: nothing. */
  onHover(hover: Hover | null): void;
}

export interface Hover {
  /** Place in the points. */
  readonly index: number;
  /** The earlier run whose line the mouse is at. */
  readonly past: PastCurve | null;
}

export interface PlotContent {
  readonly data: ChartData;
  readonly points: ScreenPoints;
  readonly zoom: readonly [number, number] | null;
}

export interface Plot {
  readonly width: number;
  resize(width: number, height: number): void;
  fill(content: PlotContent): void;
  destroy(): void;
}

/** What must be the same for a chart to be refilled instead of made anew. */
export function plotKey(data: ChartData, view: ChartView, colors: ChartColors): string {
  return JSON.stringify([data.curves.map(({ role }) => role), view.by, view.scale, colors]);
}

/** CSS pixels from an earlier run's line at which it is named. */
const REACH = 8;

export function createPlot(target: HTMLElement, first: PlotContent, options: PlotOptions): Plot {
  const { colors, view } = options;
  let content = first;
  let hover: Hover | null = null;
  const layer = createPastLayer();
  const look = { color: colors.past, scale: view.scale };
  const onCursor = (plot: uPlot) => {
    const next = hoverOf(plot, content.data.past);
    if (next?.index === hover?.index && next?.past === hover?.past) {
      return;
    }
    const isOther = next?.past !== hover?.past;
    hover = next;
    options.onHover(next);
    if (isOther) {
      plot.redraw(false, false);
    }
  };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      legend: { show: false },
      padding: [null, () => labelRoom(content), null, null],
      cursor: {
        sync: { key: options.syncKey, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
      },
      scales: {
        x: { time: false, range: () => rangeOf(content) },
        y: { distr: view.scale === 'log' ? 3 : 1, range: (_, low, high) => valueRange(content, [low, high], view) },
      },
      axes: axesFor(target, colors),
      series: [{}, ...first.data.curves.map((curve) => seriesOf(curve, colors))],
      hooks: {
        drawAxes: [(chart) => layer.draw(chart, content.data.past, look)],
        draw: [
          (chart) => drawBest(chart, content.data.best, colors),
          (chart) => drawHovered(chart, hover?.past ?? null, { color: colors.text, scale: view.scale }),
        ],
        setCursor: [onCursor],
        setSelect: [(chart) => zoomTo(chart, options.onZoom)],
      },
    },
    toColumns(first.points),
    target,
  );
  plot.over.addEventListener('dblclick', () => options.onZoom(null));
  return {
    get width() {
      return plot.width;
    },
    resize: (width, height) => plot.setSize({ width, height }),
    fill(next) {
      content = next;
      plot.setData(toColumns(next.points), true);
    },
    destroy: () => plot.destroy(),
  };
}

/** Half of the last label stands beyond the axis: "1,000,000" is wide. The same however one zooms. */
function labelRoom(content: PlotContent): number {
  return Math.max(16, 3.2 * content.data.end.toLocaleString('en-US').length);
}

function rangeOf({ zoom, data }: PlotContent): [number, number] {
  return zoom === null ? [1, data.end] : [zoom[0], zoom[1]];
}

/** As uPlot does it by itself, but with the earlier runs, which are none of its series. */
function valueRange(
  content: PlotContent,
  own: readonly [number | null, number | null],
  view: ChartView,
): uPlot.Range.MinMax {
  const past = pastRange(content.data.past, rangeOf(content), view.scale);
  const ends = [...own, ...(past ?? [])].filter((end) => end !== null);
  if (ends.length === 0) {
    return [null, null];
  }
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return view.scale === 'log' ? uPlot.rangeLog(low, high, 10, false) : uPlot.rangeNum(low, high, 0.1, true);
}

/** The lists themselves: uPlot keeps them, and they are filled anew in place. */
function toColumns({ x, columns }: ScreenPoints): uPlot.AlignedData {
  return [x, ...columns] as uPlot.AlignedData;
}

function hoverOf(plot: uPlot, past: readonly PastCurve[]): Hover | null {
  const { idx, left = -1, top = -1 } = plot.cursor;
  if (idx === null || idx === undefined) {
    return null;
  }
  // A cursor that follows another chart's has a height that means nothing here.
  const isHere = past.length > 0 && plot.over.matches(':hover');
  const x = isHere ? plot.posToVal(left, 'x') : 0;
  return { index: idx, past: isHere ? nearestPast(plot, past, { x, top, reach: REACH }) : null };
}

function axesFor(target: HTMLElement, colors: ChartColors): uPlot.Axis[] {
  const axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1, size: 4 },
    font: fontOf(target),
  };
  return [
    {
      ...axis,
      size: 30,
      values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString('en-US') : '')),
    },
    { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : shortTick(tick))) },
  ];
}

function seriesOf({ role, label }: Curve, colors: ChartColors): uPlot.Series {
  // A curve of one value has no line: then its point stands for it.
  const points = { show: (plot: uPlot) => plot.data[0].length < 2, size: 6 };
  switch (role) {
    case 'train':
      return { label, stroke: colors.train, width: 2, points };
    case 'trainRaw':
      return { label, stroke: colors.train, width: 1, alpha: 0.35, points };
    case 'validation':
      return { label, stroke: colors.validation, width: 2, dash: [6, 3], points };
  }
}

/** A dot and a thin line where the metric was best. */
function drawBest(plot: uPlot, best: ChartData['best'], colors: ChartColors): void {
  if (best === null) {
    return;
  }
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(best.x, 'x', true));
  const y = Math.round(plot.valToPos(best.value, 'y', true));
  if (x < bbox.left || x > bbox.left + bbox.width || !Number.isFinite(y)) {
    return;
  }
  ctx.save();
  ctx.strokeStyle = colors.text;
  ctx.fillStyle = colors.text;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 3.5 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

/** The earlier run that the mouse is at stands out from the others. */
function drawHovered(plot: uPlot, past: PastCurve | null, look: { color: string; scale: ChartView['scale'] }): void {
  if (past === null) {
    return;
  }
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.setLineDash([]);
  ctx.strokeStyle = look.color;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.stroke(pastPath(plot, past, look.scale));
  ctx.restore();
}

function zoomTo(plot: uPlot, onZoom: PlotOptions['onZoom']): void {
  const { left, width } = plot.select;
  if (width > 3) {
    onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}

function fontOf(target: HTMLElement): string {
  const { fontFamily } = getComputedStyle(target);
  return `11px ${fontFamily}`;
}
