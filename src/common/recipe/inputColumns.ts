/** Which columns of a CSV file a recipe learns from; the trainer, the advice and the hovers all ask here. */
import type { DataSettings } from './schema.ts';
import { groupedOf, readsOwnPast } from './sequences.ts';

/**
 * Without `features`, all named columns but the targets and the columns of time and of sequences are inputs; where a series is
 * foretold the targets too, because their past is known. Texts are the inputs alone.
 */
export function inputColumns(data: DataSettings, header: readonly string[]): readonly string[] {
  if (data.text !== undefined) {
    return [data.text.column];
  }
  // A column without a name is what spreadsheets and data frames number their rows with.
  const others = ['', testTimeOf(data), data.time?.column, groupedOf(data)?.by];
  const isInput = (name: string) => !others.includes(name) && (readsOwnPast(data) || !data.target.includes(name));
  return data.features ?? header.filter(isInput);
}

/** The column whose latest rows are the test; null where the test is chosen otherwise. */
export function testTimeOf({ test }: DataSettings): string | null {
  return test !== undefined && 'time' in test ? test.time : null;
}

/** The column whose values the split counts by; null where it counts all rows together. */
export function splitColumn({ test }: DataSettings): string | null {
  return (test !== undefined && 'every' in test ? test.by : undefined) ?? null;
}
