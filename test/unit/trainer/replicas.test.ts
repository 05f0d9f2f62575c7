/** A batch shared among devices: TensorFlow takes the processor for two of them here, as it would take two graphics cards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { activate } from '../../../src/trainer/backends/activate.ts';
import { createCompiledStepper } from '../../../src/trainer/compiled/compiledStepper.ts';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { createBinding } from '../../../src/trainer/tensorflow/binding.ts';
import { openCApi } from '../../../src/trainer/tensorflow/cApi.ts';
import { currentTensorFlow, KERNELS, registerTensorFlow } from '../../../src/trainer/tensorflow/kernelBackend.ts';
import { createNetwork, type StepMetrics } from '../../../src/trainer/training/network.ts';
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

async function train(
  replicas: readonly (string | null)[],
): Promise<{ metrics: StepMetrics[]; weights: Float32Array[] }> {
  const network = createNetwork({ recipe: toRecipe(RECIPE), inputShape: [5, 2], targetUnits: [1] });
  const batches = Array.from({ length: 20 }, (_, step) =>
    Int32Array.from({ length: 7 }, (_unused, i) => (step * 7 + i * 3) % COUNT),
  );
  const tensorflow = currentTensorFlow();
  assert.ok(tensorflow !== null);
  const options = {
    network,
    samples,
    classCount: null,
    tensorflow,
    replicas,
    otherBatches: 9,
    monotonicMs: () => performance.now(),
  };
  const stepper = await createCompiledStepper(
    { ...options, onEager: (why) => assert.fail(why) },
    batches[0] as Int32Array,
  );
  const metrics = await stepper.run(batches);
  stepper.settle();
  const weights = await readWeights(network);
  stepper.dispose();
  network.dispose();
  return { metrics, weights };
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
  const whole = await train([names[0] ?? null]);
  const before = [tf.memory().numTensors, binding.getNumOfTensors()];
  const shared = await train(names);
  assert.deepEqual([tf.memory().numTensors, binding.getNumOfTensors()], before);
  shared.metrics.forEach((metrics, i) => {
    assertClose(Object.values(metrics), Object.values(whole.metrics[i] ?? {}), 1e-6, `step ${i}`);
  });
  shared.weights.forEach((values, i) => {
    assertClose(values, whole.weights[i] ?? [], 1e-6, `weight ${i}`);
  });
});
