/** The chart of one metric over all shown runs, with the value under the cursor in words. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { bestOf } from '../../common/compare/resultTable.ts';
import { formatNumber } from '../../common/format.ts';
import { comparisonChart, PRINT } from '../../common/report/comparisonChart.ts';
import { metricDirection } from '../../common/run/metricDirection.ts';
import { useWidth } from '../useWidth.ts';
import { chartPng } from './chartPng.ts';
import type { CompareView, ShownRows } from './compareView.ts';
import { type DrawnCurve, drawnCurves, extentOf, shownName, toColumns } from './drawnCurves.ts';
import { lookOf, type PageColors } from './looks.ts';
import { createRunPlot, type RunPlot } from './runPlot.ts';

export interface RunChartProps {
  readonly metric: string;
  /** Those that are not hidden. */
  readonly runs: readonly ComparedRun[];
  readonly labels: ReadonlyMap<string, string>;
  readonly view: CompareView;
  readonly rows: ShownRows;
  readonly colors: PageColors;
  readonly zoom: readonly [number, number] | null;
  readonly highlighted: string | null;
  onZoom(range: readonly [number, number] | null): void;
  onHighlight(runFolder: string | null): void;
  onSave(picture: { format: 'svg' | 'png'; suggestedName: string; content: string }): void;
}

/** Wide charts are higher too, within bounds: a curve keeps its shape. */
const heightFor = (width: number) => Math.round(Math.min(400, Math.max(220, width * 0.5)));

export function RunChart(props: RunChartProps) {
  const { metric, runs, labels, view, rows, colors, zoom, highlighted, onZoom, onHighlight, onSave } = props;
  const [holder, width] = useWidth<HTMLDivElement>();
  const plot = useRef<{ plot: RunPlot; key: string; width: number } | null>(null);
  const [epoch, setEpoch] = useState<number | null>(null);
  const curves = useMemo(() => drawnCurves(runs, metric, rows), [runs, metric, rows]);
  const columns = useMemo(
    () => toColumns(curves, { smoothing: view.smoothing, scale: view.scale, points: Math.max(300, 2 * width), zoom }),
    [curves, view.smoothing, view.scale, width, zoom],
  );
  useEffect(() => {
    const target = holder.current;
    if (target === null || width === 0) {
      return;
    }
    const drawn = curves.map(({ run, rows: drawnRows, isBeside }) => {
      return { runFolder: run.runFolder, rows: drawnRows, isBeside, look: lookOf(run.runFolder, view.slots, colors) };
    });
    const key = JSON.stringify([drawn, view.scale, colors]);
    if (plot.current?.key !== key) {
      plot.current?.plot.destroy();
      const options = { colors, scale: view.scale, width, height: heightFor(width), onZoom };
      const onHover = (at: number | null, runFolder: string | null) => {
        setEpoch(at);
        onHighlight(runFolder);
      };
      plot.current = { plot: createRunPlot(target, drawn, { ...options, onHover }), key, width };
    }
    if (plot.current.width !== width) {
      plot.current.plot.resize(width, heightFor(width));
      plot.current.width = width;
    }
    const [first, last] = extentOf(curves);
    plot.current.plot.fill(columns, zoom ?? [first, Math.max(first + 1, last)]);
    plot.current.plot.highlight(highlighted);
  }, [curves, columns, view.slots, view.scale, colors, zoom, width]);
  useEffect(() => plot.current?.plot.highlight(highlighted), [highlighted]);
  useEffect(() => () => plot.current?.plot.destroy(), []);
  const name = shownName(runs, metric, rows);
  const save = (format: 'svg' | 'png') => {
    const canvas = plot.current?.plot.canvas;
    const lines = runs.map((run) => {
      return { label: labels.get(run.runFolder) ?? '', look: lookOf(run.runFolder, view.slots, colors) };
    });
    const content =
      format === 'svg'
        ? comparisonChart(runs, { ...PRINT, metric, scale: view.scale, width: 900, height: 440, hasLegend: true })
        : canvas && chartPng(canvas, { title: name, lines, colors });
    if (content) {
      onSave({ format, suggestedName: `compare-${metric}`, content });
    }
  };
  return (
    <section class="chart" aria-label={`Chart of ${metric}`}>
      <header class="chart-caption">
        <h2>{name}</h2>
        <span class="chart-said number">{sayHover({ curves, labels, metric, epoch, highlighted })}</span>
        <span class="spring" />
        {(['svg', 'png'] as const).map((format) => (
          <button
            key={format}
            type="button"
            class="plain save"
            aria-label={`Save the chart of ${metric} as ${format.toUpperCase()}`}
            onClick={() => save(format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </header>
      <div class="plot" ref={holder} role="img" aria-label={describe(runs, labels, metric)} />
      {curves.length > 0 ? null : <p class="muted">No epoch of a shown run has ended yet.</p>}
    </section>
  );
}

interface Hover {
  readonly curves: readonly DrawnCurve[];
  readonly labels: ReadonlyMap<string, string>;
  readonly metric: string;
  readonly epoch: number | null;
  readonly highlighted: string | null;
}

/** The highlighted run's values at the cursor, or its last ones; without one, the best of all. */
function sayHover({ curves, labels, metric, epoch, highlighted }: Hover): string {
  const own = curves.filter(({ run }) => run.runFolder === highlighted);
  const [first] = own;
  if (first === undefined) {
    return bestText(
      curves.map(({ run }) => run),
      labels,
      metric,
    );
  }
  const values = own.map(({ rows, isBeside, curve }) => {
    const at = epoch === null ? curve.values.findLastIndex((value) => value !== null) : epoch - curve.firstX;
    return `${isBeside ? `${rows} ` : ''}${formatNumber(curve.values[at])}`;
  });
  const place = epoch === null ? 'last' : `epoch ${epoch.toLocaleString('en-US')}`;
  return `${labels.get(first.run.runFolder) ?? ''} · ${place}: ${values.join(', ')}`;
}

function bestText(runs: readonly ComparedRun[], labels: ReadonlyMap<string, string>, metric: string): string {
  const direction = metricDirection(metric);
  const measured = runs.some(({ curves }) => curves[`val_${metric}`] !== undefined) ? `val_${metric}` : metric;
  const found = runs.flatMap((run) => {
    const best = bestOf(run, measured);
    return best === null ? [] : [{ run, ...best }];
  });
  const sign = direction === 'higher' ? -1 : 1;
  const [best] = found.sort((a, b) => sign * (a.value - b.value));
  return best === undefined || direction === null
    ? ''
    : `best ${measured} ${formatNumber(best.value)} at epoch ${best.epoch}: ${labels.get(best.run.runFolder) ?? ''}`;
}

function describe(runs: readonly ComparedRun[], labels: ReadonlyMap<string, string>, metric: string): string {
  return `${metric} by epoch of ${runs.length} run${runs.length === 1 ? '' : 's'}; ${bestText(runs, labels, metric)}. The table holds all values.`;
}
