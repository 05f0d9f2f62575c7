/** Samples ready to be cut into batches: where each one's inputs begin in the matrix, and what it should give. */
import { SkilletError } from '../../common/errors.ts';
import type { EncodedInputs } from './encodeInputs.ts';
import type { EncodedTargets } from './encodeTargets.ts';
import type { Filling } from './sequenceSamples.ts';
import { toTarget } from './targetUnits.ts';

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
  /** Shape of one sample's targets: [steps, targets] of a sequence; [targetWidth] when absent. */
  readonly targetShape?: readonly number[];
  /** Sequences that share batches with longer ones; absent where every step of every sample counts. */
  readonly filling?: Filling;
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
    targets.columns.forEach((_, i) => {
      scaled[sample * width + i] = toTarget(targets, i, row);
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
  const { filling } = samples;
  return {
    ...samples,
    ...(filling === undefined ? {} : { filling: sliceFilling(filling, from, to) }),
    count: to - from,
    firstRow: samples.firstRow.slice(from, to),
    targetRow: samples.targetRow.slice(from, to),
    targets: samples.targets.slice(from * samples.targetWidth, to * samples.targetWidth),
  };
}

function sliceFilling({ steps, filled, counts }: Filling, from: number, to: number): Filling {
  return { steps: steps.slice(from, to), filled: filled.slice(from, to), counts };
}

/** The last of the training samples serve as validation, as Keras takes them. */
export function holdOut(samples: Samples, share: number | undefined): { train: Samples; validation: Samples | null } {
  if (share === undefined) {
    return { train: samples, validation: null };
  }
  const held = samples.count - Math.floor(samples.count * (1 - share));
  if (held < 1 || held >= samples.count) {
    throw new SkilletError('data-split', 'train.validationSplit', {
      message: `leaves ${held} rows for validation and ${samples.count - held} for training.`,
      remedy: 'Choose a share that leaves at least one row on each side.',
    });
  }
  return {
    train: sliceSamples(samples, 0, samples.count - held),
    validation: sliceSamples(samples, samples.count - held, samples.count),
  };
}
