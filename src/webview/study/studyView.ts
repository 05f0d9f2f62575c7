/** What a person has chosen to see of a study: kept over a reload, and over a page that was hidden. */
import type { Axis } from './axes.ts';
import type { Brushes } from './brushes.ts';
import type { Sorting } from './sortTrials.ts';

export interface StudyView {
  readonly brushes: Brushes;
  /** Names of axes in the order wanted; those that are not in it follow. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly sorting: Sorting;
}

/** Reads what was kept, perhaps by an earlier version; what does not fit is as at the beginning. */
export function toView(kept: unknown): StudyView {
  const { brushes, order, hidden, sorting } = (kept ?? {}) as Partial<Record<keyof StudyView, unknown>>;
  return {
    brushes: isBrushes(brushes) ? brushes : {},
    order: isNames(order) ? order : [],
    hidden: isNames(hidden) ? hidden : [],
    sorting: isSorting(sorting) ? sorting : { by: 'number', descending: false },
  };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isBrushes(value: unknown): value is Brushes {
  const isRange = (range: unknown) =>
    Array.isArray(range) && range.length === 2 && range.every((end) => Number.isFinite(end));
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((ranges) => Array.isArray(ranges) && ranges.every(isRange))
  );
}

function isSorting(value: unknown): value is Sorting {
  const { by, descending } = (value ?? {}) as Partial<Record<keyof Sorting, unknown>>;
  return typeof by === 'string' && typeof descending === 'boolean';
}

/** All axes as they are to stand, hidden ones too. */
export function orderAxes(axes: readonly Axis[], order: readonly string[]): Axis[] {
  const rank = ({ name }: Axis) => (order.includes(name) ? order.indexOf(name) : order.length + axes.length);
  return axes
    .map((axis, index) => ({ axis, index }))
    .sort((a, b) => rank(a.axis) - rank(b.axis) || a.index - b.index)
    .map(({ axis }) => axis);
}

/** The order with one axis moved by one place among all. */
export function moveAxis(axes: readonly Axis[], name: string, by: -1 | 1): string[] {
  const names = axes.map((axis) => axis.name);
  const from = names.indexOf(name);
  const to = Math.min(names.length - 1, Math.max(0, from + by));
  names.splice(to, 0, ...names.splice(from, 1));
  return names;
}
