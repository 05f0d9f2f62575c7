/** How layers of TensorFlow.js are called in a recipe's words, and what the graph says of them. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import { ResetAfterGruCell } from '../model/resetAfterGru.ts';

export type TfLayer = LayersModel['layers'][number];

/** `Dense` → `dense`, `Conv1D` → `conv1d`, `LSTM` → `lstm`. */
export function layerType(layer: TfLayer): string {
  const { cell } = layer as unknown as { cell?: TfLayer };
  if (cell?.getClassName() === ResetAfterGruCell.className) {
    return 'gru';
  }
  const name = layer.getClassName() ?? layer.constructor.name;
  if (/^[A-Z]+$/.test(name)) {
    return name.toLowerCase();
  }
  return (name.charAt(0).toLowerCase() + name.slice(1)).replace(/(\d)D/, '$1d');
}

/** The word of its activation; none for linear ones and for layers without. */
export function activationOf(layer: TfLayer): string | undefined {
  const { activation } = layer as unknown as { activation?: { getClassName?(): string } };
  const name = activation?.getClassName?.();
  return name === undefined || name === 'linear' ? undefined : name;
}

/** A layer and, where it is a model itself, all layers within it; recurrent and wrapping layers hide theirs. */
export function layersWithin(layer: TfLayer): TfLayer[] {
  const { layers, layer: wrapped, forwardLayer, backwardLayer } = layer as unknown as Nest;
  const inner = [...(layers ?? []), wrapped, forwardLayer, backwardLayer].filter((one) => one !== undefined);
  return [layer, ...inner.flatMap(layersWithin)];
}

interface Nest {
  readonly layers?: readonly TfLayer[];
  readonly layer?: TfLayer;
  readonly forwardLayer?: TfLayer;
  readonly backwardLayer?: TfLayer;
}

/**
 * Names for a model's layers that stay the same however often it is built: TensorFlow.js numbers those without a name through
 * the whole process.
 *
 * @returns The layer's name in the model → the name in the graph.
 */
export function labelLayers(layers: readonly TfLayer[]): Map<string, string> {
  const isNumbered = (layer: TfLayer) => new RegExp(`_${layer.getClassName()}\\d+$`, 'i').test(layer.name);
  const taken = new Set([INPUT, ...layers.filter((layer) => !isNumbered(layer)).map(({ name }) => name)]);
  return new Map(
    layers.map((layer) => {
      if (layer.getClassName() === 'InputLayer') {
        return [layer.name, INPUT];
      }
      if (!isNumbered(layer)) {
        return [layer.name, layer.name];
      }
      const type = layerType(layer);
      let number = 1;
      while (taken.has(`${type}${number}`)) {
        number += 1;
      }
      taken.add(`${type}${number}`);
      return [layer.name, `${type}${number}`];
    }),
  );
}
