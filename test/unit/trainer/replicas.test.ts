/** A batch shared among devices: TensorFlow takes the processor for two of them here, as it would take two graphics cards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { activate } from '../../../src/trainer/backends/activate.ts';
import { createCompiledStepper } from '../../../src/trainer/compiled/compiledStepper.ts';
import { stepGraph } from '../../../src/trainer/compiled/stepGraph.ts';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { createBinding } from '../../../src/trainer/tensorflow/binding.ts';
import { openCApi } from '../../../src/trainer/tensorflow/cApi.ts';
import { currentTensorFlow, KERNELS, registerTensorFlow } from '../../../src/trainer/tensorflow/kernelBackend.ts';
import { loadBatch } from '../../../src/trainer/training/batches.ts';
import { createNetwork, type Network, type StepMetrics } from '../../../src/trainer/training/network.ts';
import { readWeights } from '../../../src/trainer/training/progress.ts';
import { assertClose } from './support/assertClose.ts';
import { tensorflowFolder } from './support/tensorflowFolder.ts';
import { toRecipe } from './support/toRecipe.ts';

const RECIPE = `
name: Shared
data: { csv: x.csv, target: y, lookback: 5 }
model:
  - lstm: { units: 6 }
  - dropout: { rate: 0.3 }
  - dense: { units: 1 }
train: { loss: meanSquaredError, metrics: [rmse], optimizer: adam, batchSize: 7 }
`;

const COUNT = 40;
const samples: Samples = {
  count: COUNT,
  inputShape: [5, 2],
  matrix: Float32Array.from({ length: (COUNT + 5) * 2 }, (_, i) => Math.sin(1.7 * i)),
  firstRow: Int32Array.from({ length: COUNT }, (_, i) => i),
  targetRow: Int32Array.from({ length: COUNT }, (_, i) => i),
  targets: Float32Array.from({ length: COUNT }, (_, i) => Math.cos(i)),
  targetWidth: 1,
};

/** Batch normalisation learns from the statistics of each share, not of the whole batch. */
const NORMALISED = RECIPE.replace('- dropout', '- batchNormalization: {}\n  - dropout');

const BATCHES = Array.from({ length: 20 }, (_, step) =>
  Int32Array.from({ length: 7 }, (_unused, i) => (step * 7 + i * 3) % COUNT),
);

interface Trained {
  readonly metrics: StepMetrics[];
  readonly weights: Float32Array[];
}

function makeNetwork(recipe: string): Network {
  return createNetwork({ recipe: toRecipe(recipe), inputShape: [5, 2], targetUnits: [1] });
}

async function train(
  recipe: string,
  replicas: readonly (string | null)[],
  batches = BATCHES,
  otherBatches = 9,
): Promise<Trained> {
  const network = makeNetwork(recipe);
  const tensorflow = currentTensorFlow();
  assert.ok(tensorflow !== null);
  const options = {
    network,
    samples,
    classCount: null,
    tensorflow,
    replicas,
    otherBatches,
    monotonicMs: () => performance.now(),
  };
  const stepper = await createCompiledStepper(
    { ...options, onEager: (why) => assert.fail(why) },
    batches[0] as Int32Array,
  );
  const metrics: StepMetrics[] = [];
  for (const batch of batches) {
    metrics.push(...(await stepper.run([batch])));
  }
  stepper.settle();
  const weights = await readWeights(network);
  stepper.dispose();
  network.dispose();
  return { metrics, weights };
}

/** One operation at a time, share by share, as a batch is shared among two. */
async function trainByHand(recipe: string, batches: readonly Int32Array[]): Promise<Trained> {
  const network = makeNetwork(recipe);
  const moving = network.built.model.weights.filter(({ trainable }) => !trainable).map(variableOf);
  const metrics: StepMetrics[] = [];
  for (const rows of batches) {
    const cut = Math.floor(rows.length / 2);
    const shares = [rows.subarray(0, cut), rows.subarray(cut)].filter(({ length }) => length > 0);
    tf.tidy(() => {
      const before = moving.map((variable) => tf.clone(variable));
      const found = shares.map((share) => {
        moving.forEach((variable, i) => {
          variable.assign(before[i] as tf.Tensor);
        });
        const { metrics: values, gradients } = network.gradients(loadBatch(samples, share, null));
        return { values, parts: [...gradients, ...moving.map((variable) => tf.clone(variable))] };
      });
      const mean = (of: readonly tf.Tensor[]) =>
        tf.addN(of.map((part, k) => tf.mul(part, (shares[k]?.length ?? 0) / rows.length)));
      const [first] = found;
      const means = (first?.parts ?? []).map((_, i) => mean(found.map(({ parts }) => parts[i] as tf.Tensor)));
      network.optimizer.apply(means.slice(0, network.variables.length));
      moving.forEach((variable, i) => {
        variable.assign(means[network.variables.length + i] as tf.Tensor);
      });
      const [loss = 0] = mean(found.map(({ values }) => values)).dataSync();
      metrics.push({ loss, rmse: Math.sqrt(loss) });
    });
  }
  const weights = await readWeights(network);
  network.dispose();
  return { metrics, weights };
}

function variableOf(weight: unknown): tf.Variable {
  return (weight as { val: tf.Variable }).val;
}

function assertSame(found: Trained, expected: Trained): void {
  found.metrics.forEach((metrics, i) => {
    assertClose(Object.values(metrics), Object.values(expected.metrics[i] ?? {}), 1e-6, `step ${i}`);
  });
  found.weights.forEach((values, i) => {
    assertClose(values, expected.weights[i] ?? [], 1e-6, `weight ${i}`);
  });
}

test('two devices that share each batch learn what one learns from the whole, and leave nothing behind', async (t) => {
  const folder = tensorflowFolder();
  if (folder === null) {
    t.skip('TensorFlow is not installed');
    return;
  }
  const binding = createBinding(openCApi(folder, process.platform), { cpuDevices: 2 });
  await registerTensorFlow(binding);
  await activate(KERNELS);
  const names = binding.devices.map(({ name }) => name);
  assert.deepEqual(
    names.map((name) => name.replace(/.*device:/, '')),
    ['CPU:0', 'CPU:1'],
  );
  binding.placeOn(names[0] ?? null);
  const whole = await train(RECIPE, [names[0] ?? null]);
  const before = [tf.memory().numTensors, binding.getNumOfTensors()];
  const shared = await train(RECIPE, names);
  assert.deepEqual([tf.memory().numTensors, binding.getNumOfTensors()], before);
  assertSame(shared, whole);
  await t.test('batch normalisation takes the statistics of each share', async () => {
    assertSame(await train(NORMALISED, names), await trainByHand(NORMALISED, BATCHES));
    assert.deepEqual([tf.memory().numTensors, binding.getNumOfTensors()], before);
  });
  await t.test('also in a last batch that comes seldom', async () => {
    const batches = BATCHES.map((rows, i) => (i === 8 ? rows.subarray(0, 5) : rows));
    assertSame(await train(NORMALISED, names, batches, 1), await trainByHand(NORMALISED, batches));
  });
});

test('each share is a graph of its own whose operations are all placed on its device', () => {
  const part = { nodes: [{ name: 'n', op: 'NoOp', inputs: [], attributes: {} }], inputs: [], outputs: ['n:0'] };
  const gradient = { ...part, masks: [], metrics: new Float32Array(1) };
  const functions = stepGraph('step', {
    gradients: new Map([
      [3, gradient],
      [4, gradient],
    ]),
    update: part,
    shares: [
      { rows: 3, device: '/device:GPU:0' },
      { rows: 4, device: '/device:GPU:1' },
    ],
    inputShape: [2],
    targetShape: [1],
    shapes: { trained: [[2, 1]], moved: [], slots: [] },
    scalarCount: 0,
    metricNames: ['loss'],
  });
  const called = functions.at(-1)?.nodes.flatMap(({ attributes }) => ('f' in attributes ? [attributes.f] : []));
  assert.deepEqual(
    functions.slice(0, 2).map(({ nodes }) => nodes.map(({ device }) => device)),
    [['/device:GPU:0'], ['/device:GPU:1']],
  );
  assert.deepEqual(
    called,
    functions.slice(0, 3).map(({ name }) => ({ func: name })),
  );
});
