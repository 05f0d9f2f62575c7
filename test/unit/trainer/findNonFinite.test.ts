/** Values that are not finite are found where they first turn up, and looking for them leaves nothing behind. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { layerSchema } from '../../../src/common/recipe/layers.ts';
import { nameLayers } from '../../../src/common/recipe/nameLayers.ts';
import { findNonFinite, findNonFiniteWeights } from '../../../src/trainer/training/findNonFinite.ts';
import { createNetwork } from '../../../src/trainer/training/network.ts';
import { readWeights, writeWeights } from '../../../src/trainer/training/progress.ts';
import { read } from '../../../src/trainer/training/readTensors.ts';
import { startBackend } from './support/startBackend.ts';
import { bostonRecipe } from './support/toRecipe.ts';

before(() => startBackend('js'));

/** The dropout hands on the very tensor that it is given. */
function makeNetwork() {
  const model = [
    { dropout: { name: 'first', rate: 0 } },
    { dense: { name: 'middle', units: 1, useBias: false, kernelInitializer: 'ones' } },
    { dense: { name: 'last', units: 1, useBias: false, kernelInitializer: 'ones' } },
  ].map((layer) => layerSchema.parse(layer));
  const recipe = { ...bostonRecipe(), model: nameLayers(model).layers };
  return createNetwork({ recipe, inputShape: [2], targetUnits: [1] });
}

const places = [
  { of: 'the input', inputs: [Number.NaN, 1], weights: [1, 1, 1], found: { layer: 'input', where: 'outputs' } },
  { of: 'weights', inputs: [1, 1], weights: [1, 1, Number.NaN], found: { layer: 'last', where: 'weights' } },
  { of: 'outputs', inputs: [3e38, 3e38], weights: [1, 1, 1], found: { layer: 'middle', where: 'outputs' } },
  { of: 'a gradient', inputs: [1e10, 1e10], weights: [1, 1, 1e10], found: { layer: 'middle', where: 'gradient' } },
  { of: 'the loss alone', inputs: [1, 1], weights: [1, 1, 1], found: { layer: 'last', where: 'outputs' } },
] as const;

for (const { of, inputs, weights, found } of places) {
  test(`${of}: ${found.layer}, ${found.where}`, async () => {
    const network = makeNetwork();
    writeWeights(network, [Float32Array.from(weights.slice(0, 2)), Float32Array.from(weights.slice(2))]);
    const batch = { inputs: tf.tensor2d([...inputs], [1, 2]), targets: tf.tensor2d([[0]]) };
    const tensors = tf.memory().numTensors;
    assert.deepEqual(await findNonFinite(network, batch), found);
    assert.deepEqual(await findNonFiniteWeights(network), found.where === 'weights' ? found : null);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(Array.from(batch.inputs.dataSync()), [...inputs].map(Math.fround), 'the batch is still there');
    tf.dispose(batch);
    network.dispose();
  });
}

test('what was read does not change with the tensor it came from', async () => {
  const network = makeNetwork();
  const [before] = await readWeights(network);
  before?.fill(7);
  assert.deepEqual((await readWeights(network))[0], Float32Array.of(1, 1));
  network.dispose();
});

test('whole numbers and truth values are read as numbers', async () => {
  const tensors = [tf.tensor1d([1, 2], 'int32'), tf.tensor1d([true, false], 'bool')];
  assert.deepEqual(await read(tensors), [Float32Array.of(1, 2), Float32Array.of(1, 0)]);
  tf.dispose(tensors);
});
