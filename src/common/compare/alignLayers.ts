/** Which layer of one network is which of another: the pairing with the fewest changes. */
import { printFlow } from '../recipe/printValue.ts';
import { type Plain, readLayer } from './settings.ts';

export interface PlacedLayer {
  /** Place in the recipe's list, from 0. */
  readonly index: number;
  readonly type: string;
  readonly settings: Plain;
}

/** Null where the layer has no counterpart. */
export type LayerPair = readonly [PlacedLayer | null, PlacedLayer | null];

/** What a layer without counterpart costs; two of them cost more than any pairing of one type. */
const ALONE = 1;

/** Keeps the order of both lists. Layers of two types are never paired. */
export function alignLayers(base: readonly unknown[], other: readonly unknown[]): LayerPair[] {
  const [rows, columns] = [base, other].map((list) => list.map((layer, index) => ({ index, ...readLayer(layer) })));
  if (rows === undefined || columns === undefined) {
    return [];
  }
  const cost = costs(rows, columns);
  const at = (row: number, column: number) => cost[row]?.[column] ?? Number.POSITIVE_INFINITY;
  const pairs: LayerPair[] = [];
  let [row, column] = [rows.length, columns.length];
  while (row > 0 || column > 0) {
    const [a, b] = [rows[row - 1] ?? null, columns[column - 1] ?? null];
    if (a !== null && b !== null && at(row, column) === at(row - 1, column - 1) + difference(a, b)) {
      pairs.push([a, b]);
      row -= 1;
      column -= 1;
    } else if (a !== null && at(row, column) === at(row - 1, column) + ALONE) {
      pairs.push([a, null]);
      row -= 1;
    } else {
      pairs.push([null, b]);
      column -= 1;
    }
  }
  return pairs.reverse();
}

/** Least cost of aligning the first i layers of one with the first j of the other. */
function costs(rows: readonly PlacedLayer[], columns: readonly PlacedLayer[]): number[][] {
  const cost = [[0]];
  for (let i = 0; i <= rows.length; i += 1) {
    const line = cost[i] ?? [];
    cost[i] = line;
    for (let j = i === 0 ? 1 : 0; j <= columns.length; j += 1) {
      const [a, b] = [rows[i - 1], columns[j - 1]];
      const above = cost[i - 1];
      line[j] = Math.min(
        (above?.[j] ?? Number.POSITIVE_INFINITY) + ALONE,
        (line[j - 1] ?? Number.POSITIVE_INFINITY) + ALONE,
        a !== undefined && b !== undefined
          ? (above?.[j - 1] ?? Number.POSITIVE_INFINITY) + difference(a, b)
          : Number.POSITIVE_INFINITY,
      );
    }
  }
  return cost;
}

/** 0 for equal layers; the same name counts for more than the same settings. */
function difference(a: PlacedLayer, b: PlacedLayer): number {
  if (a.type !== b.type) {
    return Number.POSITIVE_INFINITY;
  }
  const keys = [...new Set([...Object.keys(a.settings), ...Object.keys(b.settings)])];
  const different = keys.filter((key) => printFlow(a.settings[key]) !== printFlow(b.settings[key])).length;
  const isNamed = a.settings.name !== undefined && a.settings.name === b.settings.name;
  const share = keys.length === 0 ? 0 : different / keys.length;
  return isNamed ? 0.4 * share : share === 0 ? 0 : 0.6 + 0.8 * share;
}

/** Whether both are one layer that stands elsewhere. */
export function isSameLayer(a: PlacedLayer, b: PlacedLayer): boolean {
  return difference(a, b) === 0;
}
