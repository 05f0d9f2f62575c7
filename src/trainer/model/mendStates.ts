/** Lets several recurrent layers of one model be given their states. */
import type { LayersModel } from '@tensorflow/tfjs-layers';

type TfLayer = LayersModel['layers'][number];

/**
 * TensorFlow.js hands the same options to every layer that it executes, and a recurrent one writes its state into them,
 * which the next one then refuses. Each gets a copy of its own.
 */
export function mendStates({ layers }: Pick<LayersModel, 'layers'>): void {
  for (const layer of layers.filter(isRecurrent)) {
    const apply = layer.apply.bind(layer);
    layer.apply = (inputs, options) => apply(inputs, { ...options });
  }
}

function isRecurrent(layer: TfLayer): boolean {
  return 'cell' in layer;
}
