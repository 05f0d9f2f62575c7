/** Everything that a run must remember to go on exactly where it was. */
import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { deriveSeed } from '../random/deriveSeed.ts';
import { Mt19937, type RandomSnapshot } from '../random/mt19937.ts';
import type { Arrays, Checkpoint } from '../run/checkpoint.ts';
import { NOTHING_SEEN, type StoppingState } from './earlyStopping.ts';
import type { Network } from './network.ts';
import { read } from './readTensors.ts';

export interface Progress {
  /** Epochs finished. */
  epoch: number;
  /** Steps done in the epoch under way. */
  stepInEpoch: number;
  /** Steps done over all epochs. */
  step: number;
  /** Samples in the order of the epoch under way. */
  order: Int32Array;
  /** Metric × weight of the batch, summed over the epoch under way. */
  sums: Record<string, number>;
  /** Weights of the batches of the epoch under way: their rows, filled ones included, or the steps of sequences that count. */
  rows: number;
  readonly shuffle: Mt19937;
  stopping: StoppingState;
  /** Weights of the best epoch, kept only where they will be restored. */
  bestWeights: Float32Array[] | null;
}

/** @param samples Number of training samples. */
export function beginProgress(samples: number, seed: number): Progress {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    order: Int32Array.from({ length: samples }, (_, index) => index),
    sums: {},
    rows: 0,
    shuffle: new Mt19937(deriveSeed(seed, SHUFFLE)),
    stopping: NOTHING_SEEN,
    bestWeights: null,
  };
}

/** Names the shuffle among the parts of a run that have a seed of their own; layers have two numbers. */
export const SHUFFLE = 1_000_000;

/** The part of a checkpoint that is not long arrays. */
export interface SavedState {
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly step: number;
  readonly order: readonly number[];
  /** As text where it is not finite, which JSON has no number for. */
  readonly sums: Readonly<Record<string, number | string>>;
  readonly rows: number;
  readonly shuffle: RandomSnapshot;
  readonly dropout: Readonly<Record<string, RandomSnapshot>>;
  readonly optimizerSteps: number;
  readonly stopping: StoppingState;
  readonly bestCount: number;
  /** The weights' shapes in words, to refuse a checkpoint of another model. */
  readonly shapes: string;
}

export async function toCheckpoint(progress: Progress, network: Network): Promise<Checkpoint<SavedState>> {
  const { epoch, stepInEpoch, step, sums, rows, shuffle, stopping, bestWeights } = progress;
  const weights = await readWeights(network);
  const slots = await readSlots(network);
  const state: SavedState = {
    epoch,
    stepInEpoch,
    step,
    order: Array.from(progress.order),
    sums: mapValues(sums, (sum) => (Number.isFinite(sum) ? sum : String(sum))),
    rows,
    shuffle: shuffle.save(),
    dropout: Object.fromEntries([...network.built.masks].map(([name, { random }]) => [name, random.save()])),
    optimizerSteps: network.optimizer.steps(),
    stopping,
    bestCount: bestWeights?.length ?? 0,
    shapes: describeShapes(network),
  };
  const arrays: Arrays = Object.fromEntries([
    ...weights.map((values, i): [string, Float32Array] => [`weight/${i}`, values]),
    ...slots.map(([name, values]): [string, Float32Array] => [`slot/${name}`, values]),
    ...(bestWeights ?? []).map((values, i): [string, Float32Array] => [`best/${i}`, values]),
  ]);
  return { state, arrays };
}

/** Puts weights, optimizer and random streams back as they were. */
export function fromCheckpoint({ state, arrays }: Checkpoint<SavedState>, network: Network): Progress {
  const numbered = (kind: string, count: number) =>
    Array.from({ length: count }, (_, i) => arrays[`${kind}/${i}`] ?? new Float32Array());
  writeWeights(network, numbered('weight', weightsOf(network).length));
  const { slotNames } = network.optimizer;
  network.optimizer.restore(
    Object.fromEntries(slotNames.map((name) => [name, arrays[`slot/${name}`] ?? new Float32Array()])),
    state.optimizerSteps,
  );
  for (const [name, { random }] of network.built.masks) {
    const saved = state.dropout[name];
    if (saved !== undefined) {
      random.restore(saved);
    }
  }
  const shuffle = new Mt19937(0);
  shuffle.restore(state.shuffle);
  return {
    epoch: state.epoch,
    stepInEpoch: state.stepInEpoch,
    step: state.step,
    order: Int32Array.from(state.order),
    sums: mapValues(state.sums, Number),
    rows: state.rows,
    shuffle,
    stopping: state.stopping,
    bestWeights: state.bestCount === 0 ? null : numbered('best', state.bestCount),
  };
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** As they are kept in a checkpoint. */
export async function readSlots({ optimizer }: Network): Promise<[string, Float32Array][]> {
  const slots = Object.entries(optimizer.slots());
  const tensors = slots.map(([, slot]) => slot);
  try {
    const values = await read(tensors);
    return slots.map(([name], i) => [name, values[i] ?? new Float32Array()]);
  } finally {
    dispose(tensors);
  }
}

/** All weights, the moving averages of batch normalization included. */
export function readWeights(network: Network): Promise<Float32Array[]> {
  return read(weightsOf(network));
}

export function writeWeights(network: Network, values: readonly Float32Array[]): void {
  const variables = weightsOf(network) as (Tensor & { assign(value: Tensor): void })[];
  variables.forEach((variable, i) => {
    const next = tensor(values[i] ?? new Float32Array(), variable.shape);
    variable.assign(next);
    next.dispose();
  });
}

export function describeShapes({ built }: Network): string {
  // The weights' own names carry a number that counts the models built in this process.
  return built.model.layers
    .map(
      ({ name, weights }) =>
        `${built.labels?.get(name) ?? name}${weights.map(({ shape }) => `[${shape.join(',')}]`).join('')}`,
    )
    .join(' ');
}

function weightsOf(network: Network): Tensor[] {
  return network.built.model.weights.map((weight) => (weight as unknown as { val: Tensor }).val);
}
