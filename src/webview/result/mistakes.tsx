/** The test rows that the network was surest of and wrong about: drawn where they are images, and as a table. */
import { useState } from 'preact/hooks';
import type { Mistake, Predictions } from '../../common/run/events.ts';
import { Picture } from './picture.tsx';

type Classes = Extract<Predictions, { kind: 'classes' }>;

export function Mistakes({ predictions }: { predictions: Classes }) {
  const { mistakes = [], image } = predictions;
  const [isTable, setIsTable] = useState(false);
  if (mistakes.length === 0) {
    return null;
  }
  const isDrawn = image !== undefined && !isTable;
  return (
    <section class="mistakes" aria-label="Worst mistakes">
      <header class="section-head">
        <h3>Worst mistakes</h3>
        <span class="muted">{told(predictions)}</span>
        {image === undefined ? null : (
          <button type="button" class="plain" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
            <span class={`codicon codicon-${isTable ? 'file-media' : 'table'}`} aria-hidden="true" />{' '}
            {isTable ? 'Pictures' : 'Table of Mistakes'}
          </button>
        )}
      </header>
      {isDrawn ? <Pictures predictions={predictions} image={image} /> : <MistakeTable predictions={predictions} />}
    </section>
  );
}

function told({ confusion, mistakes = [] }: Classes): string {
  const wrong = confusion.reduce(
    (sum, counts, row) => sum + counts.reduce((inner, count, column) => inner + (row === column ? 0 : count), 0),
    0,
  );
  return wrong > mistakes.length
    ? `the ${mistakes.length} that it was surest of, of ${wrong}`
    : `${wrong === 1 ? 'the only one' : `all ${wrong}`}, the surest first`;
}

function Pictures({ predictions, image }: { predictions: Classes; image: readonly number[] }) {
  return (
    <ul class="pictures">
      {(predictions.mistakes ?? []).map((mistake) => {
        const caption = captionOf(mistake, predictions.classes);
        return (
          <li key={mistake.row}>
            <figure>
              <Picture pixels={mistake.pixels ?? []} shape={image} label={`Row ${mistake.row}: ${caption}`} />
              <figcaption title={`row ${mistake.row}`}>{caption}</figcaption>
            </figure>
          </li>
        );
      })}
    </ul>
  );
}

/** `8 taken for 3, 97 %` */
function captionOf({ actual, predicted, probability }: Mistake, classes: readonly string[]): string {
  return `${classes[actual] ?? actual} taken for ${classes[predicted] ?? predicted}, ${percent(probability)}`;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

function MistakeTable({ predictions }: { predictions: Classes }) {
  const { mistakes = [], classes, inputs = [] } = predictions;
  return (
    <div class="table-scroll">
      <table>
        <thead>
          <tr>
            {['row', 'actual', 'predicted', 'sure', ...inputs].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {mistakes.map(({ row, actual, predicted, probability, values = [] }) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              <td>{classes[actual] ?? actual}</td>
              <td>{classes[predicted] ?? predicted}</td>
              <td>{percent(probability)}</td>
              {inputs.map((name, i) => (
                <td key={name}>{values[i]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
