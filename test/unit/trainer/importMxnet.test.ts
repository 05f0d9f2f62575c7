/** MXNet checkpoints become model folders that predict what MXNet predicts. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { MxnetRequest } from '../../../src/common/model/importMessages.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { importMxnet } from '../../../src/trainer/mxnet/importMxnet.ts';
import { applyNetwork } from '../../../src/trainer/predict/applyNetwork.ts';
import { predictFile } from '../../../src/trainer/predict/predictFile.ts';
import { readModelFolder } from '../../../src/trainer/predict/readModelFolder.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { assertClose } from './support/assertClose.ts';
import { toCells } from './support/predicting.ts';
import { startBackend } from './support/startBackend.ts';

const goldens = path.resolve(import.meta.dirname, '../../fixtures/goldens/mxnet');
const readGolden = (name: string) => JSON.parse(readFileSync(path.join(goldens, name), 'utf8'));

before(() => startBackend('wasm'));

/** Imports one of the goldens into a folder of the test's own. */
async function imported(t: TestContext, prefix: string, part: Partial<MxnetRequest> = {}) {
  const folder = path.join(tempFolder(t), 'model');
  return importMxnet({
    kind: 'mxnet',
    symbolFile: path.join(goldens, `${prefix}-symbol.json`),
    paramsFile: null,
    outFolder: folder,
    inputShape: null,
    training: null,
    recipe: false,
    ...part,
  });
}

const flat = (value: unknown): number[] => [value].flat(9) as number[];

test('the book’s Boston network predicts what MXNet predicts', async (t) => {
  const { folder } = await imported(t, 'boston_r');
  const { boston } = readGolden('predictions.json');
  const rows: number[][] = boston.scaled_rows_first5_of_test;
  const csv = path.join(path.dirname(folder), 'rows.csv');
  writeFileSync(csv, `${rows[0]?.map((_, i) => `x${i}`).join()}\n${rows.map((row) => row.join()).join('\n')}\n`);
  const outFile = path.join(path.dirname(folder), 'out.csv');
  const loaded = await readModelFolder(folder);
  await predictFile(loaded, { rowsFile: csv, outFile, format: 'csv' });
  const found = toCells(readFileSync(outFile, 'utf8'))
    .slice(1)
    .map((fields) => Number(fields.at(-1)));
  assertClose(found, boston.predictions, 1e-5);
  loaded.model.dispose();
});

test('the book’s shampoo network gives MXNet’s outputs and states, and goes on from a given state', async (t) => {
  const { folder } = await imported(t, 'shampoo_r');
  const { shampoo } = readGolden('predictions.json');
  const loaded = await readModelFolder(folder);
  assert.deepEqual(
    loaded.sidecar.states.map(({ name }) => name),
    ['rnn.state_1', 'rnn.state.cell_1', 'rnn.state_2', 'rnn.state.cell_2'],
  );
  for (const [sample, sequence] of (shampoo.sequences as number[][]).entries()) {
    const whole = await applyNetwork(loaded, Float32Array.from(sequence), { count: 4 });
    assertClose(whole.values, shampoo.outputs_sample_by_sample[sample], 1e-5);
    const states = (whole.state ?? []).map((state) => [...state]);
    const wanted = [0, 1].flatMap((layer) => [
      shampoo.state_h_layer_sample_unit[layer][sample],
      shampoo.state_c_layer_sample_unit[layer][sample],
    ]);
    assertClose(states, wanted, 1e-5);
    // Given the state after two steps, the other two give the same as all four at once.
    const first = await applyNetwork(loaded, Float32Array.from(sequence.slice(0, 2)), { count: 2 });
    const second = await applyNetwork(loaded, Float32Array.from(sequence.slice(2)), { count: 2, state: first.state });
    assertClose(second.values, shampoo.outputs_sample_by_sample[sample].slice(2), 1e-5);
    assertClose(
      (second.state ?? []).map((state) => [...state]),
      wanted,
      1e-5,
    );
  }
  loaded.model.dispose();
});

test('the rows of a file are the steps of one sequence, whose state goes from row to row', async (t) => {
  const { folder } = await imported(t, 'shampoo_r');
  const { shampoo } = readGolden('predictions.json');
  const rowsFile = path.join(path.dirname(folder), 'rows.csv');
  const outFile = path.join(path.dirname(folder), 'out.csv');
  writeFileSync(rowsFile, `sales\n${shampoo.sequences[0].join('\n')}\n`);
  const loaded = await readModelFolder(folder);
  await predictFile(loaded, { rowsFile, outFile, format: 'csv' });
  const [header, ...rows] = toCells(readFileSync(outFile, 'utf8'));
  assert.deepEqual(header, ['sales', 'predicted']);
  assertClose(
    rows.map((fields) => Number(fields[1])),
    shampoo.outputs_sample_by_sample[0],
    1e-5,
  );
  loaded.model.dispose();
});

const OPS: Record<string, { inputShape?: number[]; operations: string }> = {
  branches: {
    operations: 'LeakyReLU leaky and elu, softrelu, elemwise_add, Concat, BatchNorm, Dropout, LogisticRegressionOutput',
  },
  images: {
    inputShape: [2, 8, 6],
    operations: 'Convolution, BatchNorm with fix_gamma, Pooling max and avg, Flatten, SoftmaxOutput',
  },
  globals: { inputShape: [1, 6, 5], operations: 'global Pooling' },
};
for (const [name, { inputShape, operations }] of Object.entries(OPS)) {
  test(`${operations}: as in MXNet`, async (t) => {
    const { folder } = await imported(t, name, { inputShape: inputShape ?? null });
    const golden = readGolden('ops.json')[name];
    const loaded = await readModelFolder(folder);
    const count = golden.data.length;
    const { values } = await applyNetwork(loaded, Float32Array.from(flat(golden.data)), { count });
    assertClose(values, flat(golden.output), 1e-5);
    loaded.model.dispose();
  });
}

for (const [name, operations] of [
  ['gru', 'a fused GRU of two layers'],
  ['words', 'an Embedding and a plain RNN over its codes'],
] as const) {
  test(`${operations}, from a given state to a state: as in MXNet`, async (t) => {
    const { folder } = await imported(t, name);
    const golden = readGolden('ops.json')[name];
    const loaded = await readModelFolder(folder);
    const samples: unknown[] = golden.data;
    const perSample = golden.output.length / samples.length;
    for (const [sample, sequence] of samples.entries()) {
      const state = (golden.state as number[][][]).map((layer) => Float32Array.from(layer[sample] ?? []));
      const count = (sequence as unknown[]).length;
      const made = await applyNetwork(loaded, Float32Array.from(flat(sequence)), { count, state });
      assertClose(made.values, flat(golden.output.slice(sample * perSample, (sample + 1) * perSample)), 1e-5);
      assertClose(
        (made.state ?? []).map((values) => [...values]),
        (golden.state_out as number[][][]).map((layer) => layer[sample] ?? []),
        1e-5,
      );
    }
    loaded.model.dispose();
  });
}

test('the graph is the one that graph.viz draws, with shapes and weights', async (t) => {
  const { sidecar } = await imported(t, 'boston_r');
  assert.deepEqual(
    sidecar.graph?.nodes.map(({ viz, outputShape, parameterCount }) => [
      viz?.label,
      viz?.form,
      viz?.group,
      outputShape.join(),
      parameterCount,
    ]),
    [
      ['data\ndata', 'oval', 'data', '13', 0],
      ['FullyConnected\ndense1\n64', 'box', 'weights', '64', 896],
      ['Activation\nrelu1\nrelu', 'box', 'activation', '64', 0],
      ['FullyConnected\ndense2\n64', 'box', 'weights', '64', 4160],
      ['Activation\nrelu2\nrelu', 'box', 'activation', '64', 0],
      ['FullyConnected\ndense3\n1', 'box', 'weights', '1', 65],
      ['LinearRegressionOutput\nlinearregressionoutput0', 'box', 'loss', '1', 0],
    ],
  );
  assert.deepEqual(sidecar.graph?.edges[0], { from: 'data', to: 'dense1', shape: [13] });
});

test('windows and filters stand in the labels as graph.viz writes them', async (t) => {
  const { sidecar } = await imported(t, 'images', { inputShape: [2, 8, 6] });
  const labels = sidecar.graph?.nodes.map(({ viz }) => viz?.label);
  assert.ok(labels?.includes('Convolution\nconv1\n3X3 / , 4'), labels?.join(' | '));
  assert.ok(labels?.includes('Convolution\nconv2\n2X3 / 1X2, 3'), labels?.join(' | '));
  assert.ok(labels?.includes('Pooling\npool1\nmax2X2 / 2X2'), labels?.join(' | '));
});

test('with the training rows, raw rows predict what scaled ones predict', async (t) => {
  const folder = tempFolder(t);
  const csvFile = path.join(folder, 'train.csv');
  const names = Array.from({ length: 13 }, (_, i) => `f${i}`);
  const rows = Array.from({ length: 20 }, (_, row) => names.map((_name, i) => ((row * 7 + i * 3) % 11) + i));
  writeFileSync(csvFile, `${names.join()},medv\n${rows.map((row) => `${row.join()},1`).join('\n')}\n`);
  const training = { csvFile, target: 'medv', scale: 'standard' } as const;
  const { folder: model, sidecar } = await imported(t, 'boston_r', { training });
  assert.ok(sidecar.inputs.encoding === 'columns');
  const { offset, factor } = sidecar.inputs;
  const means = names.map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / 20);
  assertClose(offset, means, 1e-9);
  const loaded = await readModelFolder(model);
  const outFile = path.join(folder, 'out.csv');
  await predictFile(loaded, { rowsFile: csvFile, outFile, format: 'csv' });
  const scaled = Float32Array.from(
    rows.flatMap((row) => row.map((value, i) => (value - (offset[i] ?? 0)) / (factor[i] ?? 1))),
  );
  const { values } = await applyNetwork(loaded, scaled, { count: 20 });
  assertClose(
    toCells(readFileSync(outFile, 'utf8'))
      .slice(1)
      .map((fields) => Number(fields.at(-1))),
    values,
    1e-6,
  );
  loaded.model.dispose();
});

test('a recipe with the same layers can be trained on', async (t) => {
  const { recipeFile } = await imported(t, 'boston_r', { recipe: true });
  const { recipe, problems } = parseRecipe(readFileSync(recipeFile ?? '', 'utf8'));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    recipe?.model.map((layer) => (layer.type === 'dense' ? [layer.name, layer.units, layer.activation] : layer.type)),
    [
      ['dense1', 64, 'relu'],
      ['dense2', 64, 'relu'],
      ['dense3', 1, 'linear'],
    ],
  );
  assert.deepEqual([recipe?.train.loss, recipe?.train.lossWeight], ['meanSquaredError', 0.5]);
  await assert.rejects(imported(t, 'shampoo_r', { recipe: true }), { code: 'import-unsupported', path: '--recipe' });
});

/** A folder with a copy of a golden checkpoint, whose symbol is changed. */
function changed(
  t: TestContext,
  prefix: string,
  change: (symbol: { nodes: { op: string; name: string; attrs?: Record<string, string> }[] }) => void,
): string {
  const folder = tempFolder(t);
  const symbol = readGolden(`${prefix}-symbol.json`);
  change(symbol);
  writeFileSync(path.join(folder, 'net-symbol.json'), JSON.stringify(symbol));
  const params = readdirSync(goldens).find((name) => name.startsWith(`${prefix}-`) && name.endsWith('.params'));
  copyFileSync(path.join(goldens, params ?? ''), path.join(folder, 'net-0001.params'));
  return path.join(folder, 'net-symbol.json');
}

test('unknown operations are all named, with those that are known, and nothing is made', async (t) => {
  const symbolFile = changed(t, 'boston_r', ({ nodes }) => {
    for (const node of nodes.filter(({ op }) => op === 'Activation')) {
      node.op = 'Custom';
    }
  });
  const outFolder = path.join(path.dirname(symbolFile), 'model');
  await assert.rejects(imported(t, 'boston_r', { symbolFile, outFolder }), {
    code: 'import-unsupported',
    message: 'The network uses Custom (relu1, relu2), which cannot be imported.',
    remedy: /Supported are Activation, BatchNorm, .*SwapAxis/,
  });
  assert.deepEqual(readdirSync(path.dirname(symbolFile)).sort(), ['net-0001.params', 'net-symbol.json']);
});

const REFUSED: Record<
  string,
  { prefix: string; set: [string, string, string]; message: RegExp; code?: string; inputShape?: number[] }
> = {
  'an activation of another kind': {
    prefix: 'boston_r',
    set: ['relu1', 'act_type', 'mish'],
    message: /act_type is "mish"/,
  },
  'other sizes than the weights have': {
    prefix: 'boston_r',
    set: ['dense2', 'num_hidden', '32'],
    message: /shape \[64, 64\]; \[32, 64\] is needed/,
    code: 'import-mismatch',
  },
  'a recurrent layer in both directions': {
    prefix: 'shampoo_r',
    set: ['RNN', 'bidirectional', '1'],
    message: /both directions/,
  },
  'more recurrent layers than weights': {
    prefix: 'shampoo_r',
    set: ['RNN', 'num_layers', '9'],
    message: /packed weights fit no input/,
    code: 'import-mismatch',
  },
  'a maximum over padding': {
    prefix: 'images',
    set: ['pool1', 'pad', '(1, 1)'],
    message: /pads by 1 and 1/,
    inputShape: [2, 8, 6],
  },
  'grouped channels': {
    prefix: 'images',
    set: ['conv1', 'num_group', '2'],
    message: /in groups/,
    inputShape: [2, 8, 6],
  },
  'an image without its shape': { prefix: 'images', set: ['conv1', 'x', ''], message: /do not tell how large/ },
  'an image that is too small': {
    prefix: 'images',
    set: ['conv1', 'x', ''],
    message: /./,
    code: 'import-mismatch',
    inputShape: [2, 2, 2],
  },
};
for (const [what, { prefix, set, message, code = 'import-unsupported', inputShape = null }] of Object.entries(
  REFUSED,
)) {
  test(`${what} is refused by operation`, async (t) => {
    const symbolFile = changed(t, prefix, ({ nodes }) => {
      const node = nodes.find(({ name }) => name === set[0]);
      assert.ok(node);
      node.attrs = { ...node.attrs, [set[1]]: set[2] };
    });
    await assert.rejects(imported(t, prefix, { symbolFile, inputShape }), { code, message });
  });
}

test('weights that the file lacks, a folder that is there, and files that are not are refused', async (t) => {
  const symbolFile = changed(t, 'boston_r', ({ nodes }) => {
    const node = nodes.find(({ name }) => name === 'dense2_weight');
    assert.ok(node);
    node.name = 'lost';
  });
  await assert.rejects(imported(t, 'boston_r', { symbolFile }), {
    code: 'import-mismatch',
    message: /"lost" are not in the/,
  });
  const taken = tempFolder(t);
  mkdirSync(path.join(taken, 'model'));
  await assert.rejects(imported(t, 'boston_r', { outFolder: path.join(taken, 'model') }), { code: 'model-output' });
  await assert.rejects(imported(t, 'none'), { code: 'import-mismatch', message: 'does not exist.' });
  const paramsFile = path.join(taken, 'no.params');
  await assert.rejects(imported(t, 'boston_r', { paramsFile }), { code: 'import-damaged', message: /cannot be read/ });
  const training = { csvFile: path.join(taken, 'no.csv'), target: null, scale: 'none' } as const;
  await assert.rejects(imported(t, 'boston_r', { training }), { code: 'data-not-found' });
  assert.ok(!existsSync(path.join(taken, 'model', 'model.json')));
});

test('the epoch that was saved last is taken, and said', async (t) => {
  const symbolFile = changed(t, 'boston_r', () => undefined);
  copyFileSync(path.join(goldens, 'branches-0001.params'), path.join(path.dirname(symbolFile), 'net-0000.params'));
  const { notes } = await imported(t, 'boston_r', { symbolFile });
  assert.deepEqual(notes, ['The parameters are those of net-0001.params.']);
});

test('an import leaves no tensor behind', async (t) => {
  await imported(t, 'images', { inputShape: [2, 8, 6] });
  const { numTensors } = tf.memory();
  await imported(t, 'images', { inputShape: [2, 8, 6] });
  await imported(t, 'gru');
  await imported(t, 'shampoo_r');
  assert.equal(tf.memory().numTensors, numTensors);
});
