/** Sequences as samples: how they are cut, filled up and batched, and that what fills them counts nowhere. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../../../src/common/recipe/schema.ts';
import { type PreparedData, prepareData } from '../../../src/trainer/data/prepareData.ts';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { evaluate } from '../../../src/trainer/evaluation/evaluate.ts';
import { loadBatch } from '../../../src/trainer/training/batches.ts';
import { planBatches } from '../../../src/trainer/training/batchPlan.ts';
import { createNetwork } from '../../../src/trainer/training/network.ts';
import { read } from '../../../src/trainer/training/readTensors.ts';
import { assertClose } from './support/assertClose.ts';
import { startBackend } from './support/startBackend.ts';
import { toRecipe } from './support/toRecipe.ts';
import { trainHere } from './support/trainHere.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'skillet-sequences-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Settings {
  data?: Record<string, unknown>;
  model?: unknown[];
  train?: Record<string, unknown>;
}

const STEPWISE = [{ gru: { units: 3, returnSequences: true } }, { dense: { units: 1 } }];

async function prepare(csv: string, { data, model = STEPWISE, train }: Settings): Promise<[PreparedData, Recipe]> {
  writeFileSync(path.join(folder, 'data.csv'), csv);
  const recipe = toRecipe(
    JSON.stringify({
      name: 'Sequences',
      data: { csv: 'data.csv', target: 'y', ...data },
      model,
      train: { loss: 'meanSquaredError', metrics: ['rmse', 'mae'], batchSize: 2, epochs: 3, ...train },
    }),
  );
  return [await prepareData(recipe, folder), recipe];
}

/** 1, 4, 9, … in one column. */
const squares = (rows: number) => `y\n${Array.from({ length: rows }, (_, i) => (i + 1) ** 2).join('\n')}\n`;

test('a series is cut from its beginning, each step with the next value, and the rest is the test', async () => {
  const [data] = await prepare(squares(12), { data: { sequences: { length: 3, train: 2, validation: 1 } } });
  assert.deepEqual([...data.train.firstRow, ...(data.validation?.firstRow ?? [])], [0, 3, 6]);
  assert.deepEqual(
    [data.train.inputShape, data.train.targetShape],
    [
      [3, 1],
      [3, 1],
    ],
  );
  assert.deepEqual([...data.train.targets], [4, 9, 16, 25, 36, 49]);
  assert.deepEqual([...(data.validation?.targets ?? [])], [64, 81, 100]);
  assert.deepEqual([...data.test.targetRow], [10, 11]);
  const { trainRows, validationRows, testRows } = data.summary;
  assert.deepEqual([trainRows, validationRows, testRows], [6, 3, 2]);
});

test('the scalers see the values of the training sequences, or all where the recipe says so', async () => {
  const settings = { sequences: { length: 3, train: 2, validation: 1 }, scale: 'minMax', scaleTarget: 'minMax' };
  const [own] = await prepare(squares(12), { data: settings });
  // The last training sequence foretells the seventh value.
  assert.deepEqual(own.inputs.scaler, { kind: 'minMax', offset: [1], factor: [48] });
  assert.deepEqual(own.targets.scaler, { kind: 'minMax', offset: [4], factor: [45] });
  const [all] = await prepare(squares(12), { data: { ...settings, scaleFit: 'all' } });
  assert.deepEqual(
    [all.inputs.scaler, all.targets.scaler],
    [
      { kind: 'minMax', offset: [1], factor: [143] },
      { kind: 'minMax', offset: [1], factor: [143] },
    ],
  );
});

test('with a difference, the network sees and says changes, and the first rows are no inputs', async () => {
  const [data] = await prepare(squares(12), { data: { sequences: { length: 3, train: 2 }, difference: 2 } });
  assert.deepEqual([...data.train.firstRow], [2, 5]);
  assert.deepEqual([...data.train.matrix.subarray(2, 5)], [8, 12, 16]);
  assert.deepEqual([...data.train.targets], [12, 16, 20, 24, 28, 32]);
  const [windows] = await prepare(squares(8), {
    data: { lookback: 2, difference: 1, test: { rows: 2 } },
    model: [{ gru: { units: 2 } }, { dense: { units: 1 } }],
  });
  assert.deepEqual([...windows.train.firstRow], [1, 2, 3]);
  assert.deepEqual([...windows.train.targets], [7, 9, 11]);
  await startBackend('js');
  const recipe = toRecipe(
    JSON.stringify({
      name: 'Last',
      data: { csv: 'data.csv', target: 'y', lookback: 2, difference: 1, test: { rows: 2 } },
      model: ['flatten', { dense: { units: 1, kernelInitializer: 'zeros' } }],
      train: { loss: 'meanSquaredError' },
    }),
  );
  const network = createNetwork({ recipe, inputShape: [2, 1], targetUnits: [1] });
  const { evaluation } = await evaluate(recipe, windows, network);
  network.dispose();
  // A network that says no change repeats the last value.
  const own = evaluation.metrics.rmse;
  assert.equal(own, evaluation.baselines.find(({ name }) => name === 'lastValue')?.metrics.rmse);
});

test('a series that is too short for its sequences is refused with the number that would do', async () => {
  const refused = (sequences: object, message: RegExp, remedy: RegExp) =>
    assert.rejects(prepare(squares(12), { data: { sequences } }), {
      code: 'data-too-short',
      path: 'data.sequences',
      message,
      remedy,
    });
  await refused(
    { length: 4, train: 2, validation: 1 },
    /12 rows are too few for 3 sequences of 4.*takes 14/,
    /at most 2/,
  );
  await refused({ length: 3, train: 3, testSteps: 5 }, /and 5 to test on: that takes 15/, /at most 2/);
  await refused({ length: 40, train: 1 }, /takes 42/, /shorter sequences/);
});

/** Sequences a (2 rows), b (4), c (3) and d (1), their rows mixed. */
const MIXED = 'id,x,y\na,1,10\nb,2,20\nb,3,30\na,4,40\nc,5,50\nb,6,60\nc,7,70\nb,8,80\nc,9,90\nd,10,100\n';
const BUCKETS = { by: 'id', output: 'each', buckets: [2, 4] };

test('rows with the same value are one sequence, in file order; shorter ones are filled up to their bucket', async () => {
  const [data] = await prepare(MIXED, { data: { sequences: BUCKETS, test: { rows: 1, permutation: 'none' } } });
  assert.deepEqual([...data.rowNumbers], [1, 4, 2, 3, 6, 8, 5, 7, 9, 10]);
  assert.deepEqual([data.summary.trainRows, data.summary.testRows, data.summary.features], [9, 1, ['x']]);
  const { inputs, targets, counts } = loadBatch(data.train, Int32Array.of(2, 1), null);
  assert.deepEqual(inputs.arraySync(), [
    [[5], [7], [9], [0]],
    [[2], [3], [6], [8]],
  ]);
  assert.deepEqual((targets.arraySync() as number[][][])[0], [[50], [70], [90], [0]]);
  assert.deepEqual(counts?.arraySync(), [
    [1, 1, 1, 0],
    [1, 1, 1, 1],
  ]);
});

test('a batch holds sequences of one bucket, and batches come in the order of their first', async () => {
  const csv = `id,x,y\n${[1, 3, 2, 4, 1, 3, 2, 1].flatMap((rows, k) => new Array<string>(rows).fill(`s${k},1,1`)).join('\n')}\n`;
  const [data, recipe] = await prepare(csv, { data: { sequences: BUCKETS, test: { rows: 1, permutation: 'none' } } });
  const plan = planBatches(data.train, recipe.train);
  const cut = (order: number[]) =>
    Array.from({ length: plan.count }, (_, i) => [...plan.rows(Int32Array.from(order), i)]);
  assert.deepEqual(cut([0, 1, 2, 3, 4, 5, 6]), [[0, 2], [1, 3], [4, 6], [5]]);
  assert.deepEqual(cut([5, 6, 4, 3, 2, 1, 0]), [[5, 3], [6, 4], [2, 0], [1]]);
});

test('what sequences are filled up with counts neither in the loss, the metrics nor the gradient', async () => {
  await startBackend('js');
  const [data, recipe] = await prepare(MIXED, { data: { sequences: BUCKETS, test: { rows: 1, permutation: 'none' } } });
  for (const loss of ['meanSquaredError', 'meanAbsoluteError', 'huber'] as const) {
    const of = { ...recipe, train: { ...recipe.train, loss } };
    const network = createNetwork({ recipe: of, inputShape: data.train.inputShape, targetUnits: [1] });
    const tensors = tf.memory().numTensors;
    const look = async (samples: Samples, rows: Int32Array) => {
      const tensors = tf.tidy(() => {
        const { metrics, gradients } = network.gradients(loadBatch(samples, rows, null));
        return [metrics, ...gradients];
      });
      const values = await read(tensors);
      tf.dispose(tensors);
      return values;
    };
    const all = data.train;
    // c has 3 steps of a bucket of 4, b fills it: together the mean over 7 steps.
    const [both, c, b] = [
      await look(all, Int32Array.of(2, 1)),
      await look(all, Int32Array.of(2)),
      await look(all, Int32Array.of(1)),
    ];
    both.slice(1).forEach((values, k) => {
      const wanted = values.map((_, i) => (3 * (c[k + 1]?.[i] ?? 0) + 4 * (b[k + 1]?.[i] ?? 0)) / 7);
      assertClose(values, wanted, 1e-5, `${loss} gradient ${k}`);
    });
    assertClose(both[0]?.[0] ?? 0, (3 * (c[0]?.[0] ?? 0) + 4 * (b[0]?.[0] ?? 0)) / 7, 1e-5, loss);
    // And c alone is what it would be without filling.
    const bare = {
      ...data.train,
      filling: { steps: Int32Array.of(2, 4, 3), filled: Int32Array.of(2, 4, 3), counts: 'all' as const },
    };
    const wanted = await look(bare, Int32Array.of(2));
    c.forEach((values, k) => {
      assertClose(values, wanted[k] ?? [], 1e-6, `c alone ${k}`);
    });
    assert.equal(tf.memory().numTensors, tensors);
    network.dispose();
  }
});

test('with output last only the last own step counts, over classes too', async () => {
  await startBackend('js');
  const csv = 'id,x,y\na,1,no\na,2,yes\nb,2,no\nb,3,no\nb,6,maybe\nc,1,yes\n';
  const [data, recipe] = await prepare(csv, {
    data: {
      sequences: { by: 'id', output: 'last', buckets: [3] },
      categorical: ['y'],
      test: { rows: 1, permutation: 'none' },
    },
    model: [{ lstm: { units: 3, returnSequences: true } }, { dense: { units: 3, activation: 'softmax' } }],
    train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
  });
  const network = createNetwork({ recipe, inputShape: data.train.inputShape, targetUnits: [1] });
  const batch = loadBatch(data.train, Int32Array.of(0, 1), 3);
  assert.deepEqual(batch.counts?.arraySync(), [
    [0, 1, 0],
    [0, 0, 1],
  ]);
  const { loss } = await network.measure(batch);
  const said = (network.built.model.apply(batch.inputs) as tf.Tensor3D).arraySync();
  // maybe, no, yes: a ends with yes, b with maybe.
  const wanted = -(Math.log(said[0]?.[1]?.[2] ?? 0) + Math.log(said[1]?.[2]?.[0] ?? 0)) / 2;
  assertClose(loss ?? 0, wanted, 1e-6);
  const { evaluation } = await evaluate(recipe, data, network);
  assert.deepEqual([evaluation.rows, evaluation.predictions.kind], [1, 'classes']);
  network.dispose();
});

test('test scores are over the own steps of the test sequences, beside the last value where that is known', async () => {
  await startBackend('js');
  const [data, recipe] = await prepare(MIXED.replace('d,10,100\n', ''), {
    data: { sequences: { by: 'id', buckets: [2, 4] }, test: { rows: 1, permutation: 'none' } },
    model: [{ dense: { units: 1, kernelInitializer: 'zeros' } }],
  });
  assert.deepEqual(data.summary.features, ['x', 'y']);
  const network = createNetwork({ recipe, inputShape: data.train.inputShape, targetUnits: [1] });
  const { evaluation } = await evaluate(recipe, data, network);
  network.dispose();
  assert.ok(evaluation.predictions.kind === 'values');
  // c: 50, 70, 90; the network of zeros says 0 for 70 and 90.
  assert.deepEqual(evaluation.predictions.targets[0], { name: 'y', actual: [70, 90], predicted: [0, 0] });
  assert.deepEqual([evaluation.rows, evaluation.predictions.row], [2, [7, 9]]);
  assertClose(evaluation.metrics.rmse ?? 0, Math.sqrt((70 ** 2 + 90 ** 2) / 2), 1e-9);
  assert.equal(evaluation.baselines.find(({ name }) => name === 'lastValue')?.metrics.rmse, 20);
});

test('sequences of unequal lengths without buckets, too long ones, and single rows are refused with the remedy', async () => {
  const refused = (sequences: object, expected: object) =>
    assert.rejects(prepare(MIXED, { data: { sequences } }), { code: 'data-sequences', ...expected });
  await refused(
    { by: 'id', output: 'each' },
    {
      path: 'data.sequences',
      message: 'The sequences have unequal lengths: id = a has 2 steps, id = b has 4.',
      remedy: /for example buckets: \[2, 3, 4\]/,
    },
  );
  await refused(
    { by: 'id', output: 'each', buckets: [2, 3] },
    { path: 'data.sequences.buckets', message: /id = b has 4 steps, more than the largest bucket \(3\)/ },
  );
  await refused({ by: 'id', buckets: [4] }, { path: 'data.sequences.by', message: /id = d has one row/ });
  await assert.rejects(prepare(MIXED, { data: { sequences: { by: 'it', buckets: [4] } } }), {
    code: 'data-unknown-column',
    path: 'data.sequences.by',
  });
});

test('a class that only test or validation sequences have is refused with a way out', async () => {
  const csv = 'id,x,y\na,1,no\na,2,yes\nb,2,no\nb,3,yes\nc,6,maybe\nc,1,yes\nd,1,no\nd,2,no\n';
  const settings = (output: string, rows: number, train: object = {}): Settings => ({
    data: { sequences: { by: 'id', output }, categorical: ['y'], test: { rows, permutation: 'none' }, features: ['x'] },
    model: [{ lstm: { units: 3, returnSequences: true } }, { dense: { units: 3, activation: 'softmax' } }],
    train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'], ...train },
  });
  await assert.rejects(prepare(csv, settings('each', 2)), {
    code: 'data-unseen-class',
    path: 'data.test',
    message: /The class maybe of y occurs in 1 test row but in no training row/,
    remedy: /permutation: numpy/,
  });
  await assert.rejects(prepare(csv, settings('each', 1, { validationSplit: 0.3 })), {
    code: 'data-unseen-class',
    path: 'train.validationSplit',
  });
  // Only what the network is asked for counts: the last rows of c and d.
  await prepare(csv.replace('d,2,no', 'd,2,yes'), settings('last', 2));
  await assert.rejects(prepare(csv, settings('last', 1)), { code: 'data-unseen-class', message: /The class no of y/ });
});

test('there may be very many sequences', async () => {
  const rows = Array.from({ length: 130_000 }, (_, i) => `s${i},1,1`);
  const [data] = await prepare(`id,x,y\n${rows.join('\n')}\n`, { data: { sequences: { by: 'id', output: 'each' } } });
  assert.deepEqual([data.train.count, data.train.inputShape], [104_000, [1, 1]]);
});

test('times are in order within each sequence, and each may begin anew', async () => {
  const settings = {
    data: { sequences: { by: 'id', output: 'each' }, time: 't', test: { rows: 1, permutation: 'none' } },
  };
  const [data] = await prepare('id,t,x,y\na,1,1,1\nb,1,1,1\na,2,1,1\nb,2,1,1\n', settings);
  assert.deepEqual(data.time?.labels, ['1', '2', '1', '2']);
  await assert.rejects(prepare('id,t,x,y\na,1,1,1\nb,2,1,1\na,2,1,1\nb,1,1,1\n', settings), {
    code: 'data-time',
    message: /^Row 4 has 1, which is earlier than row 2/,
  });
});

for (const backend of ['wasm', 'js']) {
  test(`bucketed sequences are learnt on ${backend}, one operation at a time`, async () => {
    await startBackend(backend);
    const rows = Array.from({ length: 30 }, (_, k) =>
      Array.from(
        { length: 2 + (k % 4) },
        (_unused, i) => `s${k},${((k * 7 + i * 3) % 10) / 10},${((k * 7 + i * 3) % 10) / 5}`,
      ),
    );
    const [data, recipe] = await prepare(`id,x,y\n${rows.flat().join('\n')}\n`, {
      data: { sequences: { by: 'id', output: 'each', buckets: [3, 5] }, test: { fraction: 0.2 } },
      train: { epochs: 25, batchSize: 4, optimizer: { adam: { learningRate: 0.05 } }, validationSplit: 0.2 },
    });
    const losses: number[] = [];
    const tensors = tf.memory().numTensors;
    const rmse = await trainHere(recipe, data, {
      watch: { onEpoch: ({ loss = Number.NaN }) => losses.push(loss), onEager: () => undefined },
      use: async (network) => (await evaluate(recipe, data, network)).evaluation.metrics.rmse ?? Number.NaN,
    });
    assert.ok((losses.at(-1) ?? 1) < (losses[0] ?? 0) / 20 && rmse < 0.25, `${losses[0]} → ${losses.at(-1)}, ${rmse}`);
    assert.equal(tf.memory().numTensors, tensors);
  });
}
