/** Where the keys lead to in the table of runs. */
import type { Cell } from './gridRow.tsx';

/** Columns before those of the runs: the box to select by, and the star. */
export const LEAD = 2;

export type Step = 'up' | 'down' | 'left' | 'right' | 'pageUp' | 'pageDown' | 'first' | 'last' | 'rowStart' | 'rowEnd';

const KEYS: Readonly<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'rowStart',
  End: 'rowEnd',
};

/** As the authoring practices of WAI-ARIA have it for grids: Home and End within the row, with Ctrl over the whole table. */
export function stepOf(key: string, isCommand: boolean): Step | null {
  const step = KEYS[key] ?? null;
  return !isCommand ? step : step === 'rowStart' ? 'first' : step === 'rowEnd' ? 'last' : step;
}

/** @param room Rows of one page. The head is the row above the first. */
export function moveCell(
  { runFolder, column }: Cell,
  step: Step,
  { order, columns, room }: { readonly order: readonly string[]; readonly columns: number; readonly room: number },
): Cell {
  const row = runFolder === null ? -1 : order.indexOf(runFolder);
  const toRow = (next: number): Cell => ({
    runFolder: next < 0 ? null : (order[Math.min(order.length - 1, next)] ?? null),
    column,
  });
  switch (step) {
    case 'up':
      return toRow(row - 1);
    case 'down':
      return toRow(row + 1);
    case 'pageUp':
      return toRow(Math.max(0, row - room));
    case 'pageDown':
      return toRow(row + room);
    case 'first':
      return toRow(0);
    case 'last':
      return toRow(order.length - 1);
    case 'left':
      return { runFolder, column: Math.max(0, column - 1) };
    case 'right':
      return { runFolder, column: Math.min(columns - 1, column + 1) };
    case 'rowStart':
      return { runFolder, column: 0 };
    case 'rowEnd':
      return { runFolder, column: columns - 1 };
  }
}
