/** One uPlot chart with a curve or two of each run. */
import uPlot from 'uplot';
import { type AxisScale, shortTick } from '../../common/chart/ticks.ts';
import type { Columns, DrawnCurve } from './drawnCurves.ts';
import { isOutline, markerPath, type PageColors, type RunLook } from './looks.ts';

export interface PlotCurve extends Pick<DrawnCurve, 'rows' | 'isBeside'> {
  readonly runFolder: string;
  readonly look: RunLook;
}

export interface RunPlotOptions {
  readonly colors: PageColors;
  readonly scale: AxisScale;
  readonly width: number;
  readonly height: number;
  onZoom(range: readonly [number, number] | null): void;
  /** The epoch under the cursor and the run next to it; null: none. */
  onHover(epoch: number | null, runFolder: string | null): void;
}

export interface RunPlot {
  readonly canvas: HTMLCanvasElement;
  fill(columns: Columns, range: readonly [number, number]): void;
  /** Draws this run in front and all others faintly; null: all alike. */
  highlight(runFolder: string | null): void;
  resize(width: number, height: number): void;
  destroy(): void;
}

/** Charts of one page share cursor and zoom. */
const SYNC_KEY = 'skillet-compare';
/** A curve further from the cursor than this is not meant. */
const NEAR_PX = 28;
const FAINT = 0.14;

export function createRunPlot(target: HTMLElement, curves: readonly PlotCurve[], options: RunPlotOptions): RunPlot {
  const { colors, scale } = options;
  const state = { highlighted: null as string | null, range: [1, 2] as readonly [number, number], isOver: false };
  const strokeOf = ({ runFolder, look }: PlotCurve) =>
    state.highlighted === runFolder && look.marker === null ? colors.foreground : look.color;
  const axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid, width: 1, size: 4 },
    font: `11px ${getComputedStyle(target).fontFamily}`,
  };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      legend: { show: false },
      cursor: {
        sync: { key: SYNC_KEY, setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
      },
      scales: { x: { time: false, range: () => [...state.range] }, y: { distr: scale === 'log' ? 3 : 1 } },
      axes: [
        {
          ...axis,
          size: 30,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString('en-US') : '')),
        },
        { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : shortTick(tick))) },
      ],
      series: [{}, ...curves.map((curve) => seriesOf(curve, () => strokeOf(curve)))],
      hooks: {
        draw: [(drawn) => drawMarkers(drawn, curves, state.highlighted, strokeOf)],
        setCursor: [
          (drawn) => {
            if (state.isOver) {
              options.onHover(drawn.data[0][drawn.cursor.idx ?? -1] ?? null, nearest(drawn, curves));
            }
          },
        ],
        setSelect: [(drawn) => zoomTo(drawn, options.onZoom)],
      },
    },
    [[], ...curves.map(() => [])],
    target,
  );
  plot.over.addEventListener('dblclick', () => options.onZoom(null));
  plot.over.addEventListener('mouseenter', () => {
    state.isOver = true;
  });
  plot.over.addEventListener('mouseleave', () => {
    state.isOver = false;
    options.onHover(null, null);
  });
  return {
    canvas: plot.ctx.canvas,
    fill({ x, columns }, range) {
      state.range = range;
      plot.setData([[...x], ...columns.map((column) => [...column])] as uPlot.AlignedData, true);
    },
    highlight(runFolder) {
      if (runFolder === state.highlighted) {
        return;
      }
      state.highlighted = runFolder;
      curves.forEach((curve, index) => {
        const series = plot.series[index + 1];
        if (series !== undefined) {
          series.alpha = runFolder === null || runFolder === curve.runFolder ? alphaOf(curve) : FAINT;
        }
      });
      // The paths stay as they are.
      plot.redraw(false);
    },
    resize: (width, height) => plot.setSize({ width, height }),
    destroy: () => plot.destroy(),
  };
}

/** Of a run's two curves the training is the quieter, for it says less. */
function alphaOf({ rows, isBeside, look }: PlotCurve): number {
  return look.marker === null ? 0.6 : rows === 'training' && isBeside ? 0.75 : 1;
}

/** Validation is dashed where training is drawn too, as in the panel. */
function seriesOf(curve: PlotCurve, stroke: () => string): uPlot.Series {
  const { rows, isBeside, look } = curve;
  return {
    stroke,
    width: look.marker === null ? 1 : isBeside && rows === 'training' ? 1.4 : 2,
    alpha: alphaOf(curve),
    ...(isBeside && rows === 'validation' ? { dash: [6, 3] } : {}),
    spanGaps: false,
    // A curve of one value has no line: then its point stands for it.
    points: { show: (plot, index) => (plot.data[index] ?? []).filter((value) => value != null).length === 1, size: 6 },
  };
}

/** About this far apart along a curve. */
const MARKER_PX = 88;

function drawMarkers(
  plot: uPlot,
  curves: readonly PlotCurve[],
  highlighted: string | null,
  strokeOf: (curve: PlotCurve) => string,
): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  curves.forEach((curve, index) => {
    const { marker } = curve.look;
    if (marker === null || (highlighted !== null && highlighted !== curve.runFolder)) {
      return;
    }
    const path = new Path2D(markersPath(plot, index + 1, (shape) => markerPath(marker, shape, 3.4 * ratio)));
    ctx.globalAlpha = alphaOf(curve);
    ctx.lineWidth = 1.8 * ratio;
    ctx.strokeStyle = strokeOf(curve);
    ctx.fillStyle = strokeOf(curve);
    ctx.setLineDash([]);
    ctx.stroke(path);
    if (!isOutline(marker)) {
      ctx.fill(path);
    }
  });
  ctx.restore();
}

/** Each curve has its markers at other places, so that they do not lie on one another. */
function markersPath(plot: uPlot, series: number, draw: (point: [number, number]) => string): string {
  const [xs = [], ys = []] = [plot.data[0], plot.data[series]];
  const [min = 0, max = 1] = [plot.scales.x?.min, plot.scales.x?.max];
  const perMarker = Math.max(1, Math.round(((max - min) * MARKER_PX) / Math.max(1, plot.over.clientWidth)));
  const first = Math.round(perMarker * ((series * 0.382) % 1));
  const parts: string[] = [];
  for (let index = 0; index < xs.length; index += 1) {
    const [x, y] = [xs[index] ?? 0, ys[index] ?? null];
    const place = Math.round(x - (xs[0] ?? 0));
    const step = Math.max(1, Math.round((xs[1] ?? 1) - (xs[0] ?? 0)));
    if (y !== null && Math.floor((place - first) / perMarker) !== Math.floor((place - step - first) / perMarker)) {
      parts.push(draw([Math.round(plot.valToPos(x, 'x', true)), Math.round(plot.valToPos(y, 'y', true))]));
    }
  }
  return parts.join('');
}

/** The run whose curve lies next to the cursor, up or down. */
function nearest(plot: uPlot, curves: readonly PlotCurve[]): string | null {
  const { idx, top } = plot.cursor;
  if (idx === null || idx === undefined || top === undefined || top < 0) {
    return null;
  }
  return curves.reduce<{ away: number; runFolder: string | null }>(
    (best, { runFolder }, index) => {
      const value = plot.data[index + 1]?.[idx] ?? null;
      const away = value === null ? Number.POSITIVE_INFINITY : Math.abs(plot.valToPos(value, 'y') - top);
      return away < best.away ? { away, runFolder } : best;
    },
    { away: NEAR_PX, runFolder: null },
  ).runFolder;
}

function zoomTo(plot: uPlot, onZoom: RunPlotOptions['onZoom']): void {
  const { left, width } = plot.select;
  if (width > 3) {
    onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}
