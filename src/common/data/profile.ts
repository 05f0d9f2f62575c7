/** What a CSV file holds, column by column, as plain data: the same in the command line, the rules of advice and the page. */
import type { Delimiter } from './delimiter.ts';

export type ColumnType = 'number' | 'whole number' | 'category' | 'time' | 'text' | 'id' | 'constant' | 'empty';

export interface DataProfile {
  /** Its name without the folder. */
  readonly file: string;
  /** Of the file as it lies on the disk. */
  readonly bytes: number;
  /** Rows that were read; the header is not counted. */
  readonly rows: number;
  /** Share of the file that was read; 1 is all of it. */
  readonly share: number;
  readonly delimiter: Delimiter;
  readonly isCompressed: boolean;
  /** Without one, columns are called `column 1`, `column 2`, … */
  readonly hasHeader: boolean;
  /** Bars, quantiles and twins are of so many rows, drawn evenly; the rest is of all rows. */
  readonly sampleRows: number;
  readonly columns: readonly ColumnProfile[];
  /** The first rows as they are written. */
  readonly head: readonly (readonly string[])[];
  /** Columns of numbers that say the same, but for their unit. */
  readonly twins: readonly Twin[];
  /** What a person should know about the file itself; whole sentences. */
  readonly notes: readonly string[];
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  /** Why it is of this type, where that is not plain: `every row has another value`. */
  readonly why: string | null;
  /** Fields that hold something. */
  readonly filled: number;
  readonly missing: number;
  readonly distinct: number;
  /** There are more different values than were counted; `distinct` is where counting ended. */
  readonly isDistinctCapped: boolean;
  readonly examples: readonly string[];
  /** The commonest values, the commonest first; empty where there are too many to count. */
  readonly words: readonly WordCount[];
  /** Null unless most fields are numbers. */
  readonly numbers: NumberFigures | null;
  readonly time: TimeFigures | null;
  /** Its histogram; empty where there is nothing to draw. */
  readonly bars: readonly Bar[];
  /** Fields that are no numbers, in a column of numbers. */
  readonly strays: Strays | null;
}

export interface WordCount {
  readonly word: string;
  readonly count: number;
}

export interface NumberFigures {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Over n − 1. */
  readonly deviation: number;
  /** At 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly [number, number, number, number, number];
}

export interface TimeFigures {
  readonly first: string;
  readonly last: string;
  /** The commonest step in words, `1 day`; null where there is none. */
  readonly step: string | null;
  /** Every step is the same, and no time comes twice. */
  readonly isRegular: boolean;
  /** Steps that are longer than the common one. */
  readonly gaps: number;
  /** Rows that are earlier than the row before. */
  readonly outOfOrder: number;
  /** Rows of the same time as the row before. */
  readonly repeated: number;
}

export interface Bar {
  readonly label: string;
  readonly count: number;
}

export interface Strays {
  readonly count: number;
  readonly example: string;
  /** Row of the example; the first after the header is 1. */
  readonly row: number;
}

export interface Twin {
  readonly a: string;
  readonly b: string;
  /** Pearson's r. */
  readonly correlation: number;
}

/** Rows of the whole file, estimated where only a part was read. */
export function estimateRows({ rows, share }: DataProfile): number {
  return share >= 1 ? rows : Math.round(rows / share);
}

export function columnOf(profile: DataProfile, name: string): ColumnProfile | undefined {
  return profile.columns.find((column) => column.name === name);
}

export function isNumeric({ type }: ColumnProfile): boolean {
  return type === 'number' || type === 'whole number';
}
