/** The whole page of the run history: filter, actions, and the table. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../common/format.ts';
import type { FromHistoryPage } from '../../common/historyMessages.ts';
import { namesOfRuns } from '../../common/run/runFields.ts';
import { parseRunFilter, type RunFilter } from '../../common/run/runFilter.ts';
import { ActionsBar } from './actionsBar.tsx';
import { arrange, countArchived, readFilter } from './arrange.ts';
import { columnsOf } from './columns.ts';
import { ColumnsMenu } from './columnsMenu.tsx';
import type { HistoryModel } from './historyModel.ts';
import { type HistoryView, orderColumns } from './historyView.ts';
import { RunGrid } from './runGrid.tsx';

export interface HistoryAppProps {
  readonly model: HistoryModel;
  /** They change with the model, which grows in place. */
  readonly version: number;
  readonly arrangement: number;
  readonly view: HistoryView;
  look(view: HistoryView): void;
  send(message: FromHistoryPage): void;
}

const EVERYTHING = parseRunFilter('');

export function HistoryApp({ model, version, arrangement, view, look, send }: HistoryAppProps) {
  const { runs } = model;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const known = useMemo(() => namesOfRuns([...runs.values()]), [arrangement]);
  const read = useMemo(() => readFilter(view.filter, known), [view.filter, known]);
  // While a filter is half typed, what fitted the last whole one stays.
  const last = useRef<RunFilter>(EVERYTHING);
  last.current = 'filter' in read ? read.filter : last.current;
  const filter = last.current;
  const order = useMemo(
    () => arrange(runs.values(), { filter, view, now: Date.now() }),
    [arrangement, filter, view.sorting, view.showsArchived],
  );
  const columns = useMemo(() => orderColumns(columnsOf(known.params, runs.values()), view.order), [known, view.order]);
  const shown = useMemo(() => columns.filter(({ id }) => !view.hidden.includes(id)), [columns, view.hidden]);
  const archived = useMemo(() => countArchived(runs.values()), [arrangement]);
  // What is no longer shown must not be deleted with the rest.
  const chosen = useMemo(() => order.filter((runFolder) => selected.has(runFolder)), [order, selected]);
  if (runs.size === 0) {
    return model.isLoaded ? <Empty send={send} /> : <p class="muted loading">Reading the runs…</p>;
  }
  return (
    <main class="history">
      <div class="history-head">
        <h1>Runs</h1>
        <span class="count" aria-live="polite">
          {order.length === runs.size
            ? `${formatCount(runs.size)}`
            : `${formatCount(order.length)} of ${formatCount(runs.size)}`}
        </span>
        <FilterField {...{ view, look }} problem={'problem' in read ? read.problem : null} />
        <ArchivedSwitch {...{ view, look, archived }} />
        <ColumnsMenu {...{ columns, view, look }} />
      </div>
      <p class="filter-problem" role="status">
        {'problem' in read ? read.problem : ''}
      </p>
      <ActionsBar {...{ runs, chosen, version, send }} clear={() => setSelected(new Set())} />
      <RunGrid
        {...{ runs, version, order, columns: shown, all: columns, view, look, send, selected }}
        onSelect={setSelected}
        emptyText={order.length > 0 ? '' : 'No run fits.'}
      />
    </main>
  );
}

function Empty({ send }: { send(message: FromHistoryPage): void }) {
  return (
    <main class="empty-history">
      <h1>Runs</h1>
      <p>Nothing was trained here yet. Every training of a recipe is a run, and is listed here with its result.</p>
      <button type="button" class="primary" onClick={() => send({ type: 'train' })}>
        Train a Recipe
      </button>
    </main>
  );
}

type ViewProps = Pick<HistoryAppProps, 'view' | 'look'>;

const HINT = 'Filter: words, units > 32, rmse < 3.6, status:failed, tag:wide, is:starred';

function FilterField({ view, look, problem }: ViewProps & { readonly problem: string | null }) {
  const set = (filter: string) => look({ ...view, filter });
  return (
    <div class="filter">
      <input
        type="text"
        class={problem === null ? '' : 'wrong'}
        aria-label="Filter runs"
        aria-invalid={problem !== null}
        spellcheck={false}
        placeholder={HINT}
        title={HINT}
        value={view.filter}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && view.filter !== '') {
            event.preventDefault();
            set('');
          }
        }}
      />
      <button
        type="button"
        class={`plain clear ${view.filter === '' ? 'away' : ''}`}
        aria-label="Clear the filter"
        title="Clear the filter"
        onClick={() => set('')}
      >
        <span class="codicon codicon-close" aria-hidden="true" />
      </button>
    </div>
  );
}

function ArchivedSwitch({ view, look, archived }: ViewProps & { readonly archived: number }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={view.showsArchived}
        onChange={() => look({ ...view, showsArchived: !view.showsArchived })}
      />{' '}
      Archived ({formatCount(archived)})
    </label>
  );
}
