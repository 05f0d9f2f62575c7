/** Looking at the layers changes nothing: the weights of a run that is looked at after every step are the same to the byte. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type PreparedData, prepareData } from '../../../../src/trainer/data/prepareData.ts';
import { lookAtLayers } from '../../../../src/trainer/observation/lookAtLayers.ts';
import type { Observer } from '../../../../src/trainer/observation/observer.ts';
import { readWeights } from '../../../../src/trainer/training/progress.ts';
import { withBatch } from '../../../../src/trainer/training/stepper.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';
import { canStart } from '../support/startBackend.ts';
import { toRecipe } from '../support/toRecipe.ts';
import { type Observed, trainHere } from '../support/trainHere.ts';

const COLUMNS = 16;

function columnsCsv(rows: number): string {
  const names = Array.from({ length: COLUMNS }, (_, column) => `x${column}`);
  const lines = Array.from({ length: rows }, (_, row) => {
    const values = names.map((_, column) => Math.sin(row * 1.7 + column * row * 0.31 + column));
    return [...values, values.reduce((sum, value, i) => sum + value * (i % 3), 0)].map((v) => v.toFixed(4)).join(',');
  });
  return `${[...names, 'y'].join(',')}\n${lines.join('\n')}\n`;
}

const NETWORKS = {
  'dense, dropout and batch normalization': [
    { dense: { units: 8, activation: 'relu' } },
    'batchNormalization',
    { dropout: { rate: 0.3 } },
    { dense: { units: 1 } },
  ],
  lstm: [
    { reshape: { targetShape: [8, 2] } },
    { lstm: { units: 5 } },
    { dropout: { rate: 0.2 } },
    { dense: { units: 1 } },
  ],
  convolution: [
    { reshape: { targetShape: [4, 4, 1] } },
    { conv2d: { filters: 3, kernelSize: 2, activation: 'relu' } },
    'batchNormalization',
    'maxPooling2d',
    'flatten',
    { dense: { units: 1 } },
  ],
};

/** @returns The trained weights, and how often was looked. */
async function trained(t: TestContext, layers: readonly unknown[], isObserved: boolean) {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'data.csv'), columnsCsv(40));
  const recipe = toRecipe(
    JSON.stringify({
      name: 'Looked at',
      data: { csv: 'data.csv', target: 'y', scale: 'standard' },
      model: layers,
      train: { loss: 'meanSquaredError', optimizer: 'adam', batchSize: 8, epochs: 3, validationSplit: 0.2 },
    }),
  );
  const data = await prepareData(recipe, folder, null);
  let looks = 0;
  const observe = (parts: Observed) =>
    observer(data, parts, () => {
      looks += 1;
    });
  const weights = await trainHere(recipe, data, { watch: isObserved ? { observe } : {}, use: readWeights });
  return { weights, looks };
}

/** Looks as often as it is asked whether to. */
function observer({ train }: PreparedData, { network, stepper }: Observed, onLook: () => void): Observer {
  const rows = Int32Array.from({ length: 8 }, (_, row) => row);
  const look = async () => {
    stepper.settle();
    const { numTensors } = tf.memory();
    const found = await withBatch({ samples: train, classCount: null }, rows, (batch) =>
      lookAtLayers(network, batch, performance.now.bind(performance)),
    );
    assert.equal(tf.memory().numTensors, numTensors);
    assert.ok(found.some(({ gradientNorm }) => (gradientNorm ?? 0) > 0));
    onLook();
  };
  return { ask() {}, afterEpoch: look, afterSteps: look, lookIfAsked: look };
}

for (const backend of ['wasm', 'js', 'tensorflow-cpu']) {
  describe(backend, () => {
    for (const [name, layers] of Object.entries(NETWORKS)) {
      test(`${name}: the same weights to the byte, looked at or not`, async (t) => {
        if (await canStart(t, backend)) {
          const plain = await trained(t, layers, false);
          const observed = await trained(t, layers, true);
          assert.deepEqual([plain.looks, observed.looks > 6], [0, true]);
          assert.deepEqual(observed.weights, plain.weights);
        }
      });
    }
  });
}
