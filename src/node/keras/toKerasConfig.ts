/** Writes a network's description for Keras 3. */
import { LAYER_CLASSES } from './layerClasses.ts';
import type { LayerSpec, ModelSpec } from './modelSpec.ts';

/** The `config.json` of a `.keras` file. */
export function toKerasConfig({ name, layers, output }: ModelSpec): unknown {
  const input = layers.find(({ className }) => className === 'InputLayer')?.name ?? '';
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: layers.map(toLayer),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
    registered_name: 'Functional',
  };
}

function toLayer({ className, name, config, inputs }: LayerSpec): unknown {
  const { batch_input_shape, ...settings } = config;
  const shape = batch_input_shape === undefined ? {} : { batch_shape: batch_input_shape };
  const gru = className === 'GRU' ? { reset_after: false } : {};
  return {
    module: 'keras.layers',
    class_name: className,
    config: { name, dtype: 'float32', ...gru, ...(className === 'InputLayer' ? shape : known(className, settings)) },
    registered_name: null,
    name,
    inbound_nodes: inputs.length === 0 ? [] : [{ args: [toTensors(inputs)], kwargs: {} }],
  };
}

/** TensorFlow.js writes null where it means its default, which Keras does not take for every setting. */
function known(className: string, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    (LAYER_CLASSES[className]?.settings ?? []).flatMap((key) => {
      const value = settings[key];
      return value === undefined || value === null ? [] : [[key, toKeras(value)]];
    }),
  );
}

function toKeras(value: unknown): unknown {
  const { class_name, config } = value as { class_name?: unknown; config?: unknown };
  if (typeof class_name !== 'string') {
    return value;
  }
  const family =
    class_name === 'L1L2'
      ? 'regularizers'
      : class_name.endsWith('Norm') || class_name === 'NonNeg'
        ? 'constraints'
        : 'initializers';
  return { module: `keras.${family}`, class_name, config, registered_name: null };
}

function toTensors(inputs: readonly string[]): unknown {
  const tensors = inputs.map((name) => ({
    class_name: '__keras_tensor__',
    config: { shape: [], dtype: 'float32', keras_history: [name, 0, 0] },
  }));
  return tensors.length === 1 ? tensors[0] : tensors;
}
