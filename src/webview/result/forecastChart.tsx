/** The chart of a forecast with its legend, which says the values at the cursor. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import { drawnSteps, type ForecastCurve, type Range, rangeAt, type Span } from './forecastData.ts';
import { createForecastPlot, type ForecastColors, type ForecastPlot } from './forecastPlot.ts';

export interface ForecastChartProps {
  readonly curves: readonly ForecastCurve[];
  readonly ranges: readonly Range[];
  readonly stepNames: readonly string[];
  readonly colors: ForecastColors;
  readonly zoom: Span | null;
  readonly description: string;
  /** Where the chart's canvas is found, for its picture. */
  readonly canvas: { current: HTMLCanvasElement | null };
  onZoom(span: Span | null): void;
}

const heightFor = (width: number) => Math.round(Math.min(420, Math.max(220, width * 0.36)));

export function ForecastChart(props: ForecastChartProps) {
  const { curves, ranges, stepNames, colors, zoom, canvas, onZoom } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<ForecastPlot | null>(null);
  const [width, setWidth] = useState(0);
  const [hover, setHover] = useState<number | null>(null);
  const span: Span = useMemo(() => zoom ?? [0, stepNames.length - 1], [zoom, stepNames]);
  const points = Math.max(100, Math.round(width / 2));
  const drawn = useMemo(() => drawnSteps(curves, span, points), [curves, span, points]);

  useEffect(() => {
    if (holder.current === null) {
      return;
    }
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(holder.current);
    return () => observer.disconnect();
  }, []);
  const isMeasured = width > 0;
  useEffect(() => {
    if (holder.current === null || !isMeasured) {
      return;
    }
    const size = { width: holder.current.clientWidth, height: heightFor(holder.current.clientWidth) };
    const made = createForecastPlot(holder.current, {
      ...{ colors, curves, ranges, stepNames, onZoom },
      ...size,
      onHover: setHover,
    });
    plot.current = made;
    canvas.current = made.canvas;
    return () => made.destroy();
  }, [isMeasured, colors, curves, ranges, stepNames, canvas, onZoom]);
  useEffect(() => {
    if (isMeasured) {
      plot.current?.resize({ width, height: heightFor(width) });
    }
  }, [isMeasured, width]);
  useEffect(
    () => plot.current?.show(drawn, span),
    [isMeasured, drawn, span, colors, curves, ranges, stepNames, canvas, onZoom],
  );

  return (
    <div>
      <Legend {...{ curves, ranges, stepNames, hover }} />
      <div class="plot forecast-plot" ref={holder} role="img" aria-label={props.description} />
    </div>
  );
}

/** Values at the cursor, else those of the last step that has any; the places stay where they are. */
function Legend(props: Pick<ForecastChartProps, 'curves' | 'ranges' | 'stepNames'> & { hover: number | null }) {
  const { curves, ranges, stepNames, hover } = props;
  const range = hover === null ? null : rangeAt(ranges, hover);
  return (
    <div class="chart-values forecast-legend">
      {curves.map(({ role, label, values }) => (
        <span key={role} class={`value ${role}`}>
          <i aria-hidden="true" />
          {label} <b>{hover === null ? '' : formatNumber(values[hover])}</b>
        </span>
      ))}
      <span class="muted">
        {hover === null
          ? 'Drag over the chart to zoom, double-click for all.'
          : `${stepNames[hover] ?? ''}${range === null ? '' : `, ${range.name}`}`}
      </span>
    </div>
  );
}
