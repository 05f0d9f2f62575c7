/** Parameters and settings by run: those that differ, and the equal ones folded away. */
import { useMemo, useState } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { type ParamRow, paramTable } from '../../common/compare/paramTable.ts';

export function ParamTable({ runs, labels }: { runs: readonly ComparedRun[]; labels: ReadonlyMap<string, string> }) {
  const [isOpen, setOpen] = useState(false);
  const { differing, equal } = useMemo(() => paramTable(runs), [runs]);
  const folders = runs.map(({ runFolder }) => runFolder);
  return (
    <section aria-label="Parameters">
      <div class="section-head">
        <h2>Parameters and settings</h2>
        <span class="muted">
          {differing.length === 0
            ? 'all are equal'
            : `${differing.length} differ${differing.length === 1 ? 's' : ''}, marked where ${runs.length > 2 ? 'a run leaves the most common value' : 'they do'}`}
        </span>
      </div>
      <div class="results-scroll">
        <table class="results params-table">
          <thead>
            <tr>
              <th scope="col" class="word">
                setting
              </th>
              {runs.map(({ runFolder }) => (
                <th key={runFolder} scope="col">
                  {labels.get(runFolder)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map((row) => (
              <Row key={row.name} row={row} runFolders={folders} isMarked />
            ))}
            {isOpen ? equal.map((row) => <Row key={row.name} row={row} runFolders={folders} isMarked={false} />) : null}
          </tbody>
        </table>
      </div>
      {equal.length === 0 ? null : (
        <button type="button" class="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span class={`codicon codicon-chevron-${isOpen ? 'down' : 'right'}`} aria-hidden="true" /> {equal.length}{' '}
          equal
        </button>
      )}
    </section>
  );
}

interface RowProps {
  readonly row: ParamRow;
  readonly runFolders: readonly string[];
  readonly isMarked: boolean;
}

function Row({ row, runFolders, isMarked }: RowProps) {
  const usual = commonest(row.values);
  return (
    <tr>
      <th scope="row" class={`word${row.isParam ? ' param' : ''}`}>
        {row.name}
      </th>
      {row.values.map((value, index) => {
        const differs = isMarked && (row.values.length === 2 || value !== usual);
        return (
          <td
            key={runFolders[index]}
            class={differs ? 'differs' : ''}
            title={value === null ? 'not given: the default' : undefined}
          >
            {value ?? '—'}
          </td>
        );
      })}
    </tr>
  );
}

function commonest(values: readonly (string | null)[]): string | null {
  const counts = new Map<string | null, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
