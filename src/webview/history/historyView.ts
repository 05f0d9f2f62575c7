/** What a person has chosen to see of the history: kept for the next time. */
import { NEWEST_FIRST, type RunSorting } from '../../common/run/sortRuns.ts';
import { type Column, HIDDEN_AT_FIRST } from './columns.ts';

export interface HistoryView {
  readonly filter: string;
  readonly sorting: RunSorting;
  /** Columns in the order wanted; those that are not in it follow. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly showsArchived: boolean;
}

/** Reads what was kept, perhaps by an earlier version; what does not fit is as at the beginning. */
export function toView(kept: unknown): HistoryView {
  const { filter, sorting, order, hidden, showsArchived } = (kept ?? {}) as Partial<Record<keyof HistoryView, unknown>>;
  return {
    filter: typeof filter === 'string' ? filter : '',
    sorting: isSorting(sorting) ? sorting : NEWEST_FIRST,
    order: isNames(order) ? order : [],
    hidden: isNames(hidden) ? hidden : HIDDEN_AT_FIRST,
    showsArchived: showsArchived === true,
  };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isSorting(value: unknown): value is RunSorting {
  const { by, descending } = (value ?? {}) as Partial<Record<keyof RunSorting, unknown>>;
  return typeof by === 'string' && typeof descending === 'boolean';
}

/** All columns as they are to stand, hidden ones too. */
export function orderColumns(columns: readonly Column[], order: readonly string[]): Column[] {
  const rank = new Map(order.map((id, index) => [id, index]));
  return columns
    .map((column, index) => ({ column, place: rank.get(column.id) ?? order.length + index, index }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ column }) => column);
}

/** The order with one column put in the place of another. */
export function moveColumn(columns: readonly Column[], id: string, to: number): string[] {
  const ids = columns.map((column) => column.id).filter((one) => one !== id);
  ids.splice(Math.min(ids.length, Math.max(0, to)), 0, id);
  return ids;
}

/** What a click on a column's head asks for: first its natural end, then the other way round. */
export function nextSorting({ by, descending }: RunSorting, column: string): RunSorting {
  return by === column ? { by, descending: !descending } : { by: column, descending: column === 'started' };
}
