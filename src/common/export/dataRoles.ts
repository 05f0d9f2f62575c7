/** Which columns and rows of a recipe's data play which part, for programs in any language. */
import type { DataSettings } from '../recipe/schema.ts';
import { readsOwnPast } from '../recipe/sequences.ts';

export interface ColumnRoles {
  /** Column that the rows are sorted by; null where they stay as they are. */
  readonly time: string | null;
  /** Columns that are no inputs where the recipe names none. */
  readonly out: readonly string[];
  /** Columns that the split needs beside inputs and targets. */
  readonly kept: readonly string[];
}

export function columnRoles(data: DataSettings): ColumnRoles {
  const testTime = data.test !== undefined && 'time' in data.test ? data.test.time : null;
  const stepNames = data.time?.column ?? null;
  // Steps that have names are in the order of time already.
  const time = testTime === stepNames ? null : testTime;
  const targets = readsOwnPast(data) ? [] : data.target;
  const splitBy = (data.test !== undefined && 'every' in data.test ? data.test.by : undefined) ?? null;
  const kept = [...new Set([testTime, splitBy].filter((name) => name !== null))];
  return { time, kept, out: [...targets, ...[testTime, stepNames].filter((name) => name !== null)] };
}

/** Variables of the programs: the rows that the scalers of inputs and of targets are fitted on. */
export function fitRows({ scaleFit }: DataSettings): { readonly inputs: string; readonly targets: string } {
  return scaleFit === 'all' ? { inputs: 'whole', targets: 'whole' } : { inputs: 'seen', targets: 'train' };
}
