/** A chart of one metric, with its values in words above it and a table behind it; drawn while it can be seen. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RunState } from '../../common/run/reduceRun.ts';
import { useWidth } from '../useWidth.ts';
import { ChartCaption, describeChart } from './chartCaption.tsx';
import type { ChartColors } from './chartColors.ts';
import { type ChartData, type ChartView, chartData, stampOf } from './chartData.ts';
import type { EpochCurves } from './epochCurves.ts';
import type { PastCurves } from './pastCurves.ts';
import { createPlot, type Hover, type Plot, type PlotContent, type PlotOptions, plotKey } from './plot.ts';
import { emptyPoints, fillPoints } from './screenPoints.ts';
import { createSmoother } from './smoothing.ts';
import { useNear } from './useNear.ts';

export interface MetricChartProps {
  readonly metric: string;
  /** Grows in place, as its epochs do. */
  readonly run: RunState;
  readonly epochs: EpochCurves;
  readonly past: PastCurves;
  readonly view: ChartView;
  readonly colors: ChartColors;
  readonly zoom: readonly [number, number] | null;
  onZoom(range: readonly [number, number] | null): void;
}

/** Wide charts are higher too, within bounds: a curve keeps its shape. */
const heightFor = (width: number) => Math.round(Math.min(340, Math.max(170, width * 0.42)));
/** Of the caption's one line, for a chart that was never drawn. */
const CAPTION_HEIGHT = 22;

export function MetricChart(props: MetricChartProps) {
  const [section, width] = useWidth<HTMLElement>();
  const isNear = useNear(section);
  const height = useRef(0);
  useLayoutEffect(() => {
    // A chart that is scrolled away leaves a place of its own height, so that nothing moves.
    height.current = isNear ? (section.current?.offsetHeight ?? 0) : height.current;
  });
  const kept = height.current === 0 ? heightFor(width) + CAPTION_HEIGHT : height.current;
  return (
    <section
      class="chart"
      ref={section}
      aria-label={`Chart of ${props.metric}`}
      style={isNear ? undefined : { height: `${kept}px` }}
    >
      {isNear && width > 0 ? <DrawnChart {...props} width={width} /> : <h2>{props.metric}</h2>}
    </section>
  );
}

function DrawnChart(props: MetricChartProps & { width: number }) {
  const { metric, view, colors, width, onZoom } = props;
  const holder = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const { data, content, isNew } = useContent(props);
  const height = heightFor(width);
  usePlot(
    holder,
    { content, isNew, key: plotKey(data, view, colors) },
    {
      colors,
      view,
      width,
      height,
      syncKey: `skillet-${view.by}`,
      onZoom,
      onHover: setHover,
    },
  );
  const shown = hover !== null && hover.index < content.points.x.length ? hover : null;
  return (
    <>
      <ChartCaption metric={metric} data={data} points={content.points} by={view.by} hover={shown} />
      <div
        class="plot"
        ref={holder}
        style={{ height: `${height}px` }}
        role="img"
        aria-label={describeChart(metric, data, view.by)}
      />
    </>
  );
}

/** What is to be drawn, and whether it differs from what was drawn before; the points are filled in place. */
function useContent(props: MetricChartProps & { width: number }) {
  const { metric, run, epochs, past, view, zoom, width } = props;
  const [points] = useState(emptyPoints);
  const [smoothers] = useState(() => [createSmoother(), createSmoother()] as const);
  const drawn = useRef<readonly unknown[]>([]);
  const data: ChartData = chartData({ run, epochs, past: past.of(metric), smoothers }, metric, view);
  const wanted = [run, stampOf(data), data.past, view, zoom, width];
  const isNew = wanted.some((part, index) => part !== drawn.current[index]);
  if (isNew) {
    drawn.current = wanted;
    const all = [...data.curves.map(({ series }) => series), ...(data.length > 0 ? reachOf(data) : [])];
    fillPoints(points, all, { zoom, width, scale: view.scale });
    points.columns.length = data.curves.length;
  }
  const content: PlotContent = { data, points, zoom };
  return { data, content, isNew };
}

/** The longest earlier run, so that the cursor finds places beyond the run's own epochs. */
function reachOf({ past, length }: ChartData) {
  const longest = past.find(({ series }) => series.length === length);
  return longest === undefined ? [] : [longest.series];
}

/** Makes the plot, and fills it again in the frame in which there is something new. */
function usePlot(
  holder: { readonly current: HTMLDivElement | null },
  wanted: { readonly content: PlotContent; readonly isNew: boolean; readonly key: string },
  options: PlotOptions,
): void {
  const made = useRef<{ plot: Plot; key: string } | null>(null);
  useLayoutEffect(() => {
    const target = holder.current;
    if (target === null) {
      return;
    }
    if (made.current?.key !== wanted.key) {
      made.current?.plot.destroy();
      made.current = { plot: createPlot(target, wanted.content, options), key: wanted.key };
    } else if (made.current.plot.width !== options.width) {
      made.current.plot.resize(options.width, options.height);
    }
    if (wanted.isNew) {
      made.current.plot.fill(wanted.content);
    }
  });
  useEffect(() => () => made.current?.plot.destroy(), []);
}
