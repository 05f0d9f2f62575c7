/** Each layer type where it stands in a network, for the tests that go through all of them. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { type LayerType, layerSchema } from '../../../../src/common/recipe/layers.ts';
import { type NamedLayer, nameLayers } from '../../../../src/common/recipe/nameLayers.ts';
import { type BuiltModel, buildModel } from '../../../../src/trainer/model/buildModel.ts';
import { read } from '../../../../src/trainer/training/readTensors.ts';

export type Example = readonly [layers: readonly unknown[], inputShape: readonly number[]];

const behindDense = (layer: unknown): unknown[] => [{ dense: { units: 2 } }, layer];
const branches = (join: object): unknown[] => [
  { dense: { name: 'left', units: 2 } },
  { dense: { name: 'right', units: 2, inputs: 'input' } },
  join,
];

/** The first stands for its type; the rest are other settings of it. */
export const EXAMPLES: Readonly<Record<LayerType, readonly Example[]>> = {
  dense: [
    [[{ dense: { units: 3 } }], [5]],
    [[{ dense: { units: 3, useBias: false } }], [4, 5]],
  ],
  dropout: [[behindDense({ dropout: { rate: 0.4 } }), [5]]],
  activation: [[behindDense({ activation: { activation: 'selu' } }), [5]]],
  flatten: [
    [behindDense('flatten'), [4, 5]],
    [behindDense('flatten'), [5]],
  ],
  reshape: [[behindDense({ reshape: { targetShape: [2, 2, 2] } }), [4, 5]]],
  batchNormalization: [
    [['batchNormalization'], [5]],
    [[{ batchNormalization: { center: false } }], [3, 5]],
  ],
  lstm: [
    [[{ lstm: { units: 3 } }], [4, 2]],
    [
      [{ lstm: { units: 3, returnSequences: true, useBias: false } }, { lstm: { units: 2 } }],
      [4, 2],
    ],
  ],
  gru: [[[{ gru: { units: 3, returnSequences: true } }], [4, 2]]],
  simpleRNN: [[[{ simpleRNN: { units: 3 } }], [4, 2]]],
  conv1d: [
    [[{ conv1d: { filters: 3, kernelSize: 2 } }], [7, 2]],
    [[{ conv1d: { filters: 3, kernelSize: 3, strides: 2, padding: 'same' } }], [7, 2]],
  ],
  conv2d: [
    [[{ conv2d: { filters: 3, kernelSize: 2 } }], [6, 5, 2]],
    [[{ conv2d: { filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: 'same' } }], [6, 5, 2]],
  ],
  maxPooling1d: [[behindDense('maxPooling1d'), [7, 2]]],
  averagePooling1d: [[behindDense({ averagePooling1d: { poolSize: 3, strides: 2, padding: 'same' } }), [7, 2]]],
  maxPooling2d: [[behindDense({ maxPooling2d: { poolSize: [3, 2] } }), [7, 6, 2]]],
  averagePooling2d: [[behindDense({ averagePooling2d: { strides: 1 } }), [7, 6, 2]]],
  globalAveragePooling1d: [[behindDense('globalAveragePooling1d'), [7, 2]]],
  globalMaxPooling1d: [[behindDense('globalMaxPooling1d'), [7, 2]]],
  globalAveragePooling2d: [[behindDense('globalAveragePooling2d'), [7, 6, 2]]],
  globalMaxPooling2d: [[behindDense('globalMaxPooling2d'), [7, 6, 2]]],
  embedding: [[[{ embedding: { inputDim: 10, outputDim: 3 } }], [4]]],
  concatenate: [[branches({ concatenate: { inputs: ['left', 'right', 'left'] } }), [5]]],
  add: [[branches({ add: { inputs: ['left', 'right'] } }), [5]]],
};

export const toLayers = (layers: readonly unknown[]): NamedLayer[] => {
  const named = nameLayers(layers.map((layer) => layerSchema.parse(layer)));
  assert.deepEqual(named.problems, []);
  return named.layers;
};

export function forward({ model }: Pick<BuiltModel, 'model'>, inputShape: readonly number[]): tf.Tensor {
  // Whole numbers below 10 suit an embedding too.
  const size = inputShape.reduce((product, length) => product * length, 2);
  const values = Float32Array.from({ length: size }, (_, i) => (i * 7) % 10);
  return model.apply(tf.tensor(values, [2, ...inputShape]), { training: true }) as tf.Tensor;
}

/**
 * Loss and gradients of an example on the current backend, row-major.
 *
 * @throws {Error} The backend lacks an operation of it.
 */
export async function differentiate([layers, inputShape]: Example): Promise<Float32Array[]> {
  const { model } = buildModel(toLayers(layers), inputShape, 0);
  const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
  try {
    const tensors = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.square(forward({ model }, inputShape))) as tf.Scalar,
        variables,
      );
      return [value, ...variables.map(({ name }) => grads[name] as tf.Tensor)];
    });
    const values = await read(tensors);
    tf.dispose(tensors);
    return values;
  } finally {
    model.dispose();
  }
}
