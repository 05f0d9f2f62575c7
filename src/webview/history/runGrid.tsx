/** The table of runs: only the rows in sight are drawn, and all of it is reached by keys. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { parseTags } from '../../common/run/annotations.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { type Column, EDITABLE } from './columns.ts';
import { GridHead } from './gridHead.tsx';
import { type Cell, cellId, GridRow } from './gridRow.tsx';
import { HEAD_HEIGHT, ROW_HEIGHT, rowsBetween, scrollToKeep, scrollToRow, visibleRows } from './gridRows.ts';
import type { HistoryAppProps } from './historyApp.tsx';
import { type HistoryView, moveColumn, nextSorting } from './historyView.ts';
import { LEAD, moveCell, type Step, stepOf } from './moveCell.ts';

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
  const { runs, order, columns, view, look, send, selected, onSelect, emptyText } = props;
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ scrollTop: 0, height: 0 });
  const [active, setActive] = useState<Cell>({ runFolder: null, column: LEAD });
  const [editing, setEditing] = useState<Cell | null>(null);
  const anchor = useRef<string | null>(null);
  useSize(box, setSeen);
  useSteadyRows(box, { order, view });

  const range = visibleRows(seen.scrollTop, seen.height, order.length);
  const inSight = order.slice(range.from, range.to);
  // What is being written must not vanish with a turn of the wheel.
  const rows =
    editing?.runFolder == null || inSight.includes(editing.runFolder) ? inSight : [...inSight, editing.runFolder];

  const sort = (column: string) => look({ ...view, sorting: nextSorting(view.sorting, column) });
  const select = (runFolder: string, how: { isRange: boolean }) => {
    const next = new Set(selected);
    if (how.isRange && anchor.current !== null) {
      for (const one of rowsBetween(order, anchor.current, runFolder)) {
        next.add(one);
      }
    } else {
      anchor.current = runFolder;
      if (!next.delete(runFolder)) {
        next.add(runFolder);
      }
    }
    onSelect(next);
  };
  const star = (runFolder: string) => {
    const starred = runs.get(runFolder)?.annotations.starred !== true;
    send({ type: 'annotate', runFolders: [runFolder], change: { starred } });
  };
  const write = (cell: Cell, text: string | null) => {
    setEditing(null);
    box.current?.focus({ preventScroll: true });
    const column = columns[cell.column - LEAD]?.id;
    if (text !== null && cell.runFolder !== null) {
      const change = column === 'tags' ? { tags: parseTags(text) } : { note: text };
      send({ type: 'annotate', runFolders: [cell.runFolder], change });
    }
  };
  const move = (step: Step, isRange: boolean) => {
    const room = Math.max(1, Math.floor((seen.height - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const next = moveCell(active, step, { order, columns: columns.length + LEAD, room });
    if (isRange && next.runFolder !== null) {
      anchor.current ??= active.runFolder ?? next.runFolder;
      onSelect(new Set([...selected, ...rowsBetween(order, anchor.current, next.runFolder)]));
    }
    setActive(next);
    show(box, next, { order, columns });
  };
  const act = (key: string) => {
    const { runFolder, column } = active;
    const id = columns[column - LEAD]?.id;
    if (runFolder === null) {
      return id === undefined ? toggleAll() : sort(id);
    }
    if (key === 'F2' || (key === 'Enter' && id !== undefined && EDITABLE.includes(id))) {
      return id !== undefined && EDITABLE.includes(id) ? setEditing(active) : undefined;
    }
    if (column === 1) {
      return star(runFolder);
    }
    return key === 'Enter' && column > 1 ? send({ type: 'open', runFolder }) : select(runFolder, { isRange: false });
  };
  const toggleAll = () => onSelect(order.every((one) => selected.has(one)) ? new Set() : new Set(order));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) {
      return;
    }
    const isCommand = event.ctrlKey || event.metaKey;
    const step = stepOf(event.key, isCommand);
    const id = columns[active.column - LEAD]?.id;
    if (isCommand && event.key === 'a') {
      onSelect(new Set(order));
    } else if (event.altKey && active.runFolder === null && id !== undefined && /^Arrow(Left|Right)$/.test(event.key)) {
      const by = event.key === 'ArrowLeft' ? -1 : 1;
      reorder(id, active.column - LEAD + by);
      setActive({ ...active, column: Math.min(columns.length - 1 + LEAD, Math.max(LEAD, active.column + by)) });
    } else if (step !== null) {
      move(step, event.shiftKey);
    } else if (event.key === 'Escape') {
      onSelect(new Set());
    } else if (event.key === 'Delete' && selected.size > 0) {
      send({ type: 'delete', runFolders: order.filter((one) => selected.has(one)) });
      onSelect(new Set());
    } else if (event.key === 'Enter' || event.key === ' ' || event.key === 'F2') {
      act(event.key);
    } else {
      return;
    }
    event.preventDefault();
  };
  /** @param to Among the columns that are shown. */
  const reorder = (id: string, to: number) => {
    const target = columns[Math.min(columns.length - 1, Math.max(0, to))];
    const place = props.all.findIndex((column) => column.id === target?.id);
    look({ ...view, order: moveColumn(props.all, id, place) });
  };
  const template = `30px 30px ${columns.map(({ width }) => `${width}px`).join(' ')}`;
  const width = 60 + columns.reduce((sum, column) => sum + column.width, 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot hold ten thousand rows, of which forty are drawn.
    <div
      ref={box}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label="Runs"
      aria-multiselectable="true"
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length + LEAD}
      aria-activedescendant={cellId(active.runFolder === null ? -1 : order.indexOf(active.runFolder), active.column)}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget: { scrollTop, clientHeight } }) => setSeen({ scrollTop, height: clientHeight })}
    >
      <GridHead
        {...{ columns, sorting: view.sorting, template, width, active, reorder }}
        isAll={order.length > 0 && order.every((one) => selected.has(one))}
        onSort={(id, column) => {
          setActive({ runFolder: null, column });
          sort(id);
        }}
        onAll={toggleAll}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      <div class="grid-body" role="rowgroup" style={{ height: order.length * ROW_HEIGHT, width }}>
        {rows.map((runFolder) => {
          const run = runs.get(runFolder);
          return run === undefined ? null : (
            <GridRow
              key={runFolder}
              {...{ run, columns, template }}
              index={order.indexOf(runFolder)}
              isSelected={selected.has(runFolder)}
              active={active.runFolder === runFolder ? active.column : null}
              editing={editing?.runFolder === runFolder ? editing.column : null}
              onSelect={select}
              onStar={star}
              onActivate={(column) => setActive({ runFolder, column })}
              onOpen={() => send({ type: 'open', runFolder })}
              onEdit={(column) => setEditing({ runFolder, column })}
              onWrite={(column, text) => write({ runFolder, column }, text)}
            />
          );
        })}
        <p class="no-rows muted">{emptyText}</p>
      </div>
    </div>
  );
}

/** Before anybody has scrolled, and when the panel is made larger. */
function useSize(
  box: RefObject<HTMLDivElement | null>,
  setSeen: (seen: { scrollTop: number; height: number }) => void,
): void {
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setSeen({ scrollTop: current.scrollTop, height: current.clientHeight }));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
}

/** Runs that come or go above leave the rows in sight where they are; another order begins at its top. */
function useSteadyRows(
  box: RefObject<HTMLDivElement | null>,
  { order, view: { sorting, filter } }: { order: readonly string[]; view: HistoryView },
): void {
  const before = useRef({ order, sorting, filter });
  useLayoutEffect(() => {
    const { current } = box;
    const last = before.current;
    before.current = { order, sorting, filter };
    if (current === null || last.order === order) {
      return;
    }
    if (last.sorting !== sorting || last.filter !== filter) {
      current.scrollTop = 0;
      return;
    }
    const top = Math.floor(current.scrollTop / ROW_HEIGHT);
    const runFolder = last.order[top];
    if (current.scrollTop > 0 && runFolder !== undefined) {
      current.scrollTop =
        scrollToKeep({ runFolder, offset: current.scrollTop - top * ROW_HEIGHT }, order) ?? current.scrollTop;
    }
  }, [order]);
}

/** Scrolls a cell into sight, down and across. */
function show(
  box: RefObject<HTMLDivElement | null>,
  cell: Cell,
  { order, columns }: { order: readonly string[]; columns: readonly Column[] },
): void {
  const { current } = box;
  if (current === null) {
    return;
  }
  if (cell.runFolder !== null) {
    current.scrollTop = scrollToRow(order.indexOf(cell.runFolder), current.scrollTop, current.clientHeight);
  }
  const before = columns.slice(0, Math.max(0, cell.column - LEAD)).reduce((sum, { width }) => sum + width, 0);
  const width = columns[cell.column - LEAD]?.width ?? 0;
  if (cell.column < LEAD || before < current.scrollLeft) {
    current.scrollLeft = before;
  } else if (60 + before + width > current.scrollLeft + current.clientWidth) {
    current.scrollLeft = 60 + before + width - current.clientWidth;
  }
}
