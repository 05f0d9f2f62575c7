/** Penalties on weights reach the loss, in every layer type that takes them. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { createNetwork } from '../../../src/trainer/training/network.ts';
import { startBackend } from './support/startBackend.ts';
import { toRecipe } from './support/toRecipe.ts';

before(() => startBackend('js'));

/** Loss of the same untrained network on the same rows, with and without the penalty. */
async function lossOf(layer: string): Promise<number> {
  const text = `name: x\ndata: { csv: a.csv, target: y, lookback: 4 }\nmodel:\n  - ${layer}\n  - flatten:\n  - dense: { units: 1 }\ntrain: { loss: meanSquaredError }\n`;
  const network = createNetwork({ recipe: toRecipe(text), inputShape: [4, 2], targetUnits: [1] });
  const batch = { inputs: tf.ones([5, 4, 2]), targets: tf.ones([5, 1]) };
  try {
    return (await network.measure(batch)).loss ?? Number.NaN;
  } finally {
    network.dispose();
    tf.dispose(batch);
  }
}

for (const layer of ['dense', 'lstm', 'gru', 'simpleRNN']) {
  test(`an l2 penalty on the kernel of ${layer} raises the loss, ten times as much for ten times the penalty`, async () => {
    const plain = await lossOf(`${layer}: { units: 3 }`);
    const once = (await lossOf(`${layer}: { units: 3, kernelRegularizer: { l2: 0.5 } }`)) - plain;
    const tenfold = (await lossOf(`${layer}: { units: 3, kernelRegularizer: { l2: 5 } }`)) - plain;
    assert.ok(once > 0.01, `${once}`);
    assert.ok(Math.abs(tenfold / once - 10) < 1e-3, `${tenfold / once}`);
  });
}
