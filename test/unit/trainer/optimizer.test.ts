/** The update rules against hand-worked numbers, Keras and MXNet. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type OptimizerSettings, optimizerSchema } from '../../../src/common/recipe/optimizers.ts';
import { createOptimizer, type Optimizer } from '../../../src/trainer/optimizer/optimizer.ts';
import { LARGE_WEIGHT } from '../../../src/trainer/optimizer/weightGroups.ts';
import { assertClose } from './support/assertClose.ts';
import { loadGolden } from './support/golden.ts';
import { assertFollows, type SmallNet, type Weights } from './support/smallNet.ts';
import { BACKEND_NAMES, startBackend } from './support/startBackend.ts';

interface Golden {
  net: SmallNet;
  cases: { name: string; hyper: Record<string, number | boolean>; weights_after: Record<string, Weights> }[];
}

const RENAMED: Record<string, string> = {
  learning_rate: 'learningRate',
  beta_1: 'beta1',
  beta_2: 'beta2',
  weight_decay: 'weightDecay',
  wd: 'weightDecay',
  clipvalue: 'clipValue',
  clip_gradient: 'clipValue',
  clipnorm: 'clipNorm',
  global_clipnorm: 'globalClipNorm',
  initial_accumulator_value: 'initialAccumulatorValue',
  gamma1: 'rho',
  gamma2: 'momentum',
};

/** Our settings for a peer's; MXNet's `rescale_grad` is the mean that our loss takes anyway. */
function toSettings(name: string, hyper: Record<string, number | boolean>): OptimizerSettings {
  const type = ['rmsprop', 'adadelta', 'adagrad', 'adamw', 'adam', 'sgd'].find((word) => name.startsWith(word)) ?? '';
  const entries = Object.entries(hyper).filter(([key]) => key !== 'rescale_grad');
  const settings = Object.fromEntries(entries.map(([key, value]) => [RENAMED[key] ?? key, value]));
  // MXNet's adadelta has no learning rate.
  return optimizerSchema.parse({ [type]: type === 'adadelta' ? { learningRate: 1, ...settings } : settings });
}

function compare(golden: Golden, lossWeight: number): void {
  for (const { name, hyper, weights_after: expected } of golden.cases) {
    assertFollows(golden.net, toSettings(name, hyper), { expected, lossWeight, name });
  }
}

/** One or two updates of a weight at 1 with the gradients 0.5 and −0.25, worked out by hand from the formulas. */
const BY_HAND: [object, number, number | null][] = [
  [{ sgd: { learningRate: 0.1 } }, 0.95, 0.975],
  [{ sgd: { learningRate: 0.1, momentum: 0.9 } }, 0.95, 0.93],
  [{ sgd: { learningRate: 0.1, momentum: 0.9, nesterov: true } }, 0.905, 0.912],
  [{ sgd: { learningRate: 0.1, weightDecay: 0.1 } }, 0.94, 0.9556],
  [{ sgd: { learningRate: 0.1, clipValue: 0.2 } }, 0.98, 1],
  [{ sgd: { learningRate: 0.1, clipNorm: 0.25 } }, 0.975, 1],
  [{ sgd: { learningRate: 0.1, globalClipNorm: 0.1 } }, 0.99, 1],
  [{ rmsprop: { learningRate: 0.1, rho: 0.75, epsilon: 0.0225 } }, 1 - 0.05 / Math.sqrt(0.085), null],
  [{ rmsprop: { learningRate: 0.1, rho: 0.5, centered: true, epsilon: 0.0275 } }, 1 - 0.05 / 0.3, null],
  [{ adagrad: { learningRate: 0.1, initialAccumulatorValue: 0.11, epsilon: 1e-20 } }, 1 - 0.05 / 0.6, null],
  [{ adadelta: { learningRate: 1, rho: 0.75, epsilon: 0.1 } }, 1 - 0.5 * Math.sqrt(0.1 / 0.1625), null],
  [{ adam: { learningRate: 0.1, epsilon: 1e-12 } }, 0.9, null],
  [{ adamw: { learningRate: 0.1, epsilon: 1e-12, weightDecay: 0.5 } }, 0.85, null],
];

const fill = (length: number, value: number): number[] => Array.from({ length }, () => value);

for (const backend of BACKEND_NAMES) {
  describe(`on ${backend}`, () => {
    before(() => startBackend(backend));

    test('every rule gives what its formula gives by hand, and leaves no tensor behind', () => {
      for (const [choice, first, second] of BY_HAND) {
        const tensors = tf.memory().numTensors;
        const weight = tf.tidy(() => tf.variable(tf.tensor1d([1])));
        const optimizer = createOptimizer([weight], optimizerSchema.parse(choice));
        const values = [0.5, -0.25].map((gradient) => {
          tf.tidy(() => optimizer.apply([tf.tensor1d([gradient])]));
          return weight.dataSync()[0] ?? 0;
        });
        assertClose(values[0] ?? 0, first, 1e-6, `${JSON.stringify(choice)} step 1`);
        if (second !== null) {
          assertClose(values[1] ?? 0, second, 1e-6, `${JSON.stringify(choice)} step 2`);
        }
        optimizer.dispose();
        weight.dispose();
        assert.equal(tf.memory().numTensors, tensors);
      }
    });

    test('restored slots go on as if never saved', () => {
      const settings = optimizerSchema.parse({ adam: {} });
      const weights = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([1, 2]))];
      const [one, other] = weights.map((weight) => createOptimizer([weight], settings));
      const step = (optimizer: typeof one) => tf.tidy(() => optimizer?.apply([tf.tensor1d([0.3, -4])]));
      step(one);
      step(other);
      const slots = Object.entries(one?.slots() ?? {});
      const saved = Object.fromEntries(slots.map(([name, slot]) => [name, Float32Array.from(slot.dataSync())]));
      other?.restore(saved, one?.steps() ?? 0);
      step(one);
      step(other);
      assert.deepEqual(weights[0]?.dataSync(), weights[1]?.dataSync());
      one?.dispose();
      other?.dispose();
      tf.dispose(weights);
    });

    test('scalars that come as tensors do what the numbers do', () => {
      const choices = [...BY_HAND.map(([choice]) => choice), { adam: { weightDecay: 0.1, globalClipNorm: 1 } }];
      for (const choice of choices) {
        const settings = optimizerSchema.parse(choice);
        const weights = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([1, 2]))] as const;
        const [given, own] = [createOptimizer([weights[0]], settings), createOptimizer([weights[1]], settings)];
        for (const update of [1, 2, 3]) {
          tf.tidy(() => {
            const gradients = [tf.tensor1d([0.3, -4 / update])];
            given.apply(
              gradients,
              given.scalars(update).map((value) => tf.scalar(value)),
            );
            own.apply(gradients);
          });
        }
        assert.deepEqual(weights[0].dataSync(), weights[1].dataSync(), JSON.stringify(choice));
        given.dispose();
        own.dispose();
        tf.dispose([...weights]);
      }
    });

    test('slots of large and small weights are saved flat in the order of the weights, and go on once restored', () => {
      const settings = optimizerSchema.parse({ rmsprop: { momentum: 0.9 } });
      const tensors = tf.memory().numTensors;
      const sizes = [3, LARGE_WEIGHT, 2];
      const make = () => sizes.map((size) => tf.tidy(() => tf.variable(tf.fill([size], 1))));
      const weights = [make(), make(), make()] as const;
      const [mixed, restored, adopting] = weights.map((some) => createOptimizer(some, settings)) as [
        Optimizer,
        Optimizer,
        Optimizer,
      ];
      const step = (optimizer: Optimizer) =>
        tf.tidy(() => optimizer.apply(sizes.map((size, i) => tf.fill([size], i + 1))));
      step(mixed);
      step(restored);
      step(adopting);
      const saved = tf.tidy(() => Object.entries(mixed.slots()).map(([name, slot]) => [name, slot.dataSync().slice()]));
      const { meanSquare } = Object.fromEntries(saved) as Record<string, Float32Array>;
      assertClose(meanSquare ?? [], [...fill(3, 0.1), ...fill(LARGE_WEIGHT, 0.4), ...fill(2, 0.9)], 1e-6);
      step(restored); // Away from what is saved.
      tf.tidy(() => weights[1].forEach((weight, i) => void weight.assign(tf.clone(weights[0][i] as tf.Tensor))));
      restored.restore(Object.fromEntries(saved), 1);
      adopting.adopt(
        tf.tidy(() => mixed.state().map((slot) => tf.clone(slot))),
        1,
      );
      for (const optimizer of [mixed, restored, adopting]) {
        step(optimizer);
        assert.equal(optimizer.steps(), 2);
      }
      const values = weights.map((some) => some.map((weight) => weight.dataSync()));
      assert.deepEqual(values[1], values[0]);
      assert.deepEqual(values[2], values[0]);
      for (const optimizer of [mixed, restored, adopting]) {
        optimizer.dispose();
      }
      tf.dispose([...weights]);
      assert.equal(tf.memory().numTensors, tensors);
    });

    test('a weight that stands for two moves as the sum of two that learn side by side, under every rule and clip', () => {
      const choices = [
        { sgd: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 } },
        { adadelta: { learningRate: 1, rho: 0.9, weightDecay: 0.01, clipValue: 0.5 } },
        { rmsprop: { learningRate: 0.01, centered: true } },
        { adam: { learningRate: 0.1, clipNorm: 0.7 } },
        { adagrad: { learningRate: 0.1, globalClipNorm: 0.8 } },
      ];
      for (const choice of choices) {
        const settings = optimizerSchema.parse(choice);
        const make = (...values: number[][]) => tf.tidy(() => values.map((row) => tf.variable(tf.tensor1d(row))));
        const [apart, joined] = [make([1, 2], [0.5, -1], [0.25, 3]), make([1, 2], [0.75, 2])];
        const [one, two] = [createOptimizer(apart, settings), createOptimizer(joined, settings, joined.slice(1))];
        for (let step = 1; step <= 4; step += 1) {
          tf.tidy(() => {
            const [other, both] = [tf.tensor1d([step, -1]), tf.tensor1d([0.5 * step, 2])];
            one.apply([other, both, both]);
            two.apply([other, both]);
          });
        }
        const [first = [], second = [], third = []] = apart.map((weight) => [...weight.dataSync()]);
        const sum = second.map((value, i) => value + (third[i] ?? 0));
        assertClose(
          joined.map((weight) => weight.dataSync()),
          [first, sum],
          1e-6,
          JSON.stringify(choice),
        );
        one.dispose();
        two.dispose();
        tf.dispose([...apart, ...joined]);
      }
    });

    test('a rule counts on from the steps that it adopts', () => {
      const adam = createOptimizer(
        [tf.variable(tf.tensor1d([1]))],
        optimizerSchema.parse({ adam: { learningRate: 1 } }),
      );
      adam.adopt(
        tf.tidy(() => adam.state().map((slot) => tf.clone(slot))),
        4,
      );
      assert.equal(adam.steps(), 4);
      assertClose(adam.scalars(5), [Math.sqrt(1 - 0.999 ** 5) / (1 - 0.9 ** 5)], 1e-12);
      adam.dispose();
    });

    test('every rule follows Keras for ten steps', (t) => {
      const golden = loadGolden<Golden>(t, 'optimizers_keras.json');
      if (golden !== null) {
        compare(golden, 1);
      }
    });

    test('rmsprop, adadelta and momentum follow MXNet for ten steps', (t) => {
      const golden = loadGolden<Golden>(t, 'optimizers_mxnet.json');
      if (golden !== null) {
        compare(golden, 0.5);
      }
    });
  });
}
