/** What the table of runs does when it is asked to, by pointer or key. */
import type { RefObject } from 'preact';
import { parseTags } from '../../common/run/annotations.ts';
import { type Column, EDITABLE } from './columns.ts';
import type { Cell } from './gridRow.tsx';
import { HEAD_HEIGHT, ROW_HEIGHT, rowsBetween, scrollToRow } from './gridRows.ts';
import { moveColumn, nextSorting } from './historyView.ts';
import { LEAD, moveCell, type Step } from './moveCell.ts';
import type { RunGridProps } from './runGrid.tsx';

/** Where the keys are, what is written in, and where a range of the selection begins. */
export interface GridState {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly anchor: { current: string | null };
  readonly active: Cell;
  setActive(cell: Cell): void;
  setEditing(cell: Cell | null): void;
}

export interface GridActions {
  sort(column: string): void;
  select(runFolder: string, how: { isRange: boolean }): void;
  toggleAll(): void;
  star(runFolder: string): void;
  edit(cell: Cell): void;
  /** Null: leave it as it was. */
  write(cell: Cell, text: string | null): void;
  move(step: Step, how: { isRange: boolean }): void;
  /** What Enter, F2 and the space bar mean where the keys are. */
  act(key: string): void;
  deleteSelected(): void;
  /** @param to Among the columns that are shown. */
  reorder(id: string, to: number): void;
}

export function gridActions(props: RunGridProps, state: GridState): GridActions {
  const { runs, order, columns, view, look, send, selected, onSelect } = props;
  const { active, anchor, box, setActive, setEditing } = state;
  const columnAt = (at: number): Column | undefined => columns[at - LEAD];
  const isEditable = (at: number) => EDITABLE.includes(columnAt(at)?.id ?? '');
  const actions: GridActions = {
    sort: (column) => look({ ...view, sorting: nextSorting(view.sorting, column) }),
    select(runFolder, { isRange }) {
      if (isRange && anchor.current !== null) {
        onSelect(new Set([...selected, ...rowsBetween(order, anchor.current, runFolder)]));
        return;
      }
      anchor.current = runFolder;
      const others = [...selected].filter((one) => one !== runFolder);
      onSelect(new Set(selected.has(runFolder) ? others : [...others, runFolder]));
    },
    toggleAll: () => onSelect(order.every((one) => selected.has(one)) ? new Set() : new Set(order)),
    star(runFolder) {
      const starred = runs.get(runFolder)?.annotations.starred !== true;
      send({ type: 'annotate', runFolders: [runFolder], change: { starred } });
    },
    edit: (cell) => (isEditable(cell.column) ? setEditing(cell) : undefined),
    write({ runFolder, column }, text) {
      setEditing(null);
      box.current?.focus({ preventScroll: true });
      if (text !== null && runFolder !== null) {
        const change = columnAt(column)?.id === 'tags' ? { tags: parseTags(text) } : { note: text };
        send({ type: 'annotate', runFolders: [runFolder], change });
      }
    },
    move(step, { isRange }) {
      const room = Math.max(1, Math.floor(((box.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
      const next = moveCell(active, step, { order, columns: columns.length + LEAD, room });
      if (isRange && next.runFolder !== null) {
        anchor.current ??= active.runFolder ?? next.runFolder;
        onSelect(new Set([...selected, ...rowsBetween(order, anchor.current, next.runFolder)]));
      }
      setActive(next);
      showCell(box.current, next, { order, columns });
    },
    act(key) {
      const { runFolder, column } = active;
      const id = columnAt(column)?.id;
      if (runFolder === null) {
        return column === 0 ? actions.toggleAll() : actions.sort(id ?? 'starred');
      }
      if (key === 'F2' || (key === 'Enter' && isEditable(column))) {
        return actions.edit(active);
      }
      if (column === 1) {
        return actions.star(runFolder);
      }
      return key === 'Enter' && id !== undefined
        ? send({ type: 'open', runFolder })
        : actions.select(runFolder, { isRange: false });
    },
    deleteSelected() {
      const runFolders = order.filter((one) => selected.has(one));
      if (runFolders.length > 0) {
        send({ type: 'delete', runFolders });
        onSelect(new Set());
      }
    },
    reorder(id, to) {
      const target = columns[Math.min(columns.length - 1, Math.max(0, to))];
      const place = props.all.findIndex((column) => column.id === target?.id);
      look({ ...view, order: moveColumn(props.all, id, place) });
    },
  };
  return actions;
}

/** Scrolls a cell into sight, down and across. */
function showCell(
  box: HTMLDivElement | null,
  cell: Cell,
  { order, columns }: { order: readonly string[]; columns: readonly Column[] },
): void {
  if (box === null) {
    return;
  }
  if (cell.runFolder !== null) {
    box.scrollTop = scrollToRow(order.indexOf(cell.runFolder), box.scrollTop, box.clientHeight);
  }
  const before = columns.slice(0, Math.max(0, cell.column - LEAD)).reduce((sum, { width }) => sum + width, 0);
  const width = columns[cell.column - LEAD]?.width ?? 0;
  const right = 60 + before + width;
  if (cell.column <= LEAD) {
    box.scrollLeft = 0;
  } else if (right > box.scrollLeft + box.clientWidth) {
    box.scrollLeft = right - box.clientWidth;
  } else if (before - (columns[0]?.width ?? 0) < box.scrollLeft) {
    // The first column covers what is scrolled below it.
    box.scrollLeft = before - (columns[0]?.width ?? 0);
  }
}
