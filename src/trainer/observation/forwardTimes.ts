/** How long each layer takes forward, each awaited by itself: a graphics card would else be timed for taking orders. */
import { clone, dispose, reshape, slice, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Batch } from '../training/batches.ts';
import type { Network } from '../training/network.ts';
import type { TfLayer } from './trainingPass.ts';

const PASSES = 3;

/** One application of a layer, as TensorFlow.js keeps it. */
interface Application {
  readonly layer: TfLayer;
  /** Places of the outputs that it reads. */
  readonly reads: readonly { readonly from: Application; readonly output: number }[];
}

/** Milliseconds by layer: the median of a few passes, all applications of a layer together. */
export async function timeLayers(
  { built }: Network,
  { inputs }: Batch,
  monotonicMs: () => number,
): Promise<Map<TfLayer, number>> {
  const order = inForwardOrder(built.model.outputs[0] as SymbolicTensor);
  const passes: Map<TfLayer, number>[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    passes.push(await timePass(order, inputs, monotonicMs));
  }
  const layers = new Set(order.map(({ layer }) => layer));
  return new Map([...layers].map((layer) => [layer, median(passes.map((times) => times.get(layer) ?? 0))]));
}

async function timePass(
  order: readonly Application[],
  inputs: Tensor,
  monotonicMs: () => number,
): Promise<Map<TfLayer, number>> {
  const times = new Map<TfLayer, number>();
  const given = new Map<Application, Tensor[]>();
  try {
    for (const application of order) {
      const { layer, reads } = application;
      if (reads.length === 0) {
        given.set(application, [clone(inputs)]);
        continue;
      }
      const read = reads.map(({ from, output }) => given.get(from)?.[output] as Tensor);
      const startMs = monotonicMs();
      const outputs = tidy(() => [layer.apply(read, { training: false })].flat().map((one) => clone(one as Tensor)));
      given.set(application, outputs);
      await arrival(outputs);
      const doneMs = monotonicMs();
      await arrival(outputs); // What waiting takes where there is nothing to wait for.
      const ownMs = doneMs - startMs - (monotonicMs() - doneMs);
      times.set(layer, (times.get(layer) ?? 0) + Math.max(0, ownMs));
    }
    return times;
  } finally {
    dispose([...given.values()].flat());
  }
}

/** Reads one number, which cannot come before all have been computed. */
async function arrival([output]: readonly Tensor[]): Promise<void> {
  if (output !== undefined) {
    const one = tidy(() => slice(reshape(output, [-1]), [0], [1]));
    try {
      await one.data();
    } finally {
      one.dispose();
    }
  }
}

/** From the input to the output, each behind all that it reads. */
function inForwardOrder(output: SymbolicTensor): Application[] {
  const made = new Map<unknown, Application>();
  const visit = (layer: TfLayer, index: number): Application => {
    const record = (layer as unknown as { inboundNodes: ApplicationRecord[] }).inboundNodes[index] as ApplicationRecord;
    const known = made.get(record);
    if (known !== undefined) {
      return known;
    }
    const { inboundLayers, nodeIndices, tensorIndices } = record;
    const reads = inboundLayers.map((source, i) => ({
      from: visit(source, nodeIndices[i] ?? 0),
      output: tensorIndices[i] ?? 0,
    }));
    const application = { layer, reads };
    made.set(record, application);
    return application;
  };
  visit(output.sourceLayer as TfLayer, output.nodeIndex);
  return [...made.values()];
}

interface ApplicationRecord {
  readonly inboundLayers: readonly TfLayer[];
  readonly nodeIndices: readonly number[];
  readonly tensorIndices: readonly number[];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
