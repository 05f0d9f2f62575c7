/** A device without memory for a step: how it is known, what is said, and what is left of the run. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { withMemoryAdvice } from '../../../src/trainer/backends/memoryAdvice.ts';
import { failReadsOnLoss } from '../../../src/trainer/backends/webgpuLoss.ts';
import { TensorFlowError } from '../../../src/trainer/tensorflow/binding.ts';
import type { Stepper } from '../../../src/trainer/training/stepper.ts';
import { canStart, startBackend } from './support/startBackend.ts';
import { curveCsv, lastOf, makeRun } from './support/testRun.ts';

const CPU = { name: 'js', kind: 'cpu' } as const;
const WEBGPU = { name: 'webgpu', kind: 'gpu' } as const;
const GPU = { name: 'tensorflow-gpu', kind: 'gpu' } as const;
const BATCH = { wanted: 512, rows: 512 };

/** A stepper whose steps end as told. */
function failingStepper(error: unknown): Stepper {
  return {
    execution: { kind: 'eager', because: null },
    appetite: () => 1,
    run: () => Promise.reject(error),
    settle: () => undefined,
    findBrokenWeights: async () => null,
    dispose: () => undefined,
  };
}

const stepOn = (place: Parameters<typeof withMemoryAdvice>[0], error: unknown, batch = BATCH) =>
  withMemoryAdvice(place, batch, () => failingStepper(error).run([]));

describe('a step that ends for want of memory is told so, whatever the backend says', () => {
  class GPUOutOfMemoryError {
    readonly message = '';
  }
  const errors: readonly unknown[] = [
    new TensorFlowError(8, 'failed to allocate memory'),
    new TensorFlowError(13, 'skillet_1/while: OOM when allocating tensor with shape[512,65536] and type float'),
    new TensorFlowError(13, 'Failed copying input tensor from CPU:0 to GPU:0: Dst tensor is not initialized.'),
    new TensorFlowError(13, 'failed call to cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of memory'),
    new TensorFlowError(13, 'could not create cublas handle: CUBLAS_STATUS_ALLOC_FAILED'),
    new TensorFlowError(2, 'CUDNN_STATUS_ALLOC_FAILED'),
    new RangeError('no memory for a tensor of 4800000000 bytes'),
    new WebAssembly.RuntimeError('Aborted(). Build with -sASSERTIONS for more info.'),
    new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded'),
    new RangeError('WebAssembly.Memory(): could not allocate memory'),
    new RangeError('Array buffer allocation failed'),
    new RangeError('Invalid typed array length: 10000000000000'),
    new RangeError('Invalid array buffer length: 40000000000000'),
    new Error('Failed to allocate memory for buffer mapping'),
    new Error('Buffer size (40000000000) exceeds the max buffer size limit (4294967296).'),
    new GPUOutOfMemoryError(),
    Object.assign(new Error('?'), { name: 'GPUOutOfMemoryError' }),
  ];
  for (const error of errors) {
    const thrown = error as Error;
    test(`${thrown.constructor.name}: ${thrown.message}`, async () => {
      await assert.rejects(stepOn(CPU, error), { code: 'run-out-of-memory', path: 'train.batchSize' });
    });
  }

  test('and nothing else is', async () => {
    const others = [
      new TensorFlowError(3, 'Incompatible shapes: [2,3] vs. [3,2]'),
      new WebAssembly.RuntimeError('Aborted(both async and sync fetching of the wasm failed)'),
      new WebAssembly.RuntimeError('memory access out of bounds'),
      new RangeError('Invalid typed array length: -1'),
      new RangeError('Maximum call stack size exceeded'),
      'a word',
      undefined,
    ];
    for (const other of others) {
      const caught = await stepOn(CPU, other).catch((error: unknown) => error);
      assert.equal(caught, other);
    }
  });
});

test('a graphics card that WebGPU says is full fails the next read, and is told so', async () => {
  const device = Object.assign(new EventTarget(), { lost: new Promise(() => undefined) });
  const backend = { read: async () => new Float32Array(1) };
  const guarded = failReadsOnLoss(backend as unknown as WebGPUBackend, device as unknown as GPUDevice);
  class GPUOutOfMemoryError {
    readonly message = 'Failed to allocate a buffer of 40000000000 bytes\n - While calling CreateBuffer';
  }
  const read = () => withMemoryAdvice(WEBGPU, BATCH, () => guarded.read({}) as Promise<Float32Array>);
  assert.deepEqual(await read(), new Float32Array(1));
  device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: new GPUOutOfMemoryError() }));
  await assert.rejects(read, {
    code: 'run-out-of-memory',
    message:
      "The graphics card's memory ran out on webgpu, with a batch of 512 rows (Failed to allocate a buffer of 40000000000 bytes).",
  });
});

describe('the advice', () => {
  const full = new RangeError('Array buffer allocation failed');

  test('names the batch size and a smaller one', async () => {
    await assert.rejects(stepOn(CPU, full), {
      message: "The processor's memory ran out on js, with a batch of 512 rows (Array buffer allocation failed).",
      remedy: 'Set train.batchSize to 256 or less (now 512), or make the model smaller.',
    });
  });

  test('on a graphics card also names the processor', async () => {
    const error = new TensorFlowError(8, 'OOM when allocating tensor with shape[512,65536] and type float.');
    await assert.rejects(stepOn(GPU, error), {
      message:
        "The graphics card's memory ran out on tensorflow-gpu, with a batch of 512 rows (OOM when allocating tensor with shape[512,65536] and type float).",
      remedy: 'Set train.batchSize to 256 or less (now 512), make the model smaller, or set train.device to cpu.',
    });
  });

  test('counts the rows that there are, and knows when there is no smaller batch', async () => {
    await assert.rejects(stepOn(CPU, full, { wanted: 512, rows: 101 }), {
      remedy: 'Set train.batchSize to 50 or less (now 512), or make the model smaller.',
    });
    await assert.rejects(stepOn({ name: 'wasm', kind: 'cpu' }, full, { wanted: 1, rows: 1 }), {
      message: "The processor's memory ran out on wasm, with a batch of 1 row (Array buffer allocation failed).",
      remedy:
        'Make the model smaller (a batch has one row already), or set train.device to tensorflow (WebAssembly has at most 4 GiB).',
    });
  });
});

/** Its first layer's outputs take 2^47 bytes, more than a process has addresses for, so that no machine's memory is filled. */
const HUGE = (device: string) => `
name: Huge
data: { csv: data.csv, target: y, lookback: 3000 }
model:
  - dense: { units: 4000000, useBias: false, kernelInitializer: zeros }
  - globalAveragePooling1d
  - dense: { units: 1, kernelInitializer: zeros }
train: { loss: meanSquaredError, optimizer: sgd, batchSize: 3000, replicas: 1, epochs: 1, device: ${device} }
`;

// TensorFlow tries for ten seconds before it gives up.
for (const device of ['js', 'wasm', 'tensorflow-cpu']) {
  test(`a step that cannot fit ends a run on ${device} with advice`, async (t) => {
    if (!(await canStart(t, device))) {
      return;
    }
    const run = makeRun(t, HUGE(device), curveCsv(9000));
    assert.equal(await run.train(), 'failed');
    const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
    assert.deepEqual([problem?.code, problem?.path], ['run-out-of-memory', 'train.batchSize']);
    assert.match(problem?.message ?? '', /^The processor's memory ran out on .*, with a batch of 3000 rows \(.+\)\.$/);
    assert.match(problem?.remedy ?? '', /^Set train\.batchSize to 1500 or less \(now 3000\), /);
    assert.equal(problem?.range?.line, 8);
  });
}

test('memory that runs out in the middle leaves the last checkpoint, from which the run goes on', async (t) => {
  await startBackend('js');
  const recipe = `
name: Later
data: { csv: data.csv, target: y }
model: [{ dense: { units: 1 } }]
train: { loss: meanSquaredError, batchSize: 10, epochs: 4, device: js, checkpoint: { everyEpochs: 1 } }
`;
  const run = makeRun(t, recipe, curveCsv(60));
  const restore = failAfter(t, 12);
  assert.equal(await run.train(), 'failed');
  restore();
  assert.equal(lastOf(run.events(), 'runEnd')?.problems?.[0]?.code, 'run-out-of-memory');
  const saved = lastOf(run.events(), 'checkpoint');
  assert.ok(saved !== undefined && saved.epoch >= 1 && saved.epoch < 4);
  assert.deepEqual(readdirSync(path.join(run.folder, 'checkpoints')), [path.basename(saved.folder)]);
  assert.equal(await run.train({ resume: true }), 'completed');
  assert.equal(lastOf(run.events(), 'runResume')?.epoch, saved.epoch);
});

/** Lets products on plain JavaScript run out of memory after so many of them. @returns Puts things right. */
function failAfter(t: TestContext, count: number): () => void {
  const kernel = tf.getKernel('BatchMatMul', 'cpu');
  assert.ok(kernel !== undefined);
  let left = count;
  const put = (kernelFunc: typeof kernel.kernelFunc) => {
    tf.unregisterKernel('BatchMatMul', 'cpu');
    tf.registerKernel({ ...kernel, kernelFunc });
  };
  put((call) => {
    left -= 1;
    if (left < 0) {
      throw new RangeError('Array buffer allocation failed');
    }
    return kernel.kernelFunc(call);
  });
  const restore = () => put(kernel.kernelFunc);
  t.after(restore);
  return restore;
}

interface Allocator {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  disposeData(data: object): boolean;
}

test('wasm refuses a tensor when its memory is full, keeps what it has and goes on', async () => {
  await startBackend('wasm');
  const backend = tf.backend() as unknown as Allocator;
  const values = tf.tensor1d([1, 2, 3]);
  const full = { name: 'RangeError', message: /^no memory for a tensor of \d+ bytes$/ };
  assert.throws(() => tf.fill([2 ** 20, 2 ** 20], 1), full, 'more bytes than it can count');
  const taken: tf.TensorInfo[] = [];
  const take = () => taken.push(backend.makeOutput([5e7], 'float32')); // Never written to, so it costs no real memory.
  assert.throws(() => {
    for (;;) {
      take();
    }
  }, full);
  assert.ok(taken.length > 10 && taken.length * 2e8 < 2 ** 32 - 2 ** 28);
  assert.deepEqual(tf.matMul(tf.ones([2, 3]), tf.reshape(values, [3, 1])).arraySync(), [[6], [6]]);
  for (const { dataId } of taken.splice(0)) {
    backend.disposeData(dataId);
  }
  take();
  assert.deepEqual(values.arraySync(), [1, 2, 3]);
});
