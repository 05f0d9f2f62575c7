/** Clicks on the rows: one listener for all cells, as ten to a row would cost more than the rows. */
import type { Column } from './columns.ts';
import type { GridActions } from './gridActions.ts';
import type { Cell } from './gridRow.tsx';
import { LEAD } from './moveCell.ts';

interface Clicked {
  readonly actions: GridActions;
  readonly columns: readonly Column[];
  /** Of the rows, by their number. */
  readonly order: readonly string[];
  setActive(cell: Cell): void;
  open(runFolder: string): void;
}

export function onRowClick(event: MouseEvent, { actions, columns, order, setActive, open }: Clicked): void {
  const cell = cellOf(event, order);
  if (cell?.runFolder == null) {
    return;
  }
  const { runFolder, column } = cell;
  setActive(cell);
  if (column === 1) {
    actions.star(runFolder);
  } else if (column === 0 || event.shiftKey || event.ctrlKey || event.metaKey) {
    actions.select(runFolder, { isRange: event.shiftKey });
  } else if (
    columns[column - LEAD]?.id === 'name' &&
    event.target instanceof HTMLElement &&
    event.target.closest('.name') !== null
  ) {
    open(runFolder);
  }
}

export function onRowDoubleClick(event: MouseEvent, { actions, order }: Pick<Clicked, 'actions' | 'order'>): void {
  const cell = cellOf(event, order);
  if (cell !== null) {
    actions.edit(cell);
  }
}

function cellOf({ target }: MouseEvent, order: readonly string[]): Cell | null {
  const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('.cell') : null;
  if (cell === null || (target instanceof HTMLElement && target.closest('input') !== null)) {
    return null;
  }
  const runFolder = order[Number(cell.parentElement?.dataset.row)];
  return runFolder === undefined
    ? null
    : { runFolder, column: [...(cell.parentElement?.children ?? [])].indexOf(cell) };
}
