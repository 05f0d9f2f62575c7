/** What the network says about a series and its time to come: in a chart, a table, and numbers beside the last value's. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import type { FromPanel } from '../../common/panelMessages.ts';
import type { Forecast } from '../../common/run/events.ts';
import { onThemeChange } from '../charts/chartColors.ts';
import { ForecastChart } from './forecastChart.tsx';
import { curvesOf, rangesOf, type Scores, type Span, scoresOf } from './forecastData.ts';
import { forecastPng } from './forecastPicture.ts';
import { readForecastColors } from './forecastPlot.ts';
import { ForecastTable } from './forecastTable.tsx';

export function ForecastView({ forecast, send }: { forecast: Forecast; send(message: FromPanel): void }) {
  const { target, unit, steps, remarks } = forecast;
  const [colors, setColors] = useState(readForecastColors);
  const [zoom, setZoom] = useState<Span | null>(null);
  const [isTable, setIsTable] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const curves = useMemo(() => curvesOf(forecast), [forecast]);
  const ranges = useMemo(() => rangesOf(forecast), [forecast]);
  const scores = useMemo(() => scoresOf(forecast), [forecast]);
  const onZoom = useCallback((span: Span | null) => setZoom(span), []);
  useEffect(() => onThemeChange(() => setColors(readForecastColors())), []);
  // Another run's forecast has another length: what was zoomed into may lie beyond it.
  useEffect(() => setZoom(null), [forecast]);
  const title = `Forecast of ${target}${unit === undefined ? '' : `, ${unit}`}`;
  const save = () => {
    if (canvas.current !== null) {
      const content = forecastPng(canvas.current, { title, curves, colors });
      send({ type: 'save', format: 'png', suggestedName: `${target} forecast`, content });
    }
  };
  const testSpan: Span = [Math.max(0, forecast.testFrom - 1), steps.length - 1];
  return (
    <section class="forecast" aria-label={`Forecast of ${target}`}>
      <header class="section-head">
        <h2>Forecast</h2>
        <span class="muted">
          {target}
          {unit === undefined ? '' : `, ${unit}`}
        </span>
        <span class="spring" />
        <ZoomButtons {...{ zoom, testSpan, isTable, onZoom }} />
        <button type="button" class="plain" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          <span class={`codicon codicon-${isTable ? 'graph-line' : 'table'}`} aria-hidden="true" />{' '}
          {isTable ? 'Chart' : 'Table'}
        </button>
        <button type="button" class="plain" disabled={isTable} onClick={save} title="Save as PNG">
          PNG
        </button>
      </header>
      {isTable ? (
        <ForecastTable {...{ curves, ranges }} stepNames={steps} />
      ) : (
        <ForecastChart
          {...{ curves, ranges, colors, zoom, canvas, onZoom }}
          stepNames={steps}
          description={describe(forecast, scores)}
        />
      )}
      <ScoreLine scores={scores} unit={unit ?? ''} />
      {remarks.map((remark) => (
        <p key={remark} class="muted remark">
          {remark}
        </p>
      ))}
    </section>
  );
}

function ZoomButtons(props: {
  readonly zoom: Span | null;
  readonly testSpan: Span;
  readonly isTable: boolean;
  onZoom(span: Span | null): void;
}) {
  const { zoom, testSpan, isTable, onZoom } = props;
  const isTest = zoom !== null && zoom[0] === testSpan[0] && zoom[1] === testSpan[1];
  return isTable ? null : (
    <fieldset class="choice">
      <legend class="hidden">Part of the series</legend>
      <button type="button" aria-pressed={zoom === null} onClick={() => onZoom(null)}>
        Whole Series
      </button>
      <button type="button" aria-pressed={isTest} onClick={() => onZoom(testSpan)}>
        From the Test On
      </button>
    </fieldset>
  );
}

/** Errors of the prediction and of naive ways, over the same test steps. */
function ScoreLine({ scores, unit }: { scores: Scores; unit: string }) {
  return scores.steps === 0 ? null : (
    <table class="forecast-scores">
      <caption>
        rmse over {scores.steps.toLocaleString('en-US')} test steps{unit === '' ? '' : `, ${unit}`}
      </caption>
      <tbody>
        {scores.rows.map(({ label, rmse, isOurs, meaning }) => (
          <tr key={label} class={isOurs ? 'ours' : ''}>
            <th scope="row">{label}</th>
            <td>{formatNumber(rmse)}</td>
            <td class="meaning muted">{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function describe({ target, steps }: Forecast, { rows }: Scores): string {
  const errors = rows.map(({ label, rmse }) => `${label} ${formatNumber(rmse)}`).join(', ');
  return `Forecast of ${target} over ${steps.length} steps; test rmse: ${errors}. The table holds all values.`;
}
