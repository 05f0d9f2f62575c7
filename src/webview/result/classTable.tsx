/** Precision and recall of each class. */
import { classScores } from '../../common/run/classScores.ts';
import type { Predictions } from '../../common/run/events.ts';

export function ClassTable({ predictions }: { predictions: Extract<Predictions, { kind: 'classes' }> }) {
  const scores = classScores(predictions.classes, predictions.confusion);
  return (
    <div class="class-scores table-scroll">
      <table>
        <caption>by class</caption>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">test rows</th>
            <th scope="col" title="Of the rows of this class, how many were found">
              recall
            </th>
            <th scope="col" title="Of the rows that were taken for this class, how many are it">
              precision
            </th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ name, rows, recall, precision }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{rows}</td>
              <td>{percent(recall)}</td>
              <td>{percent(precision)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const percent = (share: number | null) => (share === null ? '—' : `${(100 * share).toFixed(1)} %`);
