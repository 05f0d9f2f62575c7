/** The table of runs: only the rows in sight are drawn, and all of it is reached by keys. */
import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { Column } from './columns.ts';
import { gridActions } from './gridActions.ts';
import { GridHead } from './gridHead.tsx';
import { onGridKey } from './gridKeys.ts';
import { onRowClick, onRowDoubleClick } from './gridPointer.ts';
import { type Cell, cellId, GridRow } from './gridRow.tsx';
import { ROW_HEIGHT, visibleRows } from './gridRows.ts';
import type { HistoryAppProps } from './historyApp.tsx';
import { LEAD } from './moveCell.ts';
import { useSeen, useSteadyRows } from './useGrid.ts';

export interface RunGridProps extends Pick<HistoryAppProps, 'version' | 'view' | 'look' | 'send'> {
  readonly runs: ReadonlyMap<string, RunSummary>;
  /** Folders of the runs to show, in their order. */
  readonly order: readonly string[];
  /** As they stand; `all` holds the hidden ones too. */
  readonly columns: readonly Column[];
  readonly all: readonly Column[];
  readonly selected: ReadonlySet<string>;
  readonly emptyText: string;
  onSelect(selected: ReadonlySet<string>): void;
}

export function RunGrid(props: RunGridProps) {
  const { order, columns, view, send, selected } = props;
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<string | null>(null);
  const [active, setActive] = useState<Cell>({ runFolder: null, column: LEAD });
  const [editing, setEditing] = useState<Cell | null>(null);
  const [seen, look] = useSeen(box);
  useSteadyRows(box, { order, view });
  const actions = gridActions(props, { box, anchor, active, setActive, setEditing });
  const open = (runFolder: string) => send({ type: 'open', runFolder });
  const isAll = useMemo(() => order.length > 0 && order.every((one) => selected.has(one)), [order, selected]);
  const template = `30px 30px ${columns.map(({ width }) => `${width}px`).join(' ')}`;
  const width = 60 + columns.reduce((sum, column) => sum + column.width, 0);
  const range = visibleRows(seen.scrollTop, seen.height, order.length);
  const row = active.runFolder === null ? -1 : order.indexOf(active.runFolder);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element would need all ten thousand rows, of which forty are drawn.
    <div
      ref={box}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label="Runs"
      aria-multiselectable="true"
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length + LEAD}
      aria-activedescendant={cellId(row, active.column)}
      onKeyDown={(event) => onGridKey(event, props, actions, { active, setActive })}
      onScroll={look}
    >
      <GridHead
        {...{ columns, sorting: view.sorting, template, width, active, isAll, reorder: actions.reorder }}
        onSort={(id, column) => {
          setActive({ runFolder: null, column });
          actions.sort(id);
        }}
        onAll={actions.toggleAll}
      />
      {/* biome-ignore lint/a11y: the grid has the focus and hears the keys. */}
      <div
        class="grid-body"
        role="rowgroup"
        style={{ height: `${order.length * ROW_HEIGHT}px`, width: `${width}px` }}
        onClick={(event) => onRowClick(event, { actions, columns, order, setActive, open })}
        onDblClick={(event) => onRowDoubleClick(event, { actions, order })}
      >
        <Rows {...props} {...{ ...range, active, editing, template, write: actions.write }} />
        <p class="no-rows muted">{props.emptyText}</p>
      </div>
    </div>
  );
}

interface RowsProps extends RunGridProps {
  readonly from: number;
  readonly to: number;
  readonly active: Cell;
  readonly editing: Cell | null;
  readonly template: string;
  write(cell: Cell, text: string | null): void;
}

/** A row that is as it was is not even compared: scrolling costs the rows that come. */
function Rows({ runs, order, columns, selected, from, to, active, editing, template, write }: RowsProps) {
  const drawn = useRef(new Map<string, { parts: readonly unknown[]; row: VNode }>());
  const inSight = order.slice(from, to).map((runFolder, at) => ({ runFolder, index: from + at }));
  // What is being written must not vanish with a turn of the wheel.
  const held = editing?.runFolder ?? null;
  const wanted =
    held === null || inSight.some(({ runFolder }) => runFolder === held)
      ? inSight
      : [...inSight, { runFolder: held, index: order.indexOf(held) }];
  const next: typeof drawn.current = new Map();
  for (const { runFolder, index } of wanted) {
    const run = runs.get(runFolder);
    if (run !== undefined) {
      const isSelected = selected.has(runFolder);
      const at = active.runFolder === runFolder ? active.column : null;
      const field = held === runFolder ? (editing?.column ?? null) : null;
      const parts = [run, index, columns, isSelected, at, field];
      const before = drawn.current.get(runFolder);
      const isSame =
        field === null && before !== undefined && before.parts.every((part, place) => part === parts[place]);
      const row = isSame ? (
        before.row
      ) : (
        <GridRow
          key={runFolder}
          {...{ run, index, columns, template, isSelected, active: at, editing: field }}
          onWrite={(column, text) => write({ runFolder, column }, text)}
        />
      );
      next.set(runFolder, { parts, row });
    }
  }
  drawn.current = next;
  return <>{[...next.values()].map(({ row }) => row)}</>;
}
