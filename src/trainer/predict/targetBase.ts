/** The values that predicted changes are added to: those of the targets, so many rows before. */
import type { Sidecar } from '../../common/model/sidecar.ts';
import { createEarlierRows } from './earlierRows.ts';
import { findColumn } from './findColumn.ts';
import { readNumber } from './readNumber.ts';

export interface TargetBase {
  /** Reads the next row of the file. @returns For each target, what a change predicted for this row is added to. */
  next(fields: readonly string[], row: number): readonly number[];
  /** The same for a row behind the last one, which is 1. */
  ahead(step: number): readonly number[];
}

/** @throws {SkilletError} `data-unknown-column`: the network says changes, and the file has no column to add them to. */
export function createTargetBase({ targets }: Sidecar, header: readonly string[], file: string): TargetBase {
  const { difference } = targets;
  if (difference === undefined) {
    const none = targets.names.map(() => 0);
    return { next: () => none, ahead: () => none };
  }
  const columns = targets.names.map((name) => ({
    name,
    field: findColumn(name, header, file, 'the network says changes, which are added to its earlier values'),
    earlier: createEarlierRows(difference),
  }));
  return {
    next: (fields, row) =>
      columns.map(({ name, field, earlier }) => {
        const base = earlier.before();
        const place = { file, column: name, row };
        earlier.add(readNumber(fields[field] ?? '', place, { parse: Number, mean: null }));
        return base;
      }),
    ahead: (step) => columns.map(({ earlier }) => earlier.beforeAhead(step)),
  };
}
