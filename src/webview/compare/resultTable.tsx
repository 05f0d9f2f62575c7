/** What each run reached, column by column; the best of a column is marked. */
import { useMemo } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { meanText } from '../../common/compare/meanText.ts';
import { bestRuns, type ResultColumn, resultColumns, sortRuns, testCaveat } from '../../common/compare/resultTable.ts';
import { type SeedGroup, seedGroups } from '../../common/compare/seedGroups.ts';
import type { CompareView } from './compareView.ts';
import { lookOf, type PageColors } from './looks.ts';
import { Swatch } from './swatch.tsx';

export interface ResultTableProps {
  readonly runs: readonly ComparedRun[];
  readonly labels: ReadonlyMap<string, string>;
  readonly view: CompareView;
  readonly colors: PageColors;
  readonly highlighted: string | null;
  look(view: CompareView): void;
  onHighlight(runFolder: string | null): void;
}

const isWord = ({ kind }: ResultColumn) => kind === 'word';

export function ResultTable(props: ResultTableProps) {
  const { runs, labels, view, colors, highlighted, look, onHighlight } = props;
  const columns = useMemo(() => resultColumns(runs), [runs]);
  const best = useMemo(() => new Map(columns.map((column) => [column.id, bestRuns(column, runs)])), [columns, runs]);
  const groups = useMemo(() => seedGroups(runs), [runs]);
  const sorting = view.sorting;
  const sorted = sortRuns(
    runs,
    columns.find(({ id }) => id === sorting?.by),
    sorting?.isDescending === true,
  );
  const caveat = testCaveat(runs);
  return (
    <section aria-label="Results">
      <div class="section-head">
        <h2>Results</h2>
        <span class="muted">
          <span class="codicon codicon-star-full" aria-hidden="true" /> best of a column
        </span>
      </div>
      {caveat === null ? null : (
        <p class="notices">
          <span class="codicon codicon-warning" aria-hidden="true" /> {caveat}
        </p>
      )}
      <div class="results-scroll">
        <table class="results">
          <thead>
            <tr>
              <th scope="col" class="word">
                run
              </th>
              {columns.map((column) => (
                <ColumnHead
                  key={column.id}
                  column={column}
                  sorting={sorting}
                  onSort={() => look({ ...view, sorting: nextSorting(sorting, column) })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((run) => (
              <tr
                key={run.runFolder}
                class={highlighted === run.runFolder ? 'hovered' : ''}
                onMouseEnter={() => onHighlight(run.runFolder)}
                onMouseLeave={() => onHighlight(null)}
              >
                <th scope="row" class="word">
                  <Swatch look={lookOf(run.runFolder, view.slots, colors)} /> {labels.get(run.runFolder)}
                </th>
                {columns.map((column) => (
                  <Cell
                    key={column.id}
                    column={column}
                    run={run}
                    isBest={best.get(column.id)?.includes(run) === true}
                  />
                ))}
              </tr>
            ))}
            {groups.map((group) => (
              <GroupRow key={group.runs[0]?.runFolder} group={group} columns={columns} labels={labels} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ColumnHead(props: { column: ResultColumn; sorting: CompareView['sorting']; onSort(): void }) {
  const { column, sorting, onSort } = props;
  const isSorted = sorting?.by === column.id;
  const order = isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : 'none';
  const arrow = { none: 'blank', descending: 'arrow-down', ascending: 'arrow-up' }[order];
  return (
    <th scope="col" class={isWord(column) ? 'word' : ''} aria-sort={order}>
      <button type="button" class="sort" onClick={onSort}>
        {column.title}
        <span class={`codicon codicon-${arrow}`} aria-hidden="true" />
        {column.unit === null ? null : <span class="unit">{column.unit}</span>}
      </button>
    </th>
  );
}

/** First the better end on top, then the other way round, then the order of the comparison. */
function nextSorting(now: CompareView['sorting'], { id, better }: ResultColumn): CompareView['sorting'] {
  const first = better === 'higher';
  if (now?.by !== id) {
    return { by: id, isDescending: first };
  }
  return now.isDescending === first ? { by: id, isDescending: !first } : null;
}

function Cell({ column, run, isBest }: { column: ResultColumn; run: ComparedRun; isBest: boolean }) {
  const text = column.text(run);
  return (
    <td class={`${isWord(column) ? 'word' : ''}${isBest ? ' best' : ''} ${column.id === 'verdict' ? text : ''}`}>
      {text}
      {isWord(column) ? null : isBest ? (
        <span class="codicon codicon-star-full" role="img" aria-label="best" />
      ) : (
        <span class="codicon codicon-blank" aria-hidden="true" />
      )}
    </td>
  );
}

function GroupRow(props: { group: SeedGroup; columns: readonly ResultColumn[]; labels: ReadonlyMap<string, string> }) {
  const { group, columns, labels } = props;
  const members = group.runs.map(({ runFolder }) => labels.get(runFolder)).join('\n');
  return (
    <tr class="group">
      <th scope="row" class="word" title={members}>
        mean ± s.d. of {group.runs.length} seeds{' '}
        <span class="muted">({labels.get(group.runs[0]?.runFolder ?? '')}, …)</span>
      </th>
      {columns.map((column) => (
        <td key={column.id}>{meanText(column, group.runs)}</td>
      ))}
    </tr>
  );
}
