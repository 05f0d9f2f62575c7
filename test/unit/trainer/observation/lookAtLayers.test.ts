/** What is told of the layers, against numbers worked out by hand, by finite differences and by TensorFlow.js itself. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { layerSchema } from '../../../../src/common/recipe/layers.ts';
import { nameLayers } from '../../../../src/common/recipe/nameLayers.ts';
import type { LayerStatistics } from '../../../../src/common/run/events.ts';
import { lookAtLayers } from '../../../../src/trainer/observation/lookAtLayers.ts';
import type { Batch } from '../../../../src/trainer/training/batches.ts';
import { createNetwork, type Network } from '../../../../src/trainer/training/network.ts';
import { readWeights, writeWeights } from '../../../../src/trainer/training/progress.ts';
import { assertClose } from '../support/assertClose.ts';
import { EXAMPLES } from '../support/layerExamples.ts';
import { startBackend } from '../support/startBackend.ts';
import { bostonRecipe } from '../support/toRecipe.ts';

before(() => startBackend('wasm'));

function makeNetwork(layers: readonly unknown[], inputShape: readonly number[]): Network {
  const { layers: model, problems } = nameLayers(layers.map((layer) => layerSchema.parse(layer)));
  assert.deepEqual(problems, []);
  const recipe = bostonRecipe();
  const train = { ...recipe.train, lossWeight: 1 };
  return createNetwork({ recipe: { ...recipe, model, train }, inputShape, targetUnits: [1] });
}

/** Every look is a millisecond later. */
function ticking(): () => number {
  let ms = 0;
  return () => {
    ms += 1;
    return ms;
  };
}

const look = (network: Network, batch: Batch) => lookAtLayers(network, batch, ticking());

test('two dense layers: norms, ranges and dead units as worked out by hand', async () => {
  // Hidden: relu(x·W + b), W = [[1, -1, 2], [0, 1, 0]], b = [0, -5, 1]; the second unit stays below 0 on both rows.
  const network = makeNetwork(
    [{ dense: { name: 'hidden', units: 3, activation: 'relu' } }, { dense: { name: 'out', units: 1 } }],
    [2],
  );
  writeWeights(network, [
    Float32Array.of(1, -1, 2, 0, 1, 0),
    Float32Array.of(0, -5, 1),
    Float32Array.of(1, 1, -1),
    Float32Array.of(0.5),
  ]);
  const batch = { inputs: tf.tensor2d([1, 2, -1, 3], [2, 2]), targets: tf.zeros([2, 1]) };
  const tensors = tf.memory().numTensors;
  const [hidden, out] = await look(network, batch);
  assert.equal(tf.memory().numTensors, tensors);
  // Row 1: hidden [1, 0, 3], out 1 − 3 + 0.5 = −1.5. Row 2: hidden [0, 0, 0], out 0.5.
  assert.deepEqual(hidden?.activation, { min: 0, max: 3, mean: 0.66667, standardDeviation: 1.1055 });
  assert.equal(hidden?.deadShare, 0.33333);
  assert.deepEqual(out?.activation, { min: -1.5, max: 0.5, mean: -0.5, standardDeviation: 1 });
  assert.equal(out?.deadShare, null, 'a linear layer has no units that can die');
  assertClose(hidden?.weightNorm ?? 0, Math.sqrt(1 + 1 + 4 + 1 + 25 + 1), 1e-4);
  assertClose(out?.weightNorm ?? 0, Math.sqrt(3 + 0.25), 1e-4);
  // Loss: mean of out²; d/dout = out (2 · out / 2). Out layer: W [−1.5, 0, −4.5], b −1.5 + 0.5 = −1.
  assertClose(out?.gradientNorm ?? 0, Math.hypot(1.5, 4.5, 1), 1e-4);
  // Row 1 alone passes the relu: d/dhidden = −1.5 · [1, 1, −1] on units 1 and 3: W column 1 −1.5 · [1, 2], column 3 1.5 · [1, 2].
  assertClose(hidden?.gradientNorm ?? 0, Math.hypot(1.5, 3, 1.5, 3, 1.5, 1.5), 1e-4);
  tf.dispose(batch);
  network.dispose();
});

test('gradient norms agree with finite differences of the loss', async () => {
  const network = makeNetwork(
    [
      { dense: { name: 'first', units: 3, activation: 'tanh', kernelRegularizer: { l2: 0.1 } } },
      { dense: { name: 'last', units: 1 } },
    ],
    [2],
  );
  const batch = {
    inputs: tf.tensor2d([0.3, -0.2, 0.5, 0.9, -0.4, 0.1], [3, 2]),
    targets: tf.tensor2d([1, 0, 2], [3, 1]),
  };
  const weights = await readWeights(network);
  const lossWith = async (values: readonly Float32Array[]) => {
    writeWeights(network, values);
    return (await network.measure(batch)).loss ?? Number.NaN;
  };
  const h = 1e-2;
  const slopes: number[][] = [];
  for (const [index, values] of weights.entries()) {
    slopes.push([]);
    for (let i = 0; i < values.length; i += 1) {
      const moved = (by: number) =>
        weights.map((other, at) => (at === index ? Float32Array.from(other, (v, k) => (k === i ? v + by : v)) : other));
      slopes.at(-1)?.push(((await lossWith(moved(h))) - (await lossWith(moved(-h)))) / (2 * h));
    }
  }
  writeWeights(network, weights);
  const [first, last] = await look(network, batch);
  const norm = (...parts: (number[] | undefined)[]) => Math.hypot(...parts.flatMap((part) => part ?? []));
  assertClose(first?.gradientNorm ?? 0, norm(slopes[0], slopes[1]), 2e-3);
  assertClose(last?.gradientNorm ?? 0, norm(slopes[2], slopes[3]), 2e-3);
  tf.dispose(batch);
  network.dispose();
});

test('of every layer type, in networks that branch too, the norms are those of variableGrads and nothing is left behind', async () => {
  for (const [layers, inputShape] of Object.values(EXAMPLES).flat()) {
    const network = makeNetwork(layers, inputShape);
    const size = inputShape.reduce((product, length) => product * length, 3);
    const inputs = tf.tensor(
      Float32Array.from({ length: size }, (_, i) => (i * 7) % 10),
      [3, ...inputShape],
    );
    const shape = network.built.model.outputs[0]?.shape.slice(1) as number[];
    const batch = { inputs, targets: tf.zeros([3, ...shape]) };
    const before = await readWeights(network);
    const seeds = [...network.built.masks.values()].map(({ random }) => random.save());
    const tensors = tf.memory().numTensors;
    const found = await look(network, batch);
    assert.equal(tf.memory().numTensors, tensors, JSON.stringify(layers));
    assert.deepEqual(await readWeights(network), before, JSON.stringify(layers));
    assert.deepEqual(
      [...network.built.masks.values()].map(({ random }) => random.save()),
      seeds,
    );
    assert.deepEqual(
      found.map(({ layer }) => layer),
      [...network.built.outputs.keys()],
    );
    assertNorms(network, batch, found);
    const shares = found.map(({ timeShare }) => timeShare ?? 0);
    const sum = shares.reduce((total, share) => total + share, 0);
    assert.ok(sum === 0 || Math.abs(sum - 1) < 1e-3, `${sum}`);
    tf.dispose([batch.inputs, batch.targets]);
    network.dispose();
  }
});

/** Masks are drawn anew, so the streams are put back as the look does. */
function assertNorms(network: Network, batch: Batch, found: readonly LayerStatistics[]): void {
  const streams = [...network.built.masks.values()].map(({ random }) => ({ random, saved: random.save() }));
  tf.tidy(() => {
    const { gradients } = network.differentiate(batch);
    for (const { layer, gradientNorm, weightNorm } of found) {
      const weights = network.built.model
        .getLayer(layer)
        .trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
      const norm = (values: readonly tf.Tensor[]) => Math.hypot(...values.flatMap((one) => [...one.dataSync()]));
      if (weights.length === 0) {
        assert.deepEqual([gradientNorm, weightNorm], [null, null]);
      } else {
        assertClose(gradientNorm ?? Number.NaN, norm(weights.map(({ name }) => gradients[name] as tf.Tensor)), 1e-3);
        assertClose(weightNorm ?? Number.NaN, norm(weights), 1e-3);
      }
    }
  });
  for (const { random, saved } of streams) {
    random.restore(saved);
  }
}

test('looked at again and again, a network over classes keeps no tensor', async () => {
  const { layers: model } = nameLayers([layerSchema.parse({ dense: { units: 3, activation: 'softmax' } })]);
  const recipe = bostonRecipe();
  const train = { ...recipe.train, loss: 'categoricalCrossentropy' as const, metrics: [] };
  const network = createNetwork({ recipe: { ...recipe, model, train }, inputShape: [2], targetUnits: [1] });
  const batch = { inputs: tf.ones([2, 2]), targets: tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]) };
  const tensors = tf.memory().numTensors;
  for (let time = 0; time < 3; time += 1) {
    const [only] = await look(network, batch);
    assert.ok((only?.gradientNorm ?? 0) > 0);
    assert.equal(tf.memory().numTensors, tensors);
  }
  tf.dispose([batch.inputs, batch.targets]);
  network.dispose();
});

test('a unit of a convolution is a channel: dead where it gives 0 everywhere', async () => {
  const network = makeNetwork(
    [
      { conv2d: { name: 'conv', filters: 4, kernelSize: 1, activation: 'relu6' } },
      { activation: { name: 'act', activation: 'relu' } },
      'flatten',
      { dense: { units: 1 } },
    ],
    [2, 2, 1],
  );
  const [, , ...dense] = await readWeights(network);
  writeWeights(network, [Float32Array.of(1, -1, 0, 2), Float32Array.of(0, 0, 0, 0), ...dense]);
  const batch = { inputs: tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]), targets: tf.tensor2d([[0]]) };
  const [conv, act, flat, last] = await look(network, batch);
  assert.deepEqual([conv?.deadShare, act?.deadShare, flat?.deadShare, last?.deadShare], [0.5, 0.5, null, null]);
  assert.deepEqual([conv?.activation?.min, conv?.activation?.max], [0, 6]);
  tf.dispose(batch);
  network.dispose();
});

test('norms too large for a square in 32 bits are found; what is not finite is null', async () => {
  const network = makeNetwork([{ dense: { name: 'only', units: 1, useBias: false } }], [2]);
  const batch = { inputs: tf.tensor2d([[1e12, 0]]), targets: tf.tensor2d([[0]]) };
  writeWeights(network, [Float32Array.of(1e13, 0)]);
  const [large] = await look(network, batch);
  assert.equal(large?.weightNorm, 1e13);
  assert.equal(large?.activation?.max, 1e25);
  assert.equal(large?.gradientNorm, 2e37);
  writeWeights(network, [Float32Array.of(Number.NaN, 0)]);
  const [broken] = await look(network, batch);
  assert.deepEqual([broken?.weightNorm, broken?.activation?.mean], [null, null]);
  tf.dispose(batch);
  network.dispose();
});

test('time shares are those of the clock, and add up to 1', async () => {
  const network = makeNetwork([{ dense: { units: 4 } }, { dense: { units: 4 } }, { dense: { units: 1 } }], [3]);
  const batch = { inputs: tf.ones([5, 3]), targets: tf.zeros([5, 1]) };
  // Three readings a layer: at its begin, when it has arrived, when waiting for nothing is over. Layers take 4, 8 and 4 ms.
  let reading = 0;
  let ms = 0;
  const clock = () => {
    const [layer, place] = [Math.floor(reading / 3) % 3, reading % 3];
    reading += 1;
    ms += place === 0 ? 100 : place === 1 ? ([5, 9, 5][layer] ?? 0) : 1;
    return ms;
  };
  const found = await lookAtLayers(network, batch, clock);
  assert.deepEqual(
    found.map(({ timeShare }) => timeShare),
    [0.25, 0.5, 0.25],
  );
  tf.dispose([batch.inputs, batch.targets]);
  network.dispose();
});
