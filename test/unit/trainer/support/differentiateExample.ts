/** Loss and gradients of an example of a layer, for tests that compare backends. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { layerSchema } from '../../../../src/common/recipe/layers.ts';
import { type NamedLayer, nameLayers } from '../../../../src/common/recipe/nameLayers.ts';
import { type BuiltModel, buildModel } from '../../../../src/trainer/model/buildModel.ts';
import { read } from '../../../../src/trainer/training/readTensors.ts';
import type { Example } from './layerExamples.ts';

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
 * On the current backend, the loss first.
 *
 * @throws {Error} The backend lacks an operation of it.
 */
export async function differentiateExample([layers, inputShape]: Example): Promise<Float32Array[]> {
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
