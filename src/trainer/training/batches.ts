/** Cuts samples into batches and brings one batch into memory. */
import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { TrainSettings } from '../../common/recipe/schema.ts';
import { matrixWidth, type Samples } from '../data/samples.ts';
import type { Filling } from '../data/sequenceSamples.ts';

/** How many batches an epoch has. */
export function countBatches(samples: number, { batchSize, lastBatch }: TrainSettings): number {
  return lastBatch === 'drop' ? Math.floor(samples / batchSize) : Math.ceil(samples / batchSize);
}

/**
 * Samples of batch `index` of an epoch.
 *
 * A filled last batch keeps, behind its own rows, the rows that stood at those places in the batch before: MXNet's iterator
 * reuses its buffer. With a single short batch there is nothing to fill it with.
 *
 * @param order All samples in the order of this epoch.
 */
export function batchRows(order: Int32Array, index: number, { batchSize, lastBatch }: TrainSettings): Int32Array {
  const from = index * batchSize;
  const own = order.subarray(from, from + batchSize);
  if (lastBatch !== 'fill' || own.length === batchSize || index === 0) {
    return own;
  }
  const filled = Int32Array.from(order.subarray(from - batchSize, from));
  filled.set(own);
  return filled;
}

export interface Batch {
  /** [batch, …inputShape] */
  readonly inputs: Tensor;
  /** [batch, outputs], or [batch, steps, outputs] of sequences; one-hot for classes. */
  readonly targets: Tensor;
  /** [batch, steps]: 1 where a step counts, 0 where not; absent where all do. */
  readonly counts?: Tensor;
}

/**
 * @param classCount Outputs of a network over classes, which makes targets one-hot; null for values and for two classes in one output.
 * @returns Tensors that the caller disposes.
 */
export function loadBatch(samples: Samples, rows: Int32Array, classCount: number | null): Batch {
  if (samples.filling !== undefined) {
    return loadFilled({ ...samples, filling: samples.filling }, rows, classCount);
  }
  const { matrix, firstRow, inputShape, targets, targetWidth, targetShape } = samples;
  const width = matrixWidth(samples);
  const size = inputShape.reduce((product, length) => product * length, 1);
  const inputs = new Float32Array(rows.length * size);
  const outputs = classCount ?? targetWidth;
  const wanted = new Float32Array(rows.length * outputs);
  for (let i = 0; i < rows.length; i += 1) {
    const sample = rows[i] ?? 0;
    const begin = (firstRow[sample] ?? 0) * width;
    inputs.set(matrix.subarray(begin, begin + size), i * size);
    if (classCount === null) {
      wanted.set(targets.subarray(sample * targetWidth, (sample + 1) * targetWidth), i * targetWidth);
    } else {
      wanted[i * outputs + (targets[sample] ?? 0)] = 1;
    }
  }
  return {
    inputs: tensor(inputs, [rows.length, ...inputShape]),
    targets: tensor(wanted, [rows.length, ...(targetShape ?? [outputs])]),
  };
}

type FilledSamples = Samples & { readonly filling: Filling };

/** Sequences of one bucket, zeros behind the end of each: a later step changes nothing of what is said at an earlier one. */
function loadFilled(samples: FilledSamples, rows: Int32Array, classCount: number | null): Batch {
  const { matrix, firstRow, inputShape, targets, targetWidth, targetShape = [], filling } = samples;
  const width = inputShape.at(-1) ?? 1;
  const perStep = targetShape.at(-1) ?? 1;
  const outputs = classCount ?? perStep;
  const steps = rows.reduce((most, sample) => Math.max(most, filling.filled[sample] ?? 0), 0);
  const inputs = new Float32Array(rows.length * steps * width);
  const wanted = new Float32Array(rows.length * steps * outputs);
  const counts = new Float32Array(rows.length * steps);
  rows.forEach((sample, i) => {
    const own = filling.steps[sample] ?? 0;
    const begin = (firstRow[sample] ?? 0) * width;
    inputs.set(matrix.subarray(begin, begin + own * width), i * steps * width);
    const from = sample * targetWidth;
    if (classCount === null) {
      wanted.set(targets.subarray(from, from + own * perStep), i * steps * perStep);
    } else {
      for (let step = 0; step < own; step += 1) {
        wanted[(i * steps + step) * outputs + (targets[from + step] ?? 0)] = 1;
      }
    }
    counts.fill(1, i * steps + (filling.counts === 'last' ? own - 1 : 0), i * steps + own);
  });
  return {
    inputs: tensor(inputs, [rows.length, steps, width]),
    targets: tensor(wanted, [rows.length, steps, outputs]),
    counts: tensor(counts, [rows.length, steps]),
  };
}

/** Gives back what `loadBatch` made. */
export function disposeBatch({ inputs, targets, counts }: Batch): void {
  dispose([inputs, targets, ...(counts === undefined ? [] : [counts])]);
}
