/** A chart's values in words: at the cursor, or the last ones. */
import { formatNumber } from '../../common/format.ts';
import { type ChartData, type ChartView, lastValue } from './chartData.ts';
import type { Hover } from './plot.ts';
import type { ScreenPoints } from './screenPoints.ts';

export interface CaptionProps {
  readonly metric: string;
  readonly data: ChartData;
  readonly points: ScreenPoints;
  readonly by: ChartView['by'];
  readonly hover: Hover | null;
}

/** The places stay where they are, so that nothing jumps. */
export function ChartCaption({ metric, data, points, by, hover }: CaptionProps) {
  const x = hover === null ? data.length : points.x[hover.index];
  const valueOfCurve = (index: number) => {
    const curve = data.curves[index];
    const atCursor = hover === null ? undefined : points.columns[index]?.[hover.index];
    return hover === null && curve !== undefined ? lastValue(curve.series) : (atCursor ?? null);
  };
  return (
    <header class="chart-caption">
      <h2>{metric}</h2>
      <span class="chart-values">
        {data.curves.map(({ label, role }, index) =>
          role === 'trainRaw' ? null : (
            <span key={label} class={`value ${role}`}>
              <i aria-hidden="true" />
              {label} <b>{formatNumber(valueOfCurve(index))}</b>
            </span>
          ),
        )}
        {x === undefined || x === 0 ? null : (
          <span class="muted">
            {by} {x.toLocaleString('en-US')}
          </span>
        )}
        {data.best === null ? null : (
          <span class="muted">
            best {formatNumber(data.best.value)} at {data.best.x}
          </span>
        )}
        <PastNote data={data} hover={hover} x={x} />
      </span>
    </header>
  );
}

/** What the grey lines are; the one under the mouse by its name. */
function PastNote({ data, hover, x }: { data: ChartData; hover: Hover | null; x: number | undefined }) {
  const count = data.past.length;
  if (count === 0) {
    return null;
  }
  const past = hover?.past ?? null;
  return (
    <span class="muted">
      {past === null
        ? `grey: ${count === 1 ? 'the run before' : `${count} earlier runs`}`
        : `${past.label} ${formatNumber(past.series.at((x ?? 0) - 1))}`}
    </span>
  );
}

export function describeChart(metric: string, data: ChartData, by: ChartView['by']): string {
  const parts = data.curves
    .filter(({ role }) => role !== 'trainRaw')
    .map(({ label, series }) => `${label} ${formatNumber(lastValue(series))}`);
  const best = data.best === null ? '' : `, best ${formatNumber(data.best.value)} at epoch ${data.best.x}`;
  return `${metric} by ${by}: last ${parts.join(', ')}${best}. The table holds all values.`;
}
