/** What a person has chosen to see of a comparison: kept over a reload, and over a page that was hidden. */
import type { AxisScale } from '../../common/chart/ticks.ts';
import { giveSlots, LOOKS, type Slots } from '../../common/compare/runLooks.ts';

export interface CompareView {
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  readonly slots: Slots;
  readonly scale: AxisScale;
  /** Null: as many as can be told apart. */
  readonly rows: ShownRows | null;
  /** 0: as measured; towards 1: smoother. */
  readonly smoothing: number;
  readonly isTable: boolean;
  /** Column of the result table; null: in the order of the comparison. */
  readonly sorting: { readonly by: string; readonly isDescending: boolean } | null;
  /** The two runs whose recipes are compared; null: the first two. */
  readonly base: string | null;
  readonly other: string | null;
}

/** Whose curves are drawn: of the training rows, of the validation rows, or both. */
export type ShownRows = 'both' | 'training' | 'validation';

const ROWS: readonly ShownRows[] = ['both', 'training', 'validation'];

/** Reads what was kept, perhaps by an earlier version; what does not fit is as at the beginning. */
export function toView(kept: unknown): CompareView {
  const view = (kept ?? {}) as Partial<Record<keyof CompareView, unknown>>;
  const { smoothing, sorting } = view;
  return {
    hidden: toNames(view.hidden),
    pinned: toNames(view.pinned),
    slots: toSlots(view.slots),
    scale: view.scale === 'log' ? 'log' : 'linear',
    rows: ROWS.find((rows) => rows === view.rows) ?? null,
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? smoothing : 0,
    isTable: view.isTable === true,
    sorting: toSorting(sorting),
    base: typeof view.base === 'string' ? view.base : null,
    other: typeof view.other === 'string' ? view.other : null,
  };
}

/** Two curves of each of many runs are a thicket: then the rows that are chosen by are drawn alone. */
export function rowsOf({ rows }: CompareView, count: number): ShownRows {
  return rows ?? (count > LOOKS ? 'validation' : 'both');
}

function toNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function toSlots(value: unknown): Slots {
  const isSlot = (slot: unknown) => Number.isInteger(slot) && Number(slot) >= 0 && Number(slot) < LOOKS;
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, slot]) => isSlot(slot)))
    : {};
}

function toSorting(value: unknown): CompareView['sorting'] {
  const { by, isDescending } = (value ?? {}) as { by?: unknown; isDescending?: unknown };
  return typeof by === 'string' && typeof isDescending === 'boolean' ? { by, isDescending } : null;
}

/** Every run that is compared has its look, or none where there are more runs than looks. */
export function withRuns(view: CompareView, runFolders: readonly string[]): CompareView {
  const slots = giveSlots(view.slots, runFolders, view.pinned);
  const isSame = JSON.stringify(slots) === JSON.stringify(view.slots);
  return isSame ? view : { ...view, slots };
}

/** A name taken out of a list, or put into it. */
export function toggle(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
