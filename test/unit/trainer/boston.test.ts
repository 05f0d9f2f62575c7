/** The Boston recipe against MXNet and against the spread of its peers. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../../../src/common/recipe/schema.ts';
import { type PreparedData, prepareData } from '../../../src/trainer/data/prepareData.ts';
import { evaluate } from '../../../src/trainer/evaluation/evaluate.ts';
import { createNetwork, type Network } from '../../../src/trainer/training/network.ts';
import { assertClose } from './support/assertClose.ts';
import { fromBase64, loadGolden } from './support/golden.ts';
import { BACKEND_NAMES, startBackend } from './support/startBackend.ts';
import { bostonRecipe, RECIPES } from './support/toRecipe.ts';
import { trainHere, type Watch } from './support/trainHere.ts';

interface Golden {
  order: number[];
  initial_weights_base64_float32le: Record<string, string>;
  first_epoch_batch_rmse: number[];
  epoch_rmse: number[];
  after_epochs: Record<string, { test_rmse: number; test_predictions_first5: number[] }>;
}

/** Trains in this process and gives the RMSE of the test rows. */
function train(recipe: Recipe, data: PreparedData, watch: Watch): Promise<number> {
  return trainHere(recipe, data, { watch, use: (network) => testRmse(recipe, data, network) });
}

async function testRmse(recipe: Recipe, data: PreparedData, network: Network): Promise<number> {
  return (await evaluate(recipe, data, network)).evaluation.metrics.rmse ?? Number.NaN;
}

/** MXNet keeps [out, in], we [in, out]. */
function transpose(values: Float32Array, inputs: number): Float32Array {
  const outputs = values.length / inputs;
  return values.map((_, i) => values[(i % outputs) * inputs + Math.floor(i / outputs)] ?? 0);
}

test("the data are Keras's split, scaled by the mean and the n − 1 deviation of its training rows", async (t) => {
  const data = await prepareData(bostonRecipe(), RECIPES);
  assert.deepEqual(
    Array.from(data.train.targets.slice(0, 5), (value) => Number(value.toFixed(1))),
    [15.2, 42.3, 50, 21.1, 17.7],
  );
  const split = loadGolden<{ train: number[]; test: number[] }>(t, '../data/boston_split.json');
  if (split !== null) {
    assert.deepEqual(Array.from(data.train.targetRow), split.train);
    assert.deepEqual(Array.from(data.test.targetRow), split.test);
  }
});

test('the baselines are 9.15 for the mean and 4.82 for a straight line', async () => {
  await startBackend('wasm');
  const recipe = bostonRecipe();
  const data = await prepareData(recipe, RECIPES);
  const network = createNetwork({ recipe, inputShape: data.train.inputShape, targetUnits: [1] });
  const { baselines, verdict } = (await evaluate(recipe, data, network)).evaluation;
  network.dispose();
  assert.deepEqual(
    baselines.map(({ name, metrics }) => [name, metrics.rmse?.toFixed(3)]),
    [
      ['trainingMean', '9.149'],
      ['linearRegression', '4.816'],
    ],
  );
  assert.match(verdict, /^The network's RMSE of [\d.]+ thousand dollars loses to the best baseline, linear regression/);
});

for (const backend of BACKEND_NAMES) {
  describe(`on ${backend}`, () => {
    before(() => startBackend(backend));

    test("from MXNet's rows and weights, every step and epoch to 20 follows MXNet", async (t) => {
      const golden = loadGolden<Golden>(t, 'boston_mxnet_seed0.json');
      if (golden === null) {
        return;
      }
      const shipped = bostonRecipe();
      const recipe: Recipe = {
        ...shipped,
        train: { ...shipped.train, epochs: 20, shuffle: false, checkpoint: { everyEpochs: 1, keep: 0 } },
      };
      const data = await prepareData(recipe, RECIPES);
      const weightOf = (name: string) => fromBase64(golden.initial_weights_base64_float32le[`${name}_weight`] ?? '');
      const weights = [
        transpose(weightOf('dense1'), 13),
        new Float32Array(64),
        transpose(weightOf('dense2'), 64),
        new Float32Array(64),
        weightOf('dense3'),
        new Float32Array(1),
      ];
      const tensors = tf.memory().numTensors;
      const steps: number[] = [];
      const epochs: number[] = [];
      const tests: Record<string, number> = {};
      await train(recipe, data, {
        order: golden.order,
        weights,
        onStep: ({ rmse }) => steps.push(rmse ?? Number.NaN),
        onEpoch: ({ rmse }) => epochs.push(rmse ?? Number.NaN),
        onCheckpoint: async (epoch, network) => {
          tests[epoch] = await testRmse(recipe, data, network);
        },
      });
      const relative = (found: number, wanted: number) => Math.abs(found - wanted) / wanted;
      golden.first_epoch_batch_rmse.forEach((wanted, i) => {
        assertClose(steps[i] ?? 0, wanted, 1e-5, `step ${i}`);
      });
      golden.epoch_rmse.slice(0, 20).forEach((wanted, i) => {
        const off = relative(epochs[i] ?? 0, wanted);
        assert.ok(off < 1e-4, `epoch ${i + 1}: ${epochs[i]} is not ${wanted} (${off})`);
      });
      for (const epoch of ['1', '2', '5', '10']) {
        const wanted = golden.after_epochs[epoch]?.test_rmse ?? Number.NaN;
        assert.ok(relative(tests[epoch] ?? 0, wanted) < 1e-4, `test after ${epoch}: ${tests[epoch]} is not ${wanted}`);
      }
      assert.equal(tf.memory().numTensors, tensors);
    });
  });
}

test('over seeds 0 to 9 the shipped recipe ends where its peers do', async () => {
  await startBackend('wasm');
  const shipped = bostonRecipe();
  const data = await prepareData(shipped, RECIPES);
  const results: number[] = [];
  for (let seed = 0; seed < 10; seed += 1) {
    results.push(await train({ ...shipped, train: { ...shipped.train, seed } }, data, {}));
  }
  const sorted = results.toSorted((a, b) => a - b);
  const median = ((sorted[4] ?? 0) + (sorted[5] ?? 0)) / 2;
  const told = results.map((value) => value.toFixed(2)).join(' ');
  assert.ok(median >= 3.53 && median <= 4.24, `median ${median.toFixed(3)} of ${told}`);
  assert.ok(
    sorted.every((value) => value >= 3.1 && value <= 4.9),
    told,
  );
});
