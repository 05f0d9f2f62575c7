/** Steps replayed inside TensorFlow against the same steps done one operation at a time. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { layerSchema } from '../../../src/common/recipe/layers.ts';
import { nameLayers } from '../../../src/common/recipe/nameLayers.ts';
import type { Recipe } from '../../../src/common/recipe/schema.ts';
import { createCompiledStepper } from '../../../src/trainer/compiled/compiledStepper.ts';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { OUT_OF_MEMORY } from '../../../src/trainer/tensorflow/binding.ts';
import { currentTensorFlow, type TensorFlow } from '../../../src/trainer/tensorflow/kernelBackend.ts';
import { findNonFiniteWeights } from '../../../src/trainer/training/findNonFinite.ts';
import { createNetwork, type Network, type StepMetrics } from '../../../src/trainer/training/network.ts';
import { readWeights } from '../../../src/trainer/training/progress.ts';
import { createEagerStepper, type Stepper } from '../../../src/trainer/training/stepper.ts';
import { assertClose } from './support/assertClose.ts';
import { givingMetrics, refusingGraphs } from './support/brokenTensorFlow.ts';
import { EXAMPLES } from './support/layerExamples.ts';
import { canStart } from './support/startBackend.ts';
import { toRecipe } from './support/toRecipe.ts';

interface Task {
  readonly recipe: Recipe;
  readonly samples: Samples;
  readonly classCount: number | null;
}

interface Settings {
  readonly inputShape: readonly number[];
  /** Of samples that do not overlap: all their numbers are one row. */
  readonly matrixWidth?: number;
  readonly train?: Readonly<Record<string, unknown>>;
  readonly classCount?: number;
  /** Whole numbers below 10, as an embedding reads them. */
  readonly isCodes?: boolean;
}

const COUNT = 23;

/** A network on made-up data, 23 samples that overlap where they are windows. */
function task(layers: readonly unknown[], settings: Settings): Task {
  const { inputShape, train = {}, classCount = null, isCodes = false } = settings;
  const width = inputShape.at(-1) ?? 1;
  const length = inputShape.slice(0, -1).reduce((product, size) => product * size, 1);
  const loss = classCount === null ? 'meanSquaredError' : 'categoricalCrossentropy';
  const last = { dense: { units: classCount ?? 1, activation: classCount === null ? 'linear' : 'softmax' } };
  const parsed = toRecipe(
    JSON.stringify({
      name: 'x',
      data: { csv: 'x.csv', target: 'y' },
      model: [last],
      train: { loss, metrics: [classCount === null ? 'rmse' : 'accuracy'], batchSize: 5, seed: 3, ...train },
    }),
  );
  // Put in afterwards: a recipe's own inputs have at most two dimensions.
  const { layers: model } = nameLayers(layers.map((layer) => layerSchema.parse(layer)));
  const recipe: Recipe = { ...parsed, model };
  const { matrixWidth } = settings;
  const numbers = matrixWidth === undefined ? (COUNT + length) * width : COUNT * matrixWidth;
  const matrix = Float32Array.from({ length: numbers }, (_, i) =>
    isCodes ? (i * 7) % 10 : Math.sin(1.7 * i) + 0.3 * Math.cos(0.31 * i * i),
  );
  const samples: Samples = {
    count: COUNT,
    inputShape,
    ...(matrixWidth === undefined ? {} : { matrixWidth }),
    matrix,
    firstRow: Int32Array.from({ length: COUNT }, (_, i) => i),
    targetRow: Int32Array.from({ length: COUNT }, (_, i) => i),
    targets: Float32Array.from({ length: COUNT }, (_, i) => (classCount === null ? Math.cos(i) : i % classCount)),
    targetWidth: 1,
  };
  return { recipe, samples, classCount };
}

/** Batches of 5, 5, 5, 5 and 3 samples, in another order each round. */
function batchesOf(steps: number): Int32Array[] {
  return Array.from({ length: steps }, (_, step) => {
    const size = step % 5 === 4 ? 3 : 5;
    return Int32Array.from({ length: size }, (_unused, i) => (step * 11 + i * 4) % COUNT);
  });
}

interface Trained {
  readonly metrics: StepMetrics[];
  readonly weights: Float32Array[];
  readonly slots: Float32Array[];
}

type Make = (network: Network, task: Task) => Promise<Stepper> | Stepper;

const eager: Make = (network, { samples, classCount }) => createEagerStepper({ network, samples, classCount }, null);

interface CompiledSettings {
  readonly mostResidentBytes?: number;
  readonly replicas?: number;
  readonly otherBatches?: number;
  readonly change?: (tensorflow: TensorFlow) => TensorFlow;
}

const compiled =
  ({ mostResidentBytes, replicas = 1, otherBatches = 99, change = (same) => same }: CompiledSettings = {}): Make =>
  (network, { samples, classCount }) =>
    createCompiledStepper(
      {
        network,
        samples,
        classCount,
        tensorflow: change(currentTensorFlow() as TensorFlow),
        replicas: new Array<null>(replicas).fill(null),
        monotonicMs: () => performance.now(),
        otherBatches,
        onEager: (because) => assert.fail(because),
        ...(mostResidentBytes === undefined ? {} : { mostResidentBytes }),
      },
      batchesOf(1)[0] as Int32Array,
    );

async function withStepper<T>(
  of: Task,
  make: Make,
  use: (stepper: Stepper, network: Network) => Promise<T>,
): Promise<T> {
  const network = createNetwork({ recipe: of.recipe, inputShape: of.samples.inputShape, targetUnits: [2] });
  try {
    const stepper = await make(network, of);
    try {
      return await use(stepper, network);
    } finally {
      stepper.dispose();
    }
  } finally {
    network.dispose();
  }
}

function train(of: Task, make: Make, steps: number): Promise<Trained> {
  return withStepper(of, make, async (stepper, network) => {
    const metrics: StepMetrics[] = [];
    const left = batchesOf(steps);
    while (left.length > 0) {
      // Whatever number of equal batches comes next, as the training loop would ask.
      const size = left[0]?.length;
      const next = left.findIndex((rows) => rows.length !== size);
      metrics.push(...(await stepper.run(left.splice(0, next < 0 ? left.length : next))));
    }
    stepper.settle();
    const slots = network.optimizer.state().map((slot) => Float32Array.from(slot.dataSync()));
    return { metrics, weights: await readWeights(network), slots };
  });
}

async function assertSame(
  t: TestContext,
  of: Task,
  steps: number,
  tolerance: number,
  make = compiled(),
): Promise<void> {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const expected = await train(of, eager, steps);
  const tensors = tf.memory().numTensors;
  const handles = currentTensorFlow()?.binding.getNumOfTensors();
  const found = await train(of, make, steps);
  assert.equal(found.metrics.length, steps);
  const numbers = ({ metrics, weights, slots }: Trained) => [
    metrics.map((step) => Object.values(step)),
    ...weights,
    ...slots,
  ];
  if (tolerance === 0) {
    assert.deepEqual(numbers(found), numbers(expected));
  } else {
    numbers(found).forEach((values, i) => {
      assertClose(values, numbers(expected)[i] ?? [], tolerance, `values ${i}`);
    });
  }
  assert.deepEqual([tf.memory().numTensors, currentTensorFlow()?.binding.getNumOfTensors()], [tensors, handles]);
}

describe('fifty replayed steps are those done one operation at a time', () => {
  const dense = [{ dense: { units: 8, activation: 'relu' } }, { dense: { units: 1 } }];
  const cases: Readonly<Record<string, Task>> = {
    'a dense network': task(dense, { inputShape: [6] }),
    'an LSTM': task([{ lstm: { units: 5, returnSequences: true } }, { lstm: { units: 4 } }, { dense: { units: 1 } }], {
      inputShape: [6, 2],
    }),
    'a GRU': task([{ gru: { units: 5 } }, { dense: { units: 1 } }], { inputShape: [6, 2] }),
    'a convolution over classes': task(
      [
        { reshape: { targetShape: [8, 8, 1] } },
        { conv2d: { filters: 4, kernelSize: 3, activation: 'relu' } },
        'maxPooling2d',
        'flatten',
        { dense: { units: 3, activation: 'softmax' } },
      ],
      { inputShape: [64], classCount: 3, train: { optimizer: 'adam' } },
    ),
    'a convolution over images': task(
      [{ conv2d: { filters: 4, kernelSize: 3 } }, 'flatten', { dense: { units: 3, activation: 'softmax' } }],
      { inputShape: [6, 5, 2], matrixWidth: 60, classCount: 3 },
    ),
    'an embedding': task(
      [
        { embedding: { inputDim: 10, outputDim: 3 } },
        'globalAveragePooling1d',
        { dense: { units: 3, activation: 'softmax' } },
      ],
      { inputShape: [6], isCodes: true, classCount: 3 },
    ),
    'dropout and batch normalisation': task(
      [
        { dense: { units: 8 } },
        { dropout: { rate: 0.4 } },
        'batchNormalization',
        { dropout: { rate: 0.2 } },
        { dense: { units: 1 } },
      ],
      { inputShape: [6] },
    ),
  };
  for (const [name, of] of Object.entries(cases)) {
    test(name, (t) => assertSame(t, of, 50, 1e-6));
  }
});

describe('every update rule, with decay, clipping and a changing rate', () => {
  const dense = [{ dense: { units: 8, activation: 'tanh', kernelRegularizer: { l2: 0.01 } } }, { dense: { units: 1 } }];
  const rules = [
    { sgd: { momentum: 0.9, nesterov: true, clipNorm: 0.5 } },
    { rmsprop: { centered: true, momentum: 0.9, clipValue: 0.1 } },
    { adagrad: { weightDecay: 0.01 } },
    { adadelta: { learningRate: 1 } },
    { adam: { globalClipNorm: 0.5 } },
    { adamw: { learningRate: 0.01 } },
  ];
  for (const optimizer of rules) {
    test(JSON.stringify(optimizer), (t) =>
      assertSame(t, task(dense, { inputShape: [6], train: { optimizer } }), 20, 1e-6),
    );
  }
});

describe('every layer type can be compiled', () => {
  for (const [type, examples] of Object.entries(EXAMPLES)) {
    for (const [i, [layers, inputShape]] of examples.entries()) {
      test(`${type} ${i + 1}`, (t) => {
        const of = task([...layers, 'flatten', { dense: { units: 1 } }], { inputShape, isCodes: type === 'embedding' });
        return assertSame(t, of, 12, 1e-6);
      });
    }
  }
});

test('data that is too large to lie on the device is fed batch by batch', async (t) => {
  await assertSame(
    t,
    task([{ lstm: { units: 3 } }, { dense: { units: 1 } }], { inputShape: [4, 2] }),
    12,
    1e-6,
    compiled({ mostResidentBytes: 0 }),
  );
  const classes = [{ dense: { units: 3, activation: 'softmax' } }];
  await assertSame(t, task(classes, { inputShape: [4], classCount: 3 }), 12, 1e-6, compiled({ mostResidentBytes: 0 }));
});

test('batches of a size that comes seldom are done one operation at a time between replays', async (t) => {
  const layers = [{ dense: { units: 8, activation: 'relu' } }, { dropout: { rate: 0.3 } }, { dense: { units: 1 } }];
  await assertSame(t, task(layers, { inputShape: [6] }), 15, 1e-6, compiled({ otherBatches: 2 }));
});

test('shares of a batch that are computed side by side give the step of the whole batch', async (t) => {
  const layers = [{ dense: { units: 8, activation: 'relu' } }, { dropout: { rate: 0.3 } }, { dense: { units: 1 } }];
  const of = task(layers, { inputShape: [6], train: { optimizer: { sgd: { momentum: 0.9 } } } });
  await assertSame(t, of, 50, 1e-6, compiled({ replicas: 2 }));
  // Four replicas leave one without work where a batch has three rows.
  await assertSame(t, of, 50, 1e-6, compiled({ replicas: 4 }));
  const classes = [{ lstm: { units: 4 } }, { dense: { units: 3, activation: 'softmax' } }];
  await assertSame(t, task(classes, { inputShape: [4, 2], classCount: 3 }), 20, 1e-6, compiled({ replicas: 2 }));
});

test('the same run is the same to the last bit when it is done again, and when it is done in other portions', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { units: 8, activation: 'relu' } }, { dropout: { rate: 0.3 } }, { dense: { units: 1 } }], {
    inputShape: [6],
  });
  const all = await train(of, compiled(), 20);
  assert.deepEqual(await train(of, compiled(), 20), all);
  const oneByOne = await withStepper(of, compiled(), async (stepper, network) => {
    for (const rows of batchesOf(20)) {
      await stepper.run([rows]);
      stepper.settle();
    }
    return readWeights(network);
  });
  assert.deepEqual(oneByOne, all.weights);
});

test('a loss that is not finite ends the call at its step and leaves the weights from before it', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { units: 2 } }, { dense: { units: 1 } }], { inputShape: [3] });
  const broken: Task = {
    ...of,
    samples: { ...of.samples, targets: of.samples.targets.map((y, i) => (i === 20 ? Number.NaN : y)) },
  };
  const batches = [0, 1, 20, 3].map((sample) => Int32Array.from([sample, 4, 5, 6, 7]));
  await withStepper(broken, compiled(), async (stepper, network) => {
    const metrics = await stepper.run(batches);
    assert.deepEqual(
      metrics.map(({ loss }) => Number.isFinite(loss)),
      [true, true, false],
    );
    stepper.settle();
    const found = await readWeights(network);
    const expected = await withStepper(of, eager, async (other, same) => {
      await other.run(batches.slice(0, 2));
      return readWeights(same);
    });
    found.forEach((values, i) => {
      assertClose(values, expected[i] ?? [], 1e-6);
    });
    assert.equal(network.optimizer.steps(), 2);
  });
});

test('a weight that becomes infinite is found although the loss still looks well', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { name: 'first', units: 2 } }, { dense: { units: 1 } }], {
    inputShape: [3],
    train: { optimizer: { sgd: { learningRate: 3e38 } } },
  });
  await withStepper(of, compiled(), async (stepper, network) => {
    await stepper.run(batchesOf(1));
    const found = await stepper.findBrokenWeights();
    assert.notEqual(found, null);
    assert.deepEqual(found, await findNonFiniteWeights(network));
  });
  // A replay that learns nothing from zeros, then the last batch of a short run, which is done one operation at a time.
  const { samples } = of;
  const zeros: Samples = { ...samples, matrix: samples.matrix.map((x, i) => (i < 15 ? 0 : x)) };
  const still: Task = { ...of, samples: { ...zeros, targets: samples.targets.map((y, i) => (i < 5 ? 0 : y)) } };
  await withStepper(still, compiled({ otherBatches: 1 }), async (stepper) => {
    await stepper.run([Int32Array.of(0, 1, 2, 3, 4)]);
    assert.equal(await stepper.findBrokenWeights(), null);
    await stepper.run([Int32Array.of(10, 11, 12)]);
    assert.deepEqual(await stepper.findBrokenWeights(), { layer: 'first', where: 'weights' });
  });
});

test('a replay that gives another loss, or none, is not used', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { units: 1 } }], { inputShape: [3] });
  for (const value of [123, Number.NaN, Number.POSITIVE_INFINITY]) {
    const tensors = tf.memory().numTensors;
    const handles = currentTensorFlow()?.binding.getNumOfTensors();
    await assert.rejects(
      withStepper(of, compiled({ change: (tensorflow) => givingMetrics(tensorflow, value) }), () => assert.fail()),
      { name: 'NotRecordable', message: /^its replay gives another loss/ },
    );
    assert.deepEqual([tf.memory().numTensors, currentTensorFlow()?.binding.getNumOfTensors()], [tensors, handles]);
  }
});

test('a graph that TensorFlow refuses is a step that is not compiled, but one without memory ends the run', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { units: 1 } }], { inputShape: [3] });
  const trainRefused = (status: number) =>
    withStepper(of, compiled({ change: (tensorflow) => refusingGraphs(tensorflow, status) }), () => assert.fail());
  await assert.rejects(trainRefused(3), { message: 'TensorFlow refuses its graph: no kernel' });
  await assert.rejects(trainRefused(OUT_OF_MEMORY), { name: 'TensorFlowError' });
});

test('memory and handles stay flat over 100,000 replayed steps', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const of = task([{ dense: { units: 4, activation: 'relu' } }, { dense: { units: 1 } }], { inputShape: [3] });
  await withStepper(of, compiled(), async (stepper) => {
    const binding = (currentTensorFlow() as TensorFlow).binding;
    const batches = new Array<Int32Array>(200).fill(batchesOf(1)[0] as Int32Array);
    for (let call = 0; call < 50; call += 1) {
      await stepper.run(batches);
    }
    global.gc?.();
    const before = {
      handles: binding.getNumOfTensors(),
      tensors: tf.memory().numTensors,
      rss: process.memoryUsage().rss,
    };
    for (let call = 0; call < 500; call += 1) {
      await stepper.run(batches);
    }
    assert.deepEqual([binding.getNumOfTensors(), tf.memory().numTensors], [before.handles, before.tensors]);
    const grown = (process.memoryUsage().rss - before.rss) / 2 ** 20;
    assert.ok(grown < 64, `${grown.toFixed(0)} MiB more after 100,000 steps`);
  });
});
