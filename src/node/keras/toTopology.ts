/** Writes a network's description for TensorFlow.js. */
import type { ModelSpec } from './modelSpec.ts';

/** Said where TensorFlow.js or an older Keras would take something else. */
const EXPLICIT: Readonly<Record<string, object>> = { InputLayer: { dtype: 'float32' } };
const IMPLIED: Readonly<Record<string, object>> = { GRU: { reset_after: false } };

/** The `modelTopology` of a `model.json`, and the description in an HDF5 file of Keras 2. */
export function toTopology({ name, layers, output }: ModelSpec): unknown {
  const input = layers.find(({ className }) => className === 'InputLayer')?.name ?? '';
  return {
    class_name: 'Model',
    config: {
      name,
      layers: layers.map((layer) => ({
        name: layer.name,
        class_name: layer.className,
        config: {
          ...IMPLIED[layer.className],
          ...layer.config,
          name: layer.name,
          ...EXPLICIT[layer.className],
        },
        inbound_nodes: layer.inputs.length === 0 ? [] : [layer.inputs.map((from) => [from, 0, 0, {}])],
      })),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}
