/** Which columns of a data file a recipe learns from. */
import type { DataSettings } from './schema.ts';
import { groupedOf, readsOwnPast } from './sequences.ts';

/**
 * Without `features`, all named columns but the targets and the columns of time and of sequences are read; where a series is foretold
 * the targets too, because their past is known.
 */
export function inputColumns(data: DataSettings, header: readonly string[]): readonly string[] {
  if (data.text !== undefined) {
    return [data.text.column];
  }
  const testTime = data.test !== undefined && 'time' in data.test ? data.test.time : undefined;
  // A column without a name is what spreadsheets and data frames number their rows with.
  const others: readonly (string | undefined)[] = ['', testTime, data.time?.column, groupedOf(data)?.by];
  const isInput = (name: string) => !others.includes(name) && (readsOwnPast(data) || !data.target.includes(name));
  return data.features ?? header.filter(isInput);
}
