/** How runs are told apart wherever they are drawn: a colour, and a dash or a marker for those who do not see it. */

/**
 * Eight hues that stay apart for the common kinds of colour blindness, after M. Okabe and K. Ito, "Color Universal Design" (2008):
 * lightened for dark paper and darkened for white, so that each has a contrast of at least 3 : 1.
 */
export const RUN_COLORS = {
  light: ['#0072b2', '#c14a00', '#00795a', '#a8437f', '#7a6a00', '#3d3d3d', '#2a8bc9', '#8b5a2b'],
  dark: ['#56b4e9', '#ff9355', '#2fc796', '#e58fbf', '#f0e442', '#d9d9d9', '#7a9bff', '#c8a27a'],
} as const;

/** How many runs have a look of their own at the same time. */
export const LOOKS = 8;

/** Dashes in pixels, by look; solid first. */
export const RUN_DASHES: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
  [12, 4],
  [1, 4],
  [6, 2, 2, 2, 2, 2],
];

export type MarkerShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'plus' | 'ring' | 'bar';

export const RUN_MARKERS: readonly MarkerShape[] = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'cross',
  'plus',
  'ring',
  'bar',
];

/** A run's place among the looks; absent for one that is drawn in grey. */
export type Slots = Readonly<Record<string, number>>;

/**
 * Keeps what each run had; free looks go to pinned runs first, then in order. A pinned run without one takes that of the
 * last run that is not pinned.
 */
export function giveSlots(before: Slots, runs: readonly string[], pinned: readonly string[]): Slots {
  const slots = new Map<string, number>(
    runs.flatMap((run) => {
      const slot = before[run];
      return slot === undefined ? [] : [[run, slot] as const];
    }),
  );
  const free = Array.from({ length: LOOKS }, (_, slot) => slot).filter((slot) => ![...slots.values()].includes(slot));
  const isPinned = (run: string) => pinned.includes(run);
  const waiting = runs.filter((run) => !slots.has(run));
  for (const run of [...waiting.filter(isPinned), ...waiting.filter((one) => !isPinned(one))]) {
    const giver =
      free.length > 0 || !isPinned(run) ? undefined : runs.findLast((one) => slots.has(one) && !isPinned(one));
    const slot = giver === undefined ? free.shift() : slots.get(giver);
    if (giver !== undefined) {
      slots.delete(giver);
    }
    if (slot !== undefined) {
      slots.set(run, slot);
    }
  }
  return Object.fromEntries(slots);
}
