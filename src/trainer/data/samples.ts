/** Samples ready to be cut into batches: where each one's inputs begin in the matrix, and what it should give. */
import type { EncodedInputs } from './encodeInputs.ts';
import type { EncodedTargets } from './encodeTargets.ts';
import { transform } from './scaler.ts';

export interface Samples {
  readonly count: number;
  /** Shape of one sample's inputs: [features], [lookback, features], or [height, width, channels] of an image. */
  readonly inputShape: readonly number[];
  /** Numbers in a row of the matrix; absent where they are the last of `inputShape`. */
  readonly matrixWidth?: number;
  /** The whole matrix [rows, features]; samples overlap in it, so that windows cost no memory. */
  readonly matrix: Float32Array;
  /** Row of the matrix where each sample's inputs begin. */
  readonly firstRow: Int32Array;
  /** Row of the table that each sample's target comes from. */
  readonly targetRow: Int32Array;
  /** [count, targets], scaled; a class number where the target is a class. */
  readonly targets: Float32Array;
  readonly targetWidth: number;
}

/** Numbers in a row of the matrix, which `firstRow` counts. */
export function matrixWidth(samples: Pick<Samples, 'inputShape' | 'matrixWidth'>): number {
  return samples.matrixWidth ?? samples.inputShape.at(-1) ?? 1;
}

/** How far a window reaches: it begins at `row` and its target lies `lookback - 1 + horizon` rows on. */
export interface Window {
  readonly lookback: number;
  readonly horizon: number;
}

/**
 * @param targetRows Row of each sample's target.
 * @param window Null where a row is a sample by itself.
 * @param image Shape of an image that a row is.
 */
export function toSamples(
  inputs: EncodedInputs,
  targets: EncodedTargets,
  rows: {
    readonly targetRows: Int32Array;
    readonly window: Window | null;
    readonly image?: readonly number[] | null;
  },
): Samples {
  const { targetRows, window, image } = rows;
  const width = targets.columns.length;
  const scaled = new Float32Array(targetRows.length * width);
  targetRows.forEach((row, sample) => {
    targets.columns.forEach((column, i) => {
      scaled[sample * width + i] = transform(targets.scaler, i, column[row] ?? 0);
    });
  });
  const back = window === null ? 0 : window.lookback - 1 + window.horizon;
  return {
    count: targetRows.length,
    inputShape: image ?? (window === null ? [inputs.width] : [window.lookback, inputs.width]),
    matrixWidth: inputs.width,
    matrix: inputs.values,
    firstRow: targetRows.map((row) => row - back),
    targetRow: targetRows,
    targets: scaled,
    targetWidth: width,
  };
}

/** A part of the samples, `from` inclusive, `to` exclusive. */
export function sliceSamples(samples: Samples, from: number, to: number): Samples {
  return {
    ...samples,
    count: to - from,
    firstRow: samples.firstRow.slice(from, to),
    targetRow: samples.targetRow.slice(from, to),
    targets: samples.targets.slice(from * samples.targetWidth, to * samples.targetWidth),
  };
}
