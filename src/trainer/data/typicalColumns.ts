/** What is usual in each input column of the training rows: the median, or the most frequent word. */
import type { InputColumn } from '../../common/model/sidecar.ts';
import type { ColumnChoice } from './chooseColumns.ts';
import type { Column } from './columns.ts';
import type { Table } from './loadCsv.ts';

/** Rows that a median is taken over, evenly from all: sorting more would cost more than it tells. */
const MOST_ROWS = 10_000;

/** @param from `rows`: the training rows; `means`: what stands for a missing number, by column, where the recipe wants it. */
export function typicalColumns(
  table: Table,
  choice: Pick<ColumnChoice, 'features' | 'time'>,
  from: { readonly rows: Int32Array; readonly means: ReadonlyMap<string, number> },
): InputColumn[] {
  return choice.features.flatMap((name): InputColumn[] => {
    const column = table.columns.get(name);
    if (column === undefined) {
      return [];
    }
    if (column.kind === 'category') {
      const { categories } = column;
      return [{ kind: 'category', name, categories: [...categories], typical: mostFrequent(column, from.rows) }];
    }
    const kind = name === choice.time ? 'time' : 'number';
    return [{ kind, name, typical: median(column.values, from.rows), mean: from.means.get(name) ?? null }];
  });
}

function median(values: ArrayLike<number>, rows: Int32Array): number | null {
  const count = Math.min(rows.length, MOST_ROWS);
  const sorted = Float64Array.from({ length: count }, (_, i) => {
    const row = rows[Math.floor((i * rows.length) / count)] ?? 0;
    return values[row] ?? 0;
  }).sort();
  const upper = sorted[Math.floor(count / 2)];
  const lower = sorted[Math.floor((count - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function mostFrequent(column: Extract<Column, { kind: 'category' }>, rows: Int32Array): string | null {
  const counts = new Int32Array(column.categories.length);
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return column.categories[counts.indexOf(Math.max(...counts))] ?? null;
}
