/** Finds the layer in which the first value that is not finite turns up. */
import { clone, dispose, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { model as toModel } from '@tensorflow/tfjs-layers';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import type { Batch } from './batches.ts';
import type { Network } from './network.ts';
import { read } from './readTensors.ts';

export interface NonFinite {
  /** The layer's name, or `input`. */
  readonly layer: string;
  readonly where: 'weights' | 'outputs' | 'gradient';
}

/** Weights of the layers in forward order; cheap enough for once an epoch. */
export async function findNonFiniteWeights({ built }: Network): Promise<NonFinite | null> {
  for (const layer of built.model.layers) {
    if (!(await areFinite(weightsOf(layer)))) {
      return { layer: layer.name, where: 'weights' };
    }
  }
  return null;
}

/** Goes forward layer by layer, then looks at the gradients. The last layer is to blame when only the loss itself overflows. */
export async function findNonFinite(network: Network, batch: Batch): Promise<NonFinite> {
  return (
    (await findInForwardPass(network, batch)) ??
    (await findInGradients(network, batch)) ?? {
      layer: network.built.model.layers.at(-1)?.name ?? INPUT,
      where: 'outputs',
    }
  );
}

async function findInForwardPass({ built }: Network, batch: Batch): Promise<NonFinite | null> {
  if (!(await areFinite([batch.inputs]))) {
    return { layer: INPUT, where: 'outputs' };
  }
  const outputs = tidy(() => {
    const probe = toModel({ inputs: built.model.inputs, outputs: [...built.outputs.values()] });
    // A layer may hand on what it was given, the batch itself among it.
    return ([probe.apply(batch.inputs, { training: false })].flat() as Tensor[]).map((output) => clone(output));
  });
  try {
    for (const [index, name] of [...built.outputs.keys()].entries()) {
      if (!(await areFinite(weightsOf(built.model.getLayer(name))))) {
        return { layer: name, where: 'weights' };
      }
      if (!(await areFinite(outputs.slice(index, index + 1)))) {
        return { layer: name, where: 'outputs' };
      }
    }
    return null;
  } finally {
    dispose(outputs);
  }
}

async function findInGradients(network: Network, batch: Batch): Promise<NonFinite | null> {
  const gradients = tidy(() => ({ ...network.differentiate(batch).gradients }));
  try {
    for (const { name, trainableWeights } of network.built.model.layers) {
      const ofLayer = trainableWeights.map((weight) => gradients[toTensor(weight).name]);
      if (!(await areFinite(ofLayer.filter((gradient) => gradient !== undefined)))) {
        return { layer: name, where: 'gradient' };
      }
    }
    return null;
  } finally {
    dispose(gradients);
  }
}

function weightsOf({ weights }: { readonly weights: readonly unknown[] }): Tensor[] {
  return weights.map(toTensor);
}

/** The layers' wrapper hides the engine's variable. */
function toTensor(weight: unknown): Tensor & { readonly name: string } {
  return (weight as { val: Tensor & { name: string } }).val;
}

async function areFinite(tensors: readonly Tensor[]): Promise<boolean> {
  const values = await read(tensors);
  return values.every((numbers) => numbers.every((value) => Number.isFinite(value)));
}
