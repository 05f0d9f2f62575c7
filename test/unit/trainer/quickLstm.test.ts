/** Our LSTM against the one of TensorFlow.js. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { quickenLstm } from '../../../src/trainer/model/quickLstm.ts';
import { assertClose } from './support/assertClose.ts';
import { BACKEND_NAMES, startBackend } from './support/startBackend.ts';

interface Shape {
  readonly steps: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
}

/** Two layers, so that gradients flow through the inputs too. */
function build({ steps, useBias, returnSequences }: Shape, finish: typeof quickenLstm): LayersModel {
  const settings = { useBias, recurrentActivation: 'sigmoid' as const, recurrentInitializer: 'zeros' as const };
  const twoLayers = () => ({
    layers: [
      finish(layers.lstm({ ...settings, units: 3, returnSequences: true, inputShape: [steps, 2] }), true),
      finish(layers.lstm({ ...settings, units: 4, returnSequences }), returnSequences),
    ],
  });
  // The initializers of TensorFlow.js leave tensors behind.
  const built: LayersModel[] = [];
  tf.tidy(() => {
    built.push(sequential(twoLayers()));
  });
  return built[0] as LayersModel;
}

function outputsAndGradients(model: LayersModel, steps: number): number[][] {
  return tf.tidy(() => {
    model.setWeights(model.getWeights().map(({ shape, size }, k) => tf.tensor(waves(size, k), shape)));
    const x = tf.tensor(waves(5 * steps * 2, 7), [5, steps, 2]);
    const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
    const run = () => model.apply(x, { training: true }) as tf.Tensor;
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(run(), run())), variables);
    return [run(), ...variables.map(({ name }) => grads[name] as tf.Tensor)].map((tensor) =>
      Array.from(tensor.dataSync()),
    );
  });
}

function waves(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 0.8 * Math.sin(1.3 * i + phase));
}

for (const backend of BACKEND_NAMES) {
  describe(`on ${backend}`, () => {
    before(() => startBackend(backend));

    for (const steps of [2, 6]) {
      for (const useBias of [true, false]) {
        for (const returnSequences of [true, false]) {
          const shape = { steps, useBias, returnSequences };
          test(`outputs and gradients are the same for ${JSON.stringify(shape)}, and no tensor is left`, () => {
            const tensors = tf.memory().numTensors;
            const stock = build(shape, (layer) => layer);
            const quick = build(shape, quickenLstm);
            const expected = outputsAndGradients(stock, steps);
            outputsAndGradients(quick, steps).forEach((values, i) => {
              assertClose(values, expected[i] ?? [], 2e-6, `tensor ${i}`);
            });
            stock.dispose();
            quick.dispose();
            assert.equal(tf.memory().numTensors, tensors);
          });
        }
      }
    }
  });
}
