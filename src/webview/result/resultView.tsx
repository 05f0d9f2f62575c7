/** The result on the test rows, beside the naive baselines, in words and pictures. */
import { formatNumber } from '../../common/format.ts';
import type { Evaluation } from '../../common/run/events.ts';
import { ClassTable } from './classTable.tsx';
import { Confusion } from './confusion.tsx';
import { losesToBaseline, worstRows } from './judge.ts';
import { Mistakes } from './mistakes.tsx';
import { Scatter } from './scatter.tsx';

export function ResultView({ evaluation }: { evaluation: Evaluation }) {
  const { primary, predictions } = evaluation;
  // Shares of rows have no unit, whatever the target's is.
  const unit = predictions.kind === 'values' ? (evaluation.unit ?? '') : '';
  return (
    <section class="result" aria-label="Result">
      <header class="section-head">
        <h2>Result</h2>
        <span class="muted">
          on {evaluation.rows.toLocaleString('en-US')} test rows that the network did not learn from
        </span>
      </header>
      <div class="result-columns">
        <div class="result-tables">
          <Standings evaluation={evaluation} unit={unit} />
          {predictions.kind === 'values' ? (
            <WorstRows predictions={predictions} unit={unit} />
          ) : (
            <ClassTable predictions={predictions} />
          )}
        </div>
        {predictions.kind === 'classes' ? (
          <Confusion {...predictions} />
        ) : (
          <Scatter predictions={predictions} unit={unit} />
        )}
      </div>
      {predictions.kind === 'classes' ? <Mistakes predictions={predictions} /> : null}
      <p class="hidden">
        {primary.metric}: {primary.better} is better.
      </p>
    </section>
  );
}

/** The result in one sentence, marked where a naive predictor does as well. */
export function Verdict({ evaluation }: { evaluation: Evaluation }) {
  const hasLost = losesToBaseline(evaluation);
  return (
    <p class={`verdict${hasLost ? ' lost' : ''}`}>
      <span class={`codicon codicon-${hasLost ? 'warning' : 'pass'}`} aria-hidden="true" /> {evaluation.verdict}
    </p>
  );
}

/** The network and each baseline, with bars to the same scale. */
function Standings({ evaluation, unit }: { evaluation: Evaluation; unit: string }) {
  const { metric } = evaluation.primary;
  const rows = [
    { label: 'the network', value: evaluation.metrics[metric] ?? null, isOurs: true },
    ...evaluation.baselines.map(({ label, metrics }) => ({ label, value: metrics[metric] ?? null, isOurs: false })),
  ];
  const longest = Math.max(...rows.map(({ value }) => value ?? 0)) || 1;
  const others = Object.entries(evaluation.metrics).filter(([name]) => name !== metric);
  return (
    <div class="standings">
      <table>
        <caption>
          test {metric}
          {unit === '' ? '' : `, ${unit}`}
        </caption>
        <tbody>
          {rows.map(({ label, value, isOurs }) => (
            <tr key={label} class={isOurs ? 'ours' : ''}>
              <th scope="row">{label}</th>
              <td>{formatNumber(value)}</td>
              <td class="bar" aria-hidden="true">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={(100 * (value ?? 0)) / longest} height="8" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {others.length === 0 ? null : (
        <p class="muted">{others.map(([name, value]) => `${name} ${formatNumber(value)}`).join(' · ')}</p>
      )}
    </div>
  );
}

function WorstRows({
  predictions,
  unit,
}: {
  predictions: Extract<Evaluation['predictions'], { kind: 'values' }>;
  unit: string;
}) {
  const rows = worstRows(predictions, 5);
  return rows.length === 0 ? null : (
    <div class="worst">
      <table>
        <caption>worst rows{unit === '' ? '' : `, ${unit}`}</caption>
        <thead>
          <tr>
            <th scope="col">row</th>
            <th scope="col">actual</th>
            <th scope="col">predicted</th>
            <th scope="col">off by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, actual, predicted }) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              <td>{formatNumber(actual)}</td>
              <td>{formatNumber(predicted)}</td>
              <td>{formatNumber(predicted - actual)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
