/** The numbers behind the charts, newest epoch first. */
import { useState } from 'preact/hooks';
import { formatDuration, formatNumber } from '../../common/format.ts';
import type { RunState } from '../../common/run/reduceRun.ts';

const PAGE = 200;

export function EpochTable({ run }: { run: RunState }) {
  const [shown, setShown] = useState(PAGE);
  const names = Object.keys(run.epochs[0]?.metrics ?? {});
  const rows = run.epochs.slice(-shown).reverse();
  if (names.length === 0) {
    return <p class="muted">No epoch has ended yet.</p>;
  }
  return (
    <section class="table-scroll" aria-label="Values by epoch">
      <table>
        <thead>
          <tr>
            <th scope="col">epoch</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">time</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.epoch}>
              <th scope="row">{row.epoch}</th>
              {names.map((name) => (
                <td key={name}>{formatNumber(row.metrics[name])}</td>
              ))}
              <td>{formatDuration(row.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {run.epochs.length > shown ? (
        <button type="button" class="plain" onClick={() => setShown(shown + PAGE * 5)}>
          Show earlier epochs ({run.epochs.length - shown} more)
        </button>
      ) : null}
    </section>
  );
}
