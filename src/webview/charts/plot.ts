/** One uPlot chart, made for a set of curves and refilled as the run grows. */
import uPlot from 'uplot';
import { shortTick } from '../../common/chart/ticks.ts';
import type { ChartColors } from './chartColors.ts';
import { type ChartData, type ChartView, type Curve, positiveOnly } from './series.ts';

export interface PlotOptions {
  readonly colors: ChartColors;
  readonly view: ChartView;
  readonly width: number;
  readonly height: number;
  /** Charts of one panel share cursor and zoom. */
  readonly syncKey: string;
  onZoom(range: readonly [number, number] | null): void;
  /** The point under the cursor; null: none. */
  onHover(index: number | null): void;
}

/** What must be the same for a chart to be refilled instead of made anew. */
export function plotKey(data: ChartData, view: ChartView, colors: ChartColors): string {
  return JSON.stringify([data.curves.map(({ role }) => role), view.by, view.scale, colors]);
}

export function createPlot(target: HTMLElement, data: ChartData, options: PlotOptions): uPlot {
  const { colors, view } = options;
  const axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1, size: 4 },
    font: fontOf(target),
  };
  const settings: uPlot.Options = {
    width: options.width,
    height: options.height,
    legend: { show: false },
    cursor: {
      sync: { key: options.syncKey, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
    },
    scales: { x: { time: false, range: () => rangeOf(plotState) }, y: { distr: view.scale === 'log' ? 3 : 1 } },
    axes: [
      {
        ...axis,
        size: 30,
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString('en-US') : '')),
      },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : shortTick(tick))) },
    ],
    series: [{}, ...data.curves.map((curve) => seriesOf(curve, colors))],
    hooks: {
      draw: [(plot) => drawBest(plot, plotState.best, colors)],
      setCursor: [(plot) => options.onHover(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoomTo(plot, options.onZoom)],
    },
  };
  const plotState: PlotState = { end: data.end, best: data.best, zoom: null };
  const plot = new uPlot(settings, toColumns(data, view), target);
  plot.over.addEventListener('dblclick', () => options.onZoom(null));
  states.set(plot, plotState);
  return plot;
}

interface PlotState {
  end: number;
  best: ChartData['best'];
  zoom: readonly [number, number] | null;
}

/** Belongs to each chart and dies with it. */
const states = new WeakMap<uPlot, PlotState>();

export function fillPlot(
  plot: uPlot,
  data: ChartData,
  options: { view: ChartView; zoom: readonly [number, number] | null },
): void {
  const state = states.get(plot);
  if (state !== undefined) {
    state.end = data.end;
    state.best = data.best;
    state.zoom = options.zoom;
  }
  plot.setData(toColumns(data, options.view), true);
}

function rangeOf(state: PlotState): [number, number] {
  return state.zoom === null ? [1, state.end] : [state.zoom[0], state.zoom[1]];
}

function toColumns(data: ChartData, view: ChartView): uPlot.AlignedData {
  const columns = data.curves.map(({ values }) => {
    const shown = view.scale === 'log' ? positiveOnly(values) : [...values];
    return shown.length === data.x.length
      ? shown
      : [...shown, ...Array.from({ length: data.x.length - shown.length }, () => null)];
  });
  return [[...data.x], ...columns] as uPlot.AlignedData;
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
    case 'past':
      return { label, stroke: colors.past, width: 1, alpha: 0.6, points };
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
