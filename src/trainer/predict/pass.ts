/** One way through a file: which rows make a sample, and which row each answer belongs to. */
import type { Prediction } from '../../common/model/predictMessages.ts';
import { refuseCodes } from './applyNetwork.ts';
import { decodeOutputs } from './decodeOutputs.ts';
import type { LoadedModel } from './readModelFolder.ts';
import type { RowEncoder } from './rowEncoder.ts';
import type { TargetBase } from './targetBase.ts';

export type Fields = readonly string[];

/** One line of the predictions. */
export interface Answer {
  /** Number of the row, from 1; null for a row that was added behind a sequence. */
  readonly row: number | null;
  readonly fields: Fields;
  /** Null where too few rows lie before it. */
  readonly prediction: Prediction | null;
  /** Whether the row stands for a step to come, and is none of the file. */
  readonly isAhead: boolean;
}

/** Takes the rows of one file in blocks, and gives them back in the same order. */
export interface Pass {
  take(block: readonly Fields[], firstRow: number): Promise<Answer[]>;
  /** What is left once all rows were taken, and what lies behind them. */
  end(rows: number): Promise<Answer[]>;
  /** Rows that it takes to predict anything. */
  readonly needed: number;
  /** Where rows without a prediction stand, in words to put behind their number. */
  readonly gaps: string;
  dispose(): void;
}

export interface PassParts {
  readonly loaded: LoadedModel;
  readonly header: Fields;
  readonly encoder: RowEncoder;
  readonly base: TargetBase;
  /** How many codes an embedding that reads the data has; null without one. */
  readonly codes: number | null;
  /** For messages. */
  readonly file: string;
}

/** [rows, width], row-major. */
export function encodeBlock({ encoder, codes }: PassParts, block: readonly Fields[], firstRow: number): Float32Array {
  const { width } = encoder;
  const values = new Float32Array(block.length * width);
  block.forEach((fields, i) => {
    encoder.encode(fields, firstRow + i, values, i * width);
    if (codes !== null) {
      refuseCodes(values.subarray(i * width, (i + 1) * width), codes, firstRow + i);
    }
  });
  return values;
}

/** What each row's predicted changes are added to. */
export function readBases({ base }: PassParts, block: readonly Fields[], firstRow: number): (readonly number[])[] {
  return block.map((fields, i) => base.next(fields, firstRow + i));
}

/** Predictions of consecutive outputs. @param outputs [count, width], row-major. */
export function decodeAll(
  { loaded }: PassParts,
  outputs: Float32Array,
  bases: readonly (readonly number[])[],
): Prediction[] {
  const width = outputs.length / Math.max(1, bases.length);
  return bases.map((base, i) => decodeOutputs(loaded.sidecar, outputs.subarray(i * width, (i + 1) * width), base));
}
