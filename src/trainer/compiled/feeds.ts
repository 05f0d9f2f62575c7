/** What goes into a replayed loop besides its state: the data, the order of the samples, scalars and masks. */
import { matrixWidth, type Samples } from '../data/samples.ts';
import type { Binding } from '../tensorflow/binding.ts';
import { DTYPE } from '../tensorflow/tensorBytes.ts';
import type { Network } from '../training/network.ts';
import type { StepperOptions } from '../training/stepper.ts';

/** A larger table stays in JavaScript, and each call gets its own rows of it. */
const MOST_RESIDENT_BYTES = 2 ** 30;

/** The data on the device. */
export interface Tables {
  /** Null where the data is too large: it is then fed batch by batch. */
  readonly ids: { readonly matrix: number; readonly targets: number } | null;
  dispose(): void;
}

type Data = Pick<StepperOptions, 'samples' | 'classCount'>;

/** @param mostBytes For tests; a gigabyte when absent. */
export function uploadTables(binding: Binding, data: Data, mostBytes = MOST_RESIDENT_BYTES): Tables {
  const { matrix } = data.samples;
  if (matrix.byteLength > mostBytes) {
    return { ids: null, dispose: () => undefined };
  }
  const width = matrixWidth(data.samples);
  const ids = {
    matrix: binding.createTensor([matrix.length / width, width], DTYPE.float, matrix),
    targets: uploadTargets(binding, data, data.samples.targets),
  };
  return {
    ids,
    dispose() {
      binding.deleteTensor(ids.matrix);
      binding.deleteTensor(ids.targets);
    },
  };
}

/** Values [n, width], or class numbers [n]. */
function uploadTargets(binding: Binding, { samples, classCount }: Data, targets: Float32Array): number {
  const { targetWidth } = samples;
  return classCount === null
    ? binding.createTensor([targets.length / targetWidth, targetWidth], DTYPE.float, targets)
    : binding.createTensor([targets.length], DTYPE.int32, Int32Array.from(targets));
}

export interface Feeds {
  /** Metrics table, matrix, targets, rows, samples, scalars, masks: as the loop takes them after the number of steps. */
  readonly ids: readonly number[];
  dispose(): void;
}

/** What a step wants besides its data and its state. */
export interface FedStep {
  readonly scalarCount: number;
  /** Shapes without the batch dimension. */
  readonly masks: readonly { readonly layer: string; readonly shape: readonly number[] }[];
}

export interface FeedOptions extends Data {
  readonly binding: Binding;
  readonly network: Network;
  readonly tables: Tables;
  readonly step: FedStep;
  /** Updates done before. */
  readonly done: number;
  readonly batches: readonly Int32Array[];
}

/** Draws the masks and asks for the scalars of as many steps as there are batches. */
export function makeFeeds(options: FeedOptions): Feeds {
  const { binding, network, tables, step, done, batches } = options;
  const steps = batches.length;
  const size = batches[0]?.length ?? 0;
  const order = joinRows(batches);
  const made: number[] = [];
  const make = (...tensor: Parameters<Binding['createTensor']>): number => {
    const id = binding.createTensor(...tensor);
    made.push(id);
    return id;
  };
  const width = network.metricNames.length;
  const metrics = make([steps, width], DTYPE.float, new Float32Array(steps * width));
  const data =
    tables.ids === null
      ? feedRows(options, order, make)
      : {
          ...tables.ids,
          rows: make([order.length], DTYPE.int32, firstRows(options.samples, order)),
          samples: make([order.length], DTYPE.int32, order),
        };
  if (tables.ids === null) {
    made.push(data.targets);
  }
  const scalars = Float32Array.from(batches.flatMap((_, i) => [...network.optimizer.scalars(done + 1 + i)]));
  const ids = [
    metrics,
    data.matrix,
    data.targets,
    data.rows,
    data.samples,
    make([steps, step.scalarCount], DTYPE.float, scalars),
    ...step.masks.map(({ layer, shape }) =>
      make([steps, size, ...shape], DTYPE.float, drawMasks(network, layer, steps * size * product(shape))),
    ),
  ];
  return {
    ids,
    dispose() {
      for (const id of made) {
        binding.deleteTensor(id);
      }
    },
  };
}

function drawMasks({ built }: Network, layer: string, size: number): Float32Array {
  return built.masks.get(layer)?.draw(size) ?? new Float32Array(size);
}

function joinRows(batches: readonly Int32Array[]): Int32Array {
  const size = batches[0]?.length ?? 0;
  const all = new Int32Array(size * batches.length);
  batches.forEach((rows, i) => {
    all.set(rows, i * size);
  });
  return all;
}

function firstRows({ firstRow }: Samples, order: Int32Array): Int32Array {
  return order.map((sample) => firstRow[sample] ?? 0);
}

/** The rows of these samples alone, one sample after the other. */
function feedRows(
  { binding, samples, classCount }: FeedOptions,
  order: Int32Array,
  make: (...tensor: Parameters<Binding['createTensor']>) => number,
): { matrix: number; targets: number; rows: number; samples: number } {
  const { matrix, inputShape, targets, targetWidth } = samples;
  const width = matrixWidth(samples);
  const size = product(inputShape);
  const inputs = new Float32Array(order.length * size);
  const wanted = new Float32Array(order.length * targetWidth);
  firstRows(samples, order).forEach((row, i) => {
    inputs.set(matrix.subarray(row * width, row * width + size), i * size);
    const sample = order[i] ?? 0;
    wanted.set(targets.subarray(sample * targetWidth, (sample + 1) * targetWidth), i * targetWidth);
  });
  const places = Int32Array.from(order, (_, i) => i);
  return {
    matrix: make([inputs.length / width, width], DTYPE.float, inputs),
    targets: uploadTargets(binding, { samples, classCount }, wanted),
    rows: make(
      [order.length],
      DTYPE.int32,
      places.map((place) => (place * size) / width),
    ),
    samples: make([order.length], DTYPE.int32, places),
  };
}

export function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}
