/** Learning-rate schedules against Keras, and in the rules that use them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { optimizerSchema } from '../../../src/common/recipe/optimizers.ts';
import { SCHEDULES } from '../../../src/common/recipe/schedules.ts';
import { learningRateAt } from '../../../src/trainer/optimizer/learningRate.ts';
import { createOptimizer } from '../../../src/trainer/optimizer/optimizer.ts';
import { assertClose } from './support/assertClose.ts';
import { assertFollows, type SmallNet, type Weights } from './support/smallNet.ts';
import { BACKEND_NAMES, startBackend } from './support/startBackend.ts';

type Named = [string, Record<string, unknown>];
interface Golden {
  steps: number[];
  schedules: { schedule: Named; rates: number[] }[];
  net: SmallNet;
  runs: { optimizer: Named; schedule: Named; weights_after: Record<string, Weights> }[];
}

const file = path.resolve(import.meta.dirname, '../../fixtures/goldens/schedules_keras.json');
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

const camelCase = (name: string) =>
  (name.charAt(0).toLowerCase() + name.slice(1)).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** As a recipe says what Keras says: the same words in camelCase. */
const inRecipe = ([name, settings]: Named) => ({
  [camelCase(name)]: Object.fromEntries(Object.entries(settings).map(([key, value]) => [camelCase(key), value])),
});

const parseRate = (schedule: object) => optimizerSchema.parse({ sgd: { learningRate: schedule } }).learningRate;

test('every schedule of the recipe language is compared with Keras', () => {
  const compared = new Set(golden.schedules.map(({ schedule: [name] }) => camelCase(name)));
  assert.deepEqual([...compared].sort(), Object.keys(SCHEDULES).sort());
});

for (const { schedule, rates } of golden.schedules) {
  test(`${schedule[0]} ${JSON.stringify(schedule[1])} gives Keras's rates`, () => {
    const rate = parseRate(inRecipe(schedule));
    const largest = Math.max(...rates);
    const found = golden.steps.map((step) => learningRateAt(rate, step) / largest);
    assertClose(
      found,
      rates.map((value) => value / largest),
      1e-6,
    );
  });
}

test('a fixed rate is the same at every update', () => {
  assert.deepEqual(
    [0, 7].map((done) => learningRateAt(0.25, done)),
    [0.25, 0.25],
  );
});

test('a restart comes at the very update at which a period is over', () => {
  for (const tMul of [1, 1.1, 1.5, 2, 3, 10]) {
    const rate = parseRate({ cosineDecayRestarts: { initialLearningRate: 1, firstDecaySteps: 1000, tMul } });
    for (let length = 1000, begin = 0; begin < 1e7 && Number.isInteger(length); begin += length, length *= tMul) {
      assertClose(learningRateAt(rate, begin), 1, 1e-9, `tMul ${tMul}, update ${begin}`);
      assert.ok(begin === 0 || learningRateAt(rate, begin - 1) < 1e-5, `tMul ${tMul}, before update ${begin}`);
    }
  }
});

test('the rate of a schedule shrinks the weights too', () => {
  const settings = optimizerSchema.parse({
    sgd: { weightDecay: 0.5, learningRate: { piecewiseConstantDecay: { boundaries: [1], values: [0.5, 0.25] } } },
  });
  const optimizer = createOptimizer([], settings);
  assert.deepEqual([1, 2, 3].map(optimizer.scalars), [
    [0.5, 0.75],
    [0.5, 0.75],
    [0.25, 0.875],
  ]);
});

for (const backend of BACKEND_NAMES) {
  describe(`on ${backend}`, () => {
    before(() => startBackend(backend));

    for (const { optimizer, schedule, weights_after: expected } of golden.runs) {
      const name = `${optimizer[0]} with ${schedule[0]}`;
      test(`${name} follows Keras for twelve updates`, () => {
        const [rule, settings] = Object.entries(inRecipe(optimizer))[0] as Named;
        const parsed = optimizerSchema.parse({
          [rule.toLowerCase()]: { ...settings, learningRate: inRecipe(schedule) },
        });
        assertFollows(golden.net, parsed, { expected, lossWeight: 1, name });
      });
    }

    test('a restored optimizer goes on with its schedule', () => {
      const settings = optimizerSchema.parse({
        sgd: { learningRate: { exponentialDecay: { initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 } } },
      });
      const weight = tf.tidy(() => tf.variable(tf.tensor1d([0])));
      const optimizer = createOptimizer([weight], settings);
      optimizer.restore({}, 2);
      tf.tidy(() => optimizer.apply([tf.tensor1d([1])]));
      assert.deepEqual([...weight.dataSync()], [-0.25]);
      optimizer.dispose();
      weight.dispose();
    });
  });
}
