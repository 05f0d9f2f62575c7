/** Finds the layer in which the first value that is not finite turns up. */
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { model as toModel } from '@tensorflow/tfjs-layers';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import type { Batch } from './batches.ts';
import type { Network } from './network.ts';

// A type and not an interface: TensorFlow.js's `tidy` wants an index signature.
export type NonFinite = {
  /** The layer's name, or `input`. */
  readonly layer: string;
  readonly where: 'weights' | 'outputs' | 'gradient';
};

/** Weights of the layers in forward order; cheap enough for once an epoch. */
export function findNonFiniteWeights({ built }: Network): NonFinite | null {
  const layer = built.model.layers.find(({ weights }) =>
    weights.some((weight) => !isFiniteTensor((weight as unknown as { val: Tensor }).val)),
  );
  return layer === undefined ? null : { layer: layer.name, where: 'weights' };
}

/** Goes forward layer by layer, then looks at the gradients. The last layer is to blame when only the loss itself overflows. */
export function findNonFinite(network: Network, batch: Batch): NonFinite {
  return (
    findInForwardPass(network, batch) ??
    findInGradients(network, batch) ?? { layer: network.built.model.layers.at(-1)?.name ?? INPUT, where: 'outputs' }
  );
}

function findInForwardPass({ built }: Network, batch: Batch): NonFinite | undefined {
  return tidy((): NonFinite | undefined => {
    if (!isFiniteTensor(batch.inputs)) {
      return { layer: INPUT, where: 'outputs' };
    }
    const names = [...built.outputs.keys()];
    const probe = toModel({ inputs: built.model.inputs, outputs: [...built.outputs.values()] });
    const outputs = [probe.apply(batch.inputs, { training: false })].flat() as Tensor[];
    for (const [index, name] of names.entries()) {
      const weights = built.model.getLayer(name).weights.map((weight) => (weight as unknown as { val: Tensor }).val);
      const where = !weights.every(isFiniteTensor) ? 'weights' : isFiniteTensor(outputs[index]) ? null : 'outputs';
      if (where !== null) {
        return { layer: name, where };
      }
    }
    return undefined;
  });
}

function findInGradients(network: Network, batch: Batch): NonFinite | undefined {
  return tidy((): NonFinite | undefined => {
    const { gradients } = network.differentiate(batch);
    const layer = network.built.model.layers.find(({ trainableWeights }) =>
      trainableWeights.some((weight) => {
        const gradient = gradients[(weight as unknown as { val: { name: string } }).val.name];
        return gradient !== undefined && !isFiniteTensor(gradient);
      }),
    );
    return layer === undefined ? undefined : { layer: layer.name, where: 'gradient' };
  });
}

function isFiniteTensor(tensor: Tensor | undefined): boolean {
  return tensor?.dataSync().every((value) => Number.isFinite(value)) ?? true;
}
