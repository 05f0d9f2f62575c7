/** A chart of one metric, with its values in words above it and a table behind it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { formatNumber } from '../../common/format.ts';
import type { PastRun } from '../../common/panelMessages.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import type { ChartColors } from './chartColors.ts';
import { createPlot, fillPlot, plotKey } from './plot.ts';
import { type ChartData, type ChartView, chartData } from './series.ts';

export interface MetricChartProps {
  readonly metric: string;
  readonly run: RunState;
  readonly pastRuns: readonly PastRun[];
  readonly view: ChartView;
  readonly colors: ChartColors;
  readonly zoom: readonly [number, number] | null;
  /** Changes whenever the run has: the run itself grows in place. */
  readonly version: number;
  onZoom(range: readonly [number, number] | null): void;
}

/** Wide charts are higher too, within bounds: a curve keeps its shape. */
const heightFor = (width: number) => Math.round(Math.min(340, Math.max(170, width * 0.42)));

export function MetricChart(props: MetricChartProps) {
  const { metric, run, pastRuns, view, colors, zoom, version, onZoom } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<{ chart: uPlot; key: string } | null>(null);
  const [width, setWidth] = useState(0);
  const [hover, setHover] = useState<number | null>(null);
  const points = Math.max(200, width);
  const data = useMemo(
    () => chartData(run, metric, { view, pastRuns, points, version, zoom }),
    [run, version, metric, view, pastRuns, points, zoom],
  );

  useEffect(() => watchWidth(holder.current, setWidth), []);
  useEffect(() => {
    const target = holder.current;
    if (target === null || width === 0) {
      return;
    }
    const key = plotKey(data, view, colors);
    if (plot.current?.key !== key) {
      plot.current?.chart.destroy();
      const chart = createPlot(target, data, {
        colors,
        view,
        width,
        height: heightFor(width),
        syncKey: `skillet-${view.by}`,
        onZoom,
        onHover: setHover,
      });
      plot.current = { chart, key };
    }
    if (plot.current.chart.width !== width) {
      plot.current.chart.setSize({ width, height: heightFor(width) });
    }
    fillPlot(plot.current.chart, data, { view, zoom });
  }, [data, view, colors, zoom, width, onZoom]);
  useEffect(() => () => plot.current?.chart.destroy(), []);

  return (
    <section class="chart" aria-label={`Chart of ${metric}`}>
      <ChartCaption metric={metric} data={data} by={view.by} hover={hover} />
      <div class="plot" ref={holder} role="img" aria-label={describeChart(metric, data, view.by)} />
    </section>
  );
}

function watchWidth(target: HTMLElement | null, onWidth: (width: number) => void): (() => void) | undefined {
  if (target === null) {
    return undefined;
  }
  const observer = new ResizeObserver(([entry]) => onWidth(Math.floor(entry?.contentRect.width ?? 0)));
  observer.observe(target);
  return () => observer.disconnect();
}

/** Values at the cursor, or the last ones; the places stay where they are, so that nothing jumps. */
function ChartCaption({
  metric,
  data,
  by,
  hover,
}: {
  metric: string;
  data: ChartData;
  by: 'epoch' | 'step';
  hover: number | null;
}) {
  const curves = data.curves.filter(({ role }) => role === 'train' || role === 'validation');
  const last = Math.max(-1, ...curves.map(({ values }) => values.findLastIndex((value) => value !== null)));
  const past = data.curves.filter(({ role }) => role === 'past').length;
  const index = hover ?? last;
  const x = data.x[index];
  return (
    <header class="chart-caption">
      <h2>{metric}</h2>
      <span class="chart-values">
        {curves.map(({ label, role, values }) => (
          <span key={label} class={`value ${role}`}>
            <i aria-hidden="true" />
            {label} <b>{formatNumber(values[index] ?? null)}</b>
          </span>
        ))}
        {x === undefined ? null : (
          <span class="muted">
            {by} {x.toLocaleString('en-US')}
          </span>
        )}
        {data.best === null ? null : (
          <span class="muted">
            best {formatNumber(data.best.value)} at {data.best.x}
          </span>
        )}
        {past === 0 ? null : <span class="muted">grey: {past === 1 ? 'the run before' : `${past} earlier runs`}</span>}
      </span>
    </header>
  );
}

function describeChart(metric: string, data: ChartData, by: 'epoch' | 'step'): string {
  const parts = data.curves
    .filter(({ role }) => role === 'train' || role === 'validation')
    .map(({ label, values }) => `${label} ${formatNumber(values.findLast((value) => value !== null))}`);
  const best = data.best === null ? '' : `, best ${formatNumber(data.best.value)} at epoch ${data.best.x}`;
  return `${metric} by ${by}: last ${parts.join(', ')}${best}. The table holds all values.`;
}
