/** What the network says of the typed row: a value in the data's unit, or a class with the probabilities of all. */
import { formatNumber } from '../../common/format.ts';
import type { ModelView, Prediction } from '../../common/model/predictMessages.ts';
import type { PredictState } from './predictState.ts';

/** More classes than these are not listed one by one. */
const MOST_CLASSES = 10;

export function Answer({ model, state }: { model: ModelView; state: PredictState }) {
  const { prediction, rowProblem } = state;
  return (
    <div class="answer" aria-live="polite">
      {rowProblem !== null ? (
        <p class="field-error">
          {rowProblem.message.replace(/^Row 1 /, `${columnOf(rowProblem.path)} `)} {rowProblem.remedy}
        </p>
      ) : prediction === null ? (
        <p class="muted">…</p>
      ) : prediction.kind === 'values' ? (
        <Values {...{ prediction, model }} />
      ) : (
        <Classes prediction={prediction} />
      )}
    </div>
  );
}

/** `row: column crim` → `crim`. */
const columnOf = (path: string) => path.replace(/^row: column /, '');

function Values({ prediction, model }: { prediction: Extract<Prediction, { kind: 'values' }>; model: ModelView }) {
  return (
    <table>
      <caption>{prediction.values.length === 1 ? 'predicted' : 'predicted values'}</caption>
      <tbody>
        {prediction.values.map(({ target, value }) => (
          <tr key={target}>
            <th scope="row">{target}</th>
            <td class="said">{formatNumber(value)}</td>
            <td class="unit">{model.unit ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Classes({ prediction }: { prediction: Extract<Prediction, { kind: 'classes' }> }) {
  const likeliest = prediction.probabilities.toSorted((a, b) => b.probability - a.probability).slice(0, MOST_CLASSES);
  const left = prediction.probabilities.length - likeliest.length;
  return (
    <table class="standings">
      <caption>
        {prediction.target}: <b class="said">{prediction.predicted}</b>
      </caption>
      <tbody>
        {likeliest.map(({ name, probability }) => (
          <tr key={name} class={name === prediction.predicted ? 'ours' : ''}>
            <th scope="row">{name}</th>
            <td>{(probability * 100).toFixed(1)} %</td>
            <td class="bar" aria-hidden="true">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={100 * probability} height="8" />
              </svg>
            </td>
          </tr>
        ))}
        {left > 0 ? (
          <tr>
            <th scope="row" colSpan={3} class="muted">
              and {left} less likely
            </th>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
