/** What a confusion matrix says of each class, and which confusions are the most frequent. */

export interface ClassScore {
  readonly name: string;
  /** Rows of this class. */
  readonly rows: number;
  readonly right: number;
  /** Of the rows that were taken for it, how many are it; null where none was. */
  readonly precision: number | null;
  /** Of its rows, how many were found; null where it has none. */
  readonly recall: number | null;
}

type Confusion = readonly (readonly number[])[];

/** @param confusion `[actual][predicted]`, counts. */
export function classScores(classes: readonly string[], confusion: Confusion): ClassScore[] {
  return classes.map((name, code) => {
    const rows = (confusion[code] ?? []).reduce((sum, count) => sum + count, 0);
    const said = confusion.reduce((sum, counts) => sum + (counts[code] ?? 0), 0);
    const right = confusion[code]?.[code] ?? 0;
    return { name, rows, right, precision: share(right, said), recall: share(right, rows) };
  });
}

export interface Confused {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
}

/** The most frequent first. */
export function mostConfused(classes: readonly string[], confusion: Confusion, most: number): Confused[] {
  const pairs = classes.flatMap((actual, row) =>
    classes.map((predicted, column) => ({
      actual,
      predicted,
      count: row === column ? 0 : (confusion[row]?.[column] ?? 0),
    })),
  );
  return pairs
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
