/** The keys of the table of runs, as the authoring practices of WAI-ARIA have them for grids. */
import type { GridActions } from './gridActions.ts';
import type { Cell } from './gridRow.tsx';
import { LEAD, stepOf } from './moveCell.ts';
import type { RunGridProps } from './runGrid.tsx';

interface Place {
  readonly active: Cell;
  setActive(cell: Cell): void;
}

/** Keys that mean nothing here go on to the page. */
export function onGridKey(event: KeyboardEvent, props: RunGridProps, actions: GridActions, place: Place): void {
  // What is typed into a cell's field is its own.
  if (event.target === event.currentTarget && obey(event, props, actions, place)) {
    event.preventDefault();
  }
}

/** @returns Whether the key meant something. */
function obey(
  event: KeyboardEvent,
  { columns, order, onSelect }: RunGridProps,
  actions: GridActions,
  place: Place,
): boolean {
  const { active, setActive } = place;
  const isCommand = event.ctrlKey || event.metaKey;
  const id = columns[active.column - LEAD]?.id;
  if (event.altKey && active.runFolder === null && id !== undefined && /^Arrow(Left|Right)$/.test(event.key)) {
    const to = active.column - LEAD + (event.key === 'ArrowLeft' ? -1 : 1);
    actions.reorder(id, to);
    setActive({ ...active, column: LEAD + Math.min(columns.length - 1, Math.max(0, to)) });
    return true;
  }
  const step = stepOf(event.key, isCommand);
  if (step !== null) {
    actions.move(step, { isRange: event.shiftKey });
    return true;
  }
  switch (event.key) {
    case 'a':
      if (isCommand) {
        onSelect(new Set(order));
      }
      return isCommand;
    case 'Escape':
      onSelect(new Set());
      return true;
    case 'Delete':
      actions.deleteSelected();
      return true;
    case 'Enter':
    case 'F2':
    case ' ':
      actions.act(event.key);
      return true;
    default:
      return false;
  }
}
