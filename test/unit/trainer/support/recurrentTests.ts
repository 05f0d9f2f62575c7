/** A quick recurrent layer against the one of TensorFlow.js, on every backend. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, type layers, sequential } from '@tensorflow/tfjs-layers';
import { currentTensorFlow } from '../../../../src/trainer/tensorflow/kernelBackend.ts';
import { assertClose } from './assertClose.ts';
import { BACKEND_NAMES, canStart } from './startBackend.ts';

interface Shape {
  readonly steps: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
}

/** What both kinds of layer take. */
interface Settings {
  readonly units: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
  readonly recurrentActivation: 'sigmoid';
  readonly recurrentInitializer: 'zeros';
  readonly inputShape?: [number, number];
}

type Make = (settings: Settings) => ReturnType<typeof layers.rnn>;

type Layer = ReturnType<Make>;

/** Outputs and gradients within 2e-6, with and without bias and sequences, for one step and for several. */
export function testSameAsStock(stock: Make, quick: Make): void {
  for (const backend of [...BACKEND_NAMES, 'tensorflow-cpu']) {
    describe(`on ${backend}`, () => {
      for (const shape of shapes()) {
        test(`outputs and gradients are the same for ${JSON.stringify(shape)}, and no tensor is left`, async (t) => {
          if (await canStart(t, backend)) {
            assertSame(shape, stock, quick);
          }
        });
      }
    });
  }
}

function shapes(): Shape[] {
  const both = [true, false];
  return [1, 2, 6].flatMap((steps) =>
    both.flatMap((useBias) => both.map((returnSequences) => ({ steps, useBias, returnSequences }))),
  );
}

function assertSame(shape: Shape, stock: Make, quick: Make): void {
  const before = held();
  // TensorFlow.js's layer cannot be differentiated over a single step: the gradient of its Unpack wants several pieces.
  const peer: Make = shape.steps === 1 ? (settings) => takeOneStep(stock(settings), settings) : stock;
  const [expected, found] = [peer, quick].map((make) => {
    const model = build(shape, make);
    const values = outputsAndGradients(model, shape.steps);
    model.dispose();
    return values;
  });
  assert.equal(found?.length, expected?.length);
  found?.forEach((values, i) => {
    assertClose(values, expected?.[i] ?? [], 2e-6, `tensor ${i}`);
  });
  assert.deepEqual(held(), before);
}

/** By the layer's own cell, from a state of zeros. */
function takeOneStep(layer: Layer, { units, returnSequences }: Settings): Layer {
  const sizes = [layer.cell.stateSize].flat();
  layer.call = (inputs, kwargs) => {
    const [input] = [inputs].flat() as [tf.Tensor];
    const [batch = 0, , features = 0] = input.shape;
    const states = sizes.map((size) => tf.zeros([batch, size]));
    const [output] = layer.cell.call([tf.reshape(input, [batch, features]), ...states], kwargs) as [tf.Tensor];
    return returnSequences ? tf.reshape(output, [batch, 1, units]) : output;
  };
  return layer;
}

function held(): unknown {
  return [tf.memory().numTensors, currentTensorFlow()?.binding.getNumOfTensors()];
}

/** Two layers, so that gradients flow through the inputs too. */
function build({ steps, useBias, returnSequences }: Shape, make: Make): LayersModel {
  const settings = { useBias, recurrentActivation: 'sigmoid' as const, recurrentInitializer: 'zeros' as const };
  // The initializers of TensorFlow.js leave tensors behind.
  const built: LayersModel[] = [];
  tf.tidy(() => {
    const first = make({ ...settings, units: 3, returnSequences: true, inputShape: [steps, 2] });
    built.push(sequential({ layers: [first, make({ ...settings, units: 4, returnSequences })] }));
  });
  return built[0] as LayersModel;
}

/** Of the sum of the squared outputs. */
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
