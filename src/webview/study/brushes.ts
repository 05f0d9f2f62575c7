/** Ranges that a person has brushed on the axes, and which trials lie in them. */
import type { TrialState } from '../../common/study/reduceStudy.ts';
import type { Axis } from './axes.ts';

/** From and to, as places on the axis; the first is the lower one. */
export type Range = readonly [number, number];

/** By the axis's name; an axis without ranges holds every trial. */
export type Brushes = Readonly<Record<string, readonly Range[]>>;

export function isBrushed(brushes: Brushes): boolean {
  return Object.values(brushes).some((ranges) => ranges.length > 0);
}

/** A trial is in when each brushed axis has it in one of its ranges; without a place there it is out. */
export function selectTrials(trials: readonly TrialState[], axes: readonly Axis[], brushes: Brushes): TrialState[] {
  const brushed = axes.filter(({ name }) => (brushes[name] ?? []).length > 0);
  return trials.filter((trial) =>
    brushed.every((axis) => {
      const place = axis.place(trial);
      return (
        place !== null && (brushes[axis.name] ?? []).some(([from, to]) => place >= from - 1e-9 && place <= to + 1e-9)
      );
    }),
  );
}

/** Ranges in ascending order, those that touch joined into one. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) {
      last[1] = Math.max(last[1], to);
    } else {
      joined.push([from, to]);
    }
  }
  return joined;
}

/** What a pointer that was put down at a place will do until it is let go. */
export interface Grip {
  readonly kind: 'new' | 'move' | 'low' | 'high';
  /** The range that is held; all others stay. */
  readonly held: Range | null;
  readonly others: readonly Range[];
  readonly at: number;
}

/** @param reach How near, as a part of the axis, a pointer must be to an end to take hold of it. */
export function grip(ranges: readonly Range[], at: number, reach: number): Grip {
  const near = (end: number) => Math.abs(at - end) <= reach;
  const held = ranges.find(([from, to]) => (at >= from && at <= to) || near(from) || near(to)) ?? null;
  const others = ranges.filter((range) => range !== held);
  if (held === null) {
    return { kind: 'new', held, others, at };
  }
  // A short range is moved, or its ends would leave nothing to take hold of.
  const isShort = held[1] - held[0] < 3 * reach;
  const kind = isShort ? 'move' : near(held[1]) ? 'high' : near(held[0]) ? 'low' : 'move';
  return { kind, held, others, at };
}

/** The ranges while a pointer that holds `grip` is at `to`. */
export function drag({ kind, held, others, at }: Grip, to: number): Range[] {
  const [low, high] = held ?? [at, at];
  const end = clamp(to);
  switch (kind) {
    case 'new':
      return joinRanges([...others, ordered(at, end)]);
    case 'low':
      return joinRanges([...others, ordered(high, end)]);
    case 'high':
      return joinRanges([...others, ordered(low, end)]);
    case 'move':
      return joinRanges([...others, shift([low, high], to - at)]);
  }
}

/** The ranges after a key was pressed on the axis; null where the key means nothing here. The last range is the one meant. */
export function press(
  ranges: readonly Range[],
  key: { readonly name: string; readonly isShifted: boolean },
  step: number,
): Range[] | null {
  const others = ranges.slice(0, -1);
  const last = ranges.at(-1);
  const sign = key.name === 'ArrowUp' ? 1 : -1;
  switch (key.name) {
    case 'ArrowUp':
    case 'ArrowDown':
      if (last === undefined) {
        return [sign > 0 ? [0.5, 1] : [0, 0.5]];
      }
      return [...others, key.isShifted ? widen(last, (sign * step) / 2) : shift(last, sign * step)];
    case 'Enter':
      return [...ranges, freePlace(ranges)];
    case 'Delete':
    case 'Backspace':
      return [...others];
    case 'Escape':
      return ranges.length === 0 ? null : [];
    default:
      return null;
  }
}

/** A range of a tenth in the middle of the widest stretch that is free. */
function freePlace(ranges: readonly Range[]): Range {
  const borders = [0, ...joinRanges(ranges).flat(), 1];
  let best: Range = [0, 0];
  for (let index = 0; index + 1 < borders.length; index += 2) {
    const gap: Range = [borders[index] ?? 0, borders[index + 1] ?? 1];
    best = gap[1] - gap[0] > best[1] - best[0] ? gap : best;
  }
  const middle = (best[0] + best[1]) / 2;
  const half = Math.min(0.05, (best[1] - best[0]) / 3);
  return [middle - half, middle + half];
}

function widen([from, to]: Range, by: number): Range {
  const middle = (from + to) / 2;
  return [clamp(Math.min(middle, from - by)), clamp(Math.max(middle, to + by))];
}

function shift([from, to]: Range, by: number): Range {
  const kept = Math.max(-from, Math.min(1 - to, by));
  return [from + kept, to + kept];
}

const ordered = (a: number, b: number): Range => (a < b ? [a, b] : [b, a]);
const clamp = (place: number) => Math.min(1, Math.max(0, place));
