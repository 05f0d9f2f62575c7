/** The numbers behind the charts: an epoch a row, a run a column, newest first. */
import { useState } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { formatNumber } from '../../common/format.ts';

const PAGE = 100;

export function ValueTable({
  runs,
  labels,
  names,
}: {
  runs: readonly ComparedRun[];
  labels: ReadonlyMap<string, string>;
  /** Metrics that any run has, `val_` ones too. */
  names: readonly string[];
}) {
  const [wanted, setName] = useState<string | null>(null);
  const [shown, setShown] = useState(PAGE);
  const name = wanted !== null && names.includes(wanted) ? wanted : (names[0] ?? 'loss');
  const lengths = runs.map(({ firstEpoch, curves }) => firstEpoch + (curves[name]?.length ?? 0) - 1);
  const last = lengths.reduce((most, length) => Math.max(most, length), 0);
  const epochs = Array.from({ length: Math.min(shown, last) }, (_, index) => last - index);
  return (
    <section aria-label="Values by epoch">
      <label class="metric-choice">
        Metric{' '}
        <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
          {names.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <div class="table-scroll values">
        <table>
          <thead>
            <tr>
              <th scope="col">epoch</th>
              {runs.map(({ runFolder }) => (
                <th key={runFolder} scope="col">
                  {labels.get(runFolder)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {epochs.map((epoch) => (
              <tr key={epoch}>
                <th scope="row">{epoch}</th>
                {runs.map(({ runFolder, curves, firstEpoch }) => {
                  const value = curves[name]?.[epoch - firstEpoch];
                  return <td key={runFolder}>{value === undefined ? '' : formatNumber(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {last > shown ? (
        <button type="button" class="plain" onClick={() => setShown(shown + PAGE * 5)}>
          Show earlier epochs ({last - shown} more)
        </button>
      ) : null}
    </section>
  );
}
