/** Losses, metrics and the LSTM against hand-worked numbers and Keras. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { layerSchema } from '../../../src/common/recipe/layers.ts';
import { nameLayers } from '../../../src/common/recipe/nameLayers.ts';
import { buildModel } from '../../../src/trainer/model/buildModel.ts';
import { tapLogits } from '../../../src/trainer/objective/logits.ts';
import { LOSSES } from '../../../src/trainer/objective/losses.ts';
import { METRICS } from '../../../src/trainer/objective/metrics.ts';
import { assertClose } from './support/assertClose.ts';
import { loadGolden } from './support/golden.ts';
import { BACKEND_NAMES, startBackend } from './support/startBackend.ts';

const toLayers = (...layers: unknown[]) => nameLayers(layers.map((layer) => layerSchema.parse(layer))).layers;

for (const backend of BACKEND_NAMES) {
  describe(`on ${backend}`, () => {
    before(() => startBackend(backend));

    const lossOf = (name: keyof typeof LOSSES, targets: number[][], predictions: number[][], logits = predictions) =>
      tf.tidy(() =>
        LOSSES[name]({
          targets: tf.tensor2d(targets),
          predictions: tf.tensor2d(predictions),
          logits: tf.tensor2d(logits),
        }).arraySync(),
      );

    test('losses are the means that their formulas give by hand', () => {
      assertClose(lossOf('meanSquaredError', [[1], [2]], [[2], [4]]), 2.5, 1e-6);
      assertClose(lossOf('meanAbsoluteError', [[1], [2]], [[2], [4]]), 1.5, 1e-6);
      assertClose(lossOf('huber', [[1], [2]], [[1.5], [4]]), (0.125 + 1.5) / 2, 1e-6);
      assertClose(lossOf('binaryCrossentropy', [[1], [0]], [[0], [0]]), Math.log(2), 1e-6);
      assertClose(lossOf('categoricalCrossentropy', [[0, 1]], [[0, 0]]), Math.log(2), 1e-6);
    });

    test('class losses stay finite and exact for sure and wrong predictions', () => {
      assertClose(lossOf('categoricalCrossentropy', [[1, 0]], [[0, 1]], [[-200, 200]]), 400, 1e-5);
      assertClose(lossOf('binaryCrossentropy', [[1]], [[0]], [[-300]]), 300, 1e-5);
      assertClose(lossOf('binaryCrossentropy', [[0]], [[0]], [[-300]]), 0, 1e-6);
    });

    test('metrics are in the unit of the data', () => {
      const values = tf.tidy(() => {
        const input = {
          targets: tf.tensor2d([[1], [2]]),
          predictions: tf.tensor2d([[2], [4]]),
          unit: tf.tensor1d([10]),
        };
        return { rmse: METRICS.rmse(input).arraySync(), mae: METRICS.mae(input).arraySync() };
      });
      assertClose(values.rmse, 10 * Math.sqrt(2.5), 1e-5);
      assertClose(values.mae, 15, 1e-5);
    });

    test('accuracy counts the likeliest class, and 0.5 divides two classes', () => {
      const accuracy = (targets: number[][], predictions: number[][]) =>
        tf.tidy(() =>
          METRICS.accuracy({
            targets: tf.tensor2d(targets),
            predictions: tf.tensor2d(predictions),
            unit: null,
          }).arraySync(),
        );
      assert.equal(
        accuracy(
          [
            [1, 0],
            [0, 1],
          ],
          [
            [0.9, 0.1],
            [0.6, 0.4],
          ],
        ),
        0.5,
      );
      assert.equal(accuracy([[1], [0], [0], [1]], [[0.9], [0.1], [0.6], [0.7]]), 0.75);
    });

    test('softmax and cross-entropy follow Keras, with the gradient by the logits', (t) => {
      const golden = loadGolden<{
        logits: number[][];
        labels: number[];
        probabilities: number[][];
        mean_loss: number;
        gradient_of_mean_loss_by_logits: number[][];
      }>(t, 'softmax_xent_keras.json');
      if (golden === null) {
        return;
      }
      const tensors = tf.memory().numTensors;
      const { model } = buildModel(toLayers({ activation: { activation: 'softmax' } }), [3], 0);
      const tap = tapLogits(model);
      const targets = tf.tensor2d(golden.labels.map((label) => [0, 1, 2].map((k) => Number(k === label))));
      const logits = tf.tensor2d(golden.logits);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => {
        const predictions = model.apply(x) as tf.Tensor;
        assertClose(predictions.arraySync() as number[][], golden.probabilities, 1e-6, 'probabilities');
        return LOSSES.categoricalCrossentropy({ targets, predictions, logits: tap.take() });
      })(logits);
      assertClose(value.arraySync() as number, golden.mean_loss, 1e-6, 'loss');
      assertClose(grad.arraySync() as number[][], golden.gradient_of_mean_loss_by_logits, 1e-6, 'gradient');
      tf.dispose([targets, logits, value, grad]);
      assert.equal(tf.memory().numTensors, tensors + 1, 'all but the logits taken');
    });

    for (const file of ['lstm_keras_small.json', 'lstm_keras_30.json']) {
      test(`the LSTM layer follows Keras (${file})`, (t) => {
        const golden = loadGolden<LstmGolden>(t, file);
        if (golden !== null) {
          compareLstm(golden);
        }
      });
    }
  });
}

interface LstmGolden {
  units: number;
  features: number;
  steps: number;
  kernel: number[][];
  recurrent_kernel: number[][];
  bias: number[];
  x: number[][][];
  zero_state: { sequence: number[][][] };
  gradients?: { kernel: number[][]; recurrent_kernel: number[][]; bias: number[] };
}

function compareLstm(golden: LstmGolden): void {
  const { units, steps, features } = golden;
  const { model } = buildModel(toLayers({ lstm: { units, returnSequences: true } }), [steps, features], 0);
  const weights = [tf.tensor(golden.kernel), tf.tensor(golden.recurrent_kernel), tf.tensor(golden.bias)];
  model.setWeights(weights);
  const x = tf.tensor(golden.x);
  const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
  const { grads } = tf.variableGrads(() => {
    const sequence = model.apply(x, { training: true }) as tf.Tensor;
    assertClose(sequence.arraySync() as number[][][], golden.zero_state.sequence, 1e-6, 'sequence');
    return tf.mul<tf.Scalar>(0.5, tf.sum(tf.square(sequence)));
  }, variables);
  if (golden.gradients !== undefined) {
    const { kernel, recurrent_kernel, bias } = golden.gradients;
    [kernel, recurrent_kernel, bias].forEach((expected, i) => {
      assertClose(grads[variables[i]?.name ?? '']?.arraySync() as number[][], expected, 1e-6, `gradient ${i}`);
    });
  }
  tf.dispose([x, ...weights, ...Object.values(grads)]);
  model.dispose();
}
