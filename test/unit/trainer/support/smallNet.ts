/** The small net by which update rules are compared with their peers'. */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../../../src/common/recipe/optimizers.ts';
import { createOptimizer } from '../../../../src/trainer/optimizer/optimizer.ts';
import { assertClose } from './assertClose.ts';

export interface Weights {
  w1: number[][];
  b1: number[];
  w2: number[][];
  b2: number[];
}

/** `w1` (out, in), relu, `w2` (out, in), each with its bias. */
export interface SmallNet {
  inputs_x: number[][];
  targets_y: number[];
  weights0: Weights;
}

/** Compares the weights after some of the updates, by number of the update, within 1e-6. */
export function assertFollows(
  net: SmallNet,
  settings: OptimizerSettings,
  { expected, lossWeight, name }: { expected: Record<string, Weights>; lossWeight: number; name: string },
): void {
  const updates = Math.max(...Object.keys(expected).map(Number));
  const after = train(net, settings, { updates, lossWeight });
  for (const [update, weights] of Object.entries(expected)) {
    for (const key of ['w1', 'b1', 'w2', 'b2'] as const) {
      assertClose(after[Number(update) - 1]?.[key] ?? [], weights[key], 1e-6, `${name} step ${update} ${key}`);
    }
  }
}

/** @returns The weights after each update. */
function train(
  net: SmallNet,
  settings: OptimizerSettings,
  { updates, lossWeight }: { updates: number; lossWeight: number },
): Weights[] {
  const weights = Object.entries(net.weights0).map(([name, values]) =>
    tf.tidy(() => tf.variable(tf.tensor(values), true, name)),
  );
  const [w1, b1, w2, b2] = weights as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D] & tf.Variable[];
  const variables = weights as tf.Variable[];
  const optimizer = createOptimizer(variables, settings);
  const x = tf.tensor2d(net.inputs_x);
  const y = tf.tensor2d(net.targets_y.map((value) => [value]));
  const after = Array.from({ length: updates }, () => {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => {
        const hidden = tf.relu(tf.add(tf.matMul(x, w1, false, true), b1));
        const error = tf.sub(tf.add(tf.matMul(hidden, w2, false, true), b2), y);
        return tf.mul<tf.Scalar>(lossWeight, tf.mean(tf.square(error)));
      }, variables);
      optimizer.apply(variables.map(({ name }) => grads[name] as tf.Tensor));
    });
    return Object.fromEntries(variables.map((v) => [v.name, v.arraySync()])) as unknown as Weights;
  });
  optimizer.dispose();
  tf.dispose([x, y, ...variables]);
  return after;
}
