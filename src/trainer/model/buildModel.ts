/** The network of a recipe as a TensorFlow.js model. */
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { input, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { INPUT, type NamedLayer } from '../../common/recipe/nameLayers.ts';
import { buildLayer } from './buildLayer.ts';
import type { MaskSource } from './seededDropout.ts';

export interface BuiltModel {
  readonly model: LayersModel;
  /** Output of each layer by name, in recipe order. */
  readonly outputs: ReadonlyMap<string, SymbolicTensor>;
  /** Where the dropout layers take their masks from, by layer name. */
  readonly masks: ReadonlyMap<string, MaskSource>;
  /** How the graph calls layers whose own names differ from it. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Tensors beside the weights that its layers read; they never change, and die with the network. */
  readonly tensors?: readonly Tensor[];
}

/**
 * Initial weights depend on `seed` and on each layer's place alone, not on the backend.
 *
 * @param inputShape Shape of one sample, [features] or [lookback, features]; null where sequences may have any length.
 */
export function buildModel(
  recipeLayers: readonly NamedLayer[],
  inputShape: readonly (number | null)[],
  seed: number,
): BuiltModel {
  const source = input({ shape: [...inputShape], name: INPUT });
  const outputs = new Map<string, SymbolicTensor>();
  const allMasks = new Map<string, MaskSource>();
  // Initializers leave tensors behind; weights are variables and outlive the tidy.
  tidy(() => {
    recipeLayers.forEach((layer, index) => {
      const read = layer.inputs.map((name) => (name === INPUT ? source : outputs.get(name)) ?? source);
      const { built, masks } = buildLayer(layer, { seed, index, inputRank: (read[0] ?? source).shape.length - 1 });
      const isJoin = layer.type === 'concatenate' || layer.type === 'add';
      outputs.set(layer.name, built.apply(isJoin ? read : (read[0] ?? source)) as SymbolicTensor);
      if (masks !== null) {
        allMasks.set(layer.name, masks);
      }
    });
  });
  const last = outputs.get(recipeLayers.at(-1)?.name ?? '') ?? source;
  return { model: model({ inputs: source, outputs: last }), outputs, masks: allMasks };
}
