/** WebGPU trains as plain JavaScript does, and tells what is wrong with a graphics card. */
import '@tensorflow/tfjs-layers'; // Registers the gradients, as it does in the trainer.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { jsBackend } from '../../../src/trainer/backends/js.ts';
import { createWebgpuBackend } from '../../../src/trainer/backends/webgpu.ts';
import { describeDevice, openDevice } from '../../../src/trainer/backends/webgpuDevice.ts';
import { systemClock } from '../../../src/trainer/run/clock.ts';
import { createNetwork, type StepMetrics } from '../../../src/trainer/training/network.ts';
import { read } from '../../../src/trainer/training/readTensors.ts';
import { assertClose } from './support/assertClose.ts';
import { differentiateExample } from './support/differentiateExample.ts';
import { startGraphics } from './support/graphics.ts';
import { EXAMPLES } from './support/layerExamples.ts';
import { curveCsv, lastOf, makeRun } from './support/testRun.ts';
import { toRecipe } from './support/toRecipe.ts';
import { workOf } from './support/workOf.ts';

const webgpuBackend = createWebgpuBackend(async () => undefined);

const TRAINER = path.resolve(import.meta.dirname, '../../../src/trainer/trainer.ts');
const WORK = workOf(1);
const SOFTWARE = { isFallbackAdapter: true, description: 'SwiftShader driver' };

/** A Dawn that finds this adapter. */
const dawnWith = (adapter: unknown) => () => ({
  create: () => ({ requestAdapter: async () => adapter }) as never,
  globals: {},
});

test('without a graphics card it does not start, and says so', async () => {
  await assert.rejects(openDevice({ allowsSoftware: true }, dawnWith(null)), {
    name: 'CannotStart',
    message: 'no graphics card that Vulkan, Metal or Direct3D 12 can use was found',
    remedy: /Install the driver/,
  });
});

test('a Dawn that does not load is told with the reason', async () => {
  const load = () => {
    throw new Error('Dawn needs GLIBC_2.34');
  };
  await assert.rejects(openDevice({ allowsSoftware: true }, load), {
    name: 'CannotStart',
    message: 'Dawn needs GLIBC_2.34',
  });
});

test('a driver that draws in software is refused by its name', async () => {
  await assert.rejects(openDevice({ allowsSoftware: false }, dawnWith({ info: SOFTWARE })), {
    name: 'CannotStart',
    message: 'no graphics card was found, only a driver that draws in software (SwiftShader driver)',
  });
});

test('a card is named by its maker and type', () => {
  const name = (device: string, platform = 'linux') =>
    describeDevice({ device, vendor: 'intel', architecture: 'gen-12lp' } as GPUAdapterInfo, platform);
  assert.deepEqual(
    [
      name('nvidia-geforce-rtx-4090'),
      name('nvidia-h100-80gb-hbm3'),
      name('amd-radeon-rx-6800-xt-radv-navi21-'),
      name('intel-r-uhd-graphics-630', 'win32'),
      name('apple-m1-max', 'darwin'),
      name(''),
    ],
    [
      'GPU (NVIDIA GeForce RTX 4090, Vulkan)',
      'GPU (NVIDIA H100 80GB HBM3, Vulkan)',
      'GPU (AMD Radeon RX 6800 XT RADV NAVI21, Vulkan)',
      'GPU (Intel UHD Graphics 630, Direct3D 12)',
      'GPU (Apple M1 Max, Metal)',
      'GPU (Intel Gen 12LP, Vulkan)',
    ],
  );
});

const noCard = await startGraphics();

describe('on a graphics card', { skip: noCard ?? false }, () => {
  for (const [type, examples] of Object.entries(EXAMPLES)) {
    test(`${type} has the loss and gradients of plain JavaScript`, async () => {
      for (const example of examples) {
        await jsBackend.start(WORK);
        const expected = await differentiateExample(example);
        await webgpuBackend.start(WORK);
        const tensors = tf.memory().numTensors;
        assertClose(await differentiateExample(example), expected, 1e-4, JSON.stringify(example));
        assert.equal(tf.memory().numTensors, tensors);
      }
    });
  }

  const models: Readonly<Record<string, Model>> = {
    MLP: { layers: [{ dense: { units: 64, activation: 'relu' } }, { dense: { units: 1 } }], inputShape: [13] },
    LSTM: { layers: [{ lstm: { units: 16 } }, { dense: { units: 1 } }], inputShape: [8, 2] },
    'network with dropout and batch normalization': {
      layers: [{ dense: { units: 8 } }, { dropout: { rate: 0.5 } }, 'batchNormalization', { dense: { units: 1 } }],
      inputShape: [13],
    },
  };
  for (const [name, model] of Object.entries(models)) {
    test(`the ${name} learns as on plain JavaScript, and leaves nothing behind`, async () => {
      await jsBackend.start(WORK);
      const expected = lossesOf(await learn(model));
      await webgpuBackend.start(WORK);
      const { numTensors } = tf.memory();
      const learnt = await learn(model);
      const losses = lossesOf(learnt);
      assertClose(losses, expected, 1e-5, 'loss');
      assert.ok((losses.at(-1) ?? 0) < (losses[0] ?? 0), `it learns: ${losses}`);
      assert.deepEqual(learnt.afterAll, learnt.afterHalf);
      assert.equal(tf.memory().numTensors, numTensors);
    });
  }

  const values = { layers: [{ dense: { units: 3, activation: 'tanh' } }, { dense: { units: 1 } }], inputShape: [3] };
  const twoClasses = { layers: [{ dense: { units: 1, activation: 'sigmoid' } }], inputShape: [3] };
  const classes = { layers: [{ dense: { units: 3, activation: 'softmax' } }], inputShape: [3] };
  const settings: readonly (Model & { readonly train: TrainText })[] = [
    {
      ...values,
      train: {
        loss: 'meanSquaredError',
        metrics: ['rmse', 'mae'],
        optimizer: { sgd: { momentum: 0.9, nesterov: true, clipValue: 0.01 } },
      },
    },
    { ...values, train: { loss: 'meanAbsoluteError', optimizer: { rmsprop: { centered: true, clipNorm: 0.1 } } } },
    { ...values, train: { loss: 'huber', optimizer: { adagrad: { globalClipNorm: 0.1 } } } },
    { ...twoClasses, train: { loss: 'binaryCrossentropy', metrics: ['accuracy'], optimizer: 'adadelta' } },
    { ...classes, train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'], optimizer: 'adam' } },
    { ...classes, train: { loss: 'sparseCategoricalCrossentropy', optimizer: 'adamw' } },
  ];
  for (const model of settings) {
    const { loss, optimizer } = model.train;
    test(`${loss} and ${JSON.stringify(optimizer)} give the metrics of plain JavaScript`, async () => {
      await jsBackend.start(WORK);
      const { metrics: expected } = await learn(model);
      await webgpuBackend.start(WORK);
      const { metrics } = await learn(model);
      assert.deepEqual(Object.keys(metrics[0] ?? {}), ['loss', ...(model.train.metrics ?? [])]);
      assertClose(metrics.map(Object.values), expected.map(Object.values), 1e-5, loss);
    });
  }

  const small = JSON.stringify({
    name: 'Small',
    data: { csv: 'data.csv', target: 'y' },
    model: [
      { dense: { units: 40, activation: 'tanh', kernelRegularizer: { l2: 0.01 } } },
      { dropout: { rate: 0.2 } },
      { dense: { units: 1 } },
    ],
    train: { loss: 'meanSquaredError', batchSize: 20, epochs: 4, validationSplit: 0.2, device: 'webgpu' },
  });
  test('stopped in the middle and resumed, a run ends with the same weights to the byte', async (t) => {
    const [whole, parted] = [makeRun(t, small, curveCsv(60)), makeRun(t, small, curveCsv(60))];
    assert.equal(await whole.train(), 'completed');
    const stop = new AbortController();
    let [milliseconds, turns] = [0, 0];
    const clock = {
      ...systemClock,
      monotonicMs: () => {
        milliseconds += 30; // So that every step looks for signals.
        return milliseconds;
      },
      turn: async () => {
        turns += 1;
        if (turns === 4) {
          stop.abort();
        }
      },
    };
    assert.equal(await parted.train({ signal: stop.signal, clock }), 'stopped');
    assert.equal(lastOf(parted.events(), 'checkpoint')?.step, 3);
    assert.equal(await parted.train({ resume: true }), 'completed');
    const [found, expected] = [parted, whole].map((run) => ({
      weights: readFileSync(path.join(run.folder, 'model/weights.bin')),
      losses: run.events().reduce(reduceRun, emptyRun()).stepLoss,
    }));
    assert.deepEqual(found, expected);
  });

  test('the trainer process names the card in its run and ends by itself', async (t) => {
    const run = makeRun(t, small, curveCsv(60));
    const child = spawn(process.execPath, [TRAINER, run.folder, '--recipe-file', run.recipeFile], { stdio: 'ignore' });
    t.after(() => child.kill('SIGKILL'));
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, lastOf(run.events(), 'runEnd')?.status], [0, 'completed']);
    const { name, device } = lastOf(run.events(), 'runStart')?.backend ?? {};
    assert.equal(name, 'webgpu');
    assert.match(device ?? '', /^GPU \(.+, (Vulkan|Metal|Direct3D 12)\)$/);
  });

  test('a command that the card refuses fails what is read after it', async () => {
    await webgpuBackend.start(WORK);
    const tooLarge = currentDevice().limits.maxBufferSize / 4 + 1;
    const zeros = tf.fill([tooLarge], 1);
    await assert.rejects(read([zeros]), { code: 'backend-failed', message: /^The graphics card refused a command: / });
    zeros.dispose();
    const one = tf.scalar(1);
    await assert.rejects(read([one]), { code: 'backend-failed' }, 'nothing on this device can be trusted any more');
    one.dispose();
  });

  test('a lost card fails the step under way and those after it; started again, it works', async () => {
    await webgpuBackend.start(WORK);
    const model = { layers: [{ dense: { units: 1 } }], inputShape: [2] };
    const { step } = makeSteps(model);
    await step();
    const underWay = step();
    currentDevice().destroy();
    const told = { code: 'backend-failed', message: /^The graphics card was lost/, remedy: /Resume the run/ };
    await assert.rejects(underWay, told);
    await assert.rejects(step(), told);
    await webgpuBackend.start(WORK);
    assert.ok(Number.isFinite((await makeSteps(model).step()).loss));
  });
});

function currentDevice(): GPUDevice {
  return (tf.backend() as unknown as { device: GPUDevice }).device;
}

/** What is in use; pools of buffers that wait to be used again are not. */
function memory() {
  const { numTensors, numDataBuffers, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
  return { numTensors, numDataBuffers, numBytesInGPU };
}

interface TrainText {
  readonly loss: string;
  readonly metrics?: readonly string[];
  readonly optimizer: unknown;
}

interface Model {
  readonly layers: readonly unknown[];
  readonly inputShape: readonly number[];
  /** As in a recipe; values learnt with Adam when absent. */
  readonly train?: TrainText;
}

function makeSteps({ layers, inputShape, train = { loss: 'meanSquaredError', optimizer: 'adam' } }: Model) {
  const lookback = inputShape.length > 1 ? { lookback: inputShape[0] } : {};
  const data = { csv: 'data.csv', target: 'y', ...lookback };
  const recipe = toRecipe(JSON.stringify({ name: 'Steps', data, model: layers, train }));
  const network = createNetwork({ recipe, inputShape, targetUnits: [1] });
  const outputs = network.built.model.outputShape.at(-1) as number;
  const batch = {
    inputs: toTensor([20, ...inputShape], (i) => Math.sin(1.3 * i)),
    targets: toTargets(train.loss, outputs),
  };
  return {
    step: (): Promise<StepMetrics> => network.step(batch),
    dispose() {
      network.dispose();
      tf.dispose(batch);
    },
  };
}

function toTargets(loss: string, outputs: number): tf.Tensor {
  const isClass = (i: number) => Math.floor(i / outputs) % Math.max(outputs, 2) === i % outputs;
  return toTensor([20, outputs], (i) => (loss.endsWith('entropy') ? Number(isClass(i)) : Math.sin(1.3 * i + 1)));
}

function toTensor(shape: readonly number[], valueAt: (index: number) => number): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => valueAt(i)),
    [...shape],
  );
}

async function learn(model: Model) {
  const { step, dispose } = makeSteps(model);
  const metrics: StepMetrics[] = [];
  const take = async (count: number) => {
    for (let i = 0; i < count; i += 1) {
      metrics.push(await step());
    }
    return memory();
  };
  await take(2);
  const afterHalf = await take(5);
  const afterAll = await take(5);
  dispose();
  return { metrics, afterHalf, afterAll };
}

function lossesOf({ metrics }: { readonly metrics: readonly StepMetrics[] }): number[] {
  return metrics.map(({ loss }) => loss ?? Number.NaN);
}
