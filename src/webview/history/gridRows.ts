/** Reckoning with rows of one height: which are in sight, and which lie between two. A library for rows of many heights would bring more than it spares. */

export const ROW_HEIGHT = 26;
export const HEAD_HEIGHT = 28;
/** Drawn above and below what is in sight, so that a turn of the wheel shows no gap. */
const MARGIN = 10;

export interface RowRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export function visibleRows(scrollTop: number, height: number, count: number): RowRange {
  const from = Math.max(0, Math.min(count, Math.floor(scrollTop / ROW_HEIGHT)) - MARGIN);
  const to = Math.min(count, Math.ceil((scrollTop + height) / ROW_HEIGHT) + MARGIN);
  return { from, to: Math.max(from, to) };
}

/** Where to scroll so that a row is whole in sight; the same place where it is already. */
export function scrollToRow(row: number, scrollTop: number, height: number): number {
  const top = row * ROW_HEIGHT;
  const room = height - HEAD_HEIGHT;
  return top < scrollTop ? top : top + ROW_HEIGHT > scrollTop + room ? top + ROW_HEIGHT - room : scrollTop;
}

/** All between two rows, both of them too, whichever comes first. */
export function rowsBetween(order: readonly string[], one: string, other: string): readonly string[] {
  const [a, b] = [order.indexOf(one), order.indexOf(other)];
  return a < 0 || b < 0 ? [other] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Where a row stands that stood at the top, after rows came or went above it. */
export function scrollToKeep(top: { runFolder: string; offset: number }, order: readonly string[]): number | null {
  const row = order.indexOf(top.runFolder);
  return row < 0 ? null : row * ROW_HEIGHT + top.offset;
}
