/** Models of Keras become model folders that predict what Keras predicts, and go back to Keras. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { memory } from '@tensorflow/tfjs-core';
import * as kerasFolder from '../../../src/node/keras/modelFolder.ts';
import { readKeras } from '../../../src/node/keras/readKeras.ts';
import { writeKeras } from '../../../src/node/keras/writeKeras.ts';
import { importKeras } from '../../../src/trainer/keras/importKeras.ts';
import { viewModel } from '../../../src/trainer/predict/modelView.ts';
import { predictFile } from '../../../src/trainer/predict/predictFile.ts';
import { readModelFolder } from '../../../src/trainer/predict/readModelFolder.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { assertClose } from './support/assertClose.ts';
import { toCells } from './support/predicting.ts';
import { startBackend } from './support/startBackend.ts';

const GOLDENS = path.join(import.meta.dirname, '../../fixtures/goldens/keras');
const { models } = JSON.parse(readFileSync(path.join(GOLDENS, 'predictions.json'), 'utf8')) as {
  models: Record<string, { shape: number[]; input: number[]; output: number[] }>;
};

before(() => startBackend('wasm'));

type Asked = Partial<Parameters<typeof importKeras>[0]>;

/** As the two processes of an import do it, in this one. */
async function imported(t: TestContext, name: string, asked: Asked = {}) {
  const root = tempFolder(t);
  const networkFolder = path.join(root, 'network');
  mkdirSync(networkFolder);
  await kerasFolder.writeModelFolder(await readKeras(path.join(GOLDENS, name)), networkFolder);
  const request = {
    kind: 'keras',
    file: path.join(root, name),
    outFolder: null,
    training: null,
    networkFolder,
  } as const;
  return { root, ...(await importKeras({ ...request, ...asked })) };
}

async function predict(folder: string, csv: string): Promise<string[][]> {
  const loaded = await readModelFolder(folder);
  const rowsFile = `${folder}.rows.csv`;
  const outFile = `${folder}.told.csv`;
  writeFileSync(rowsFile, csv);
  try {
    await predictFile(loaded, { rowsFile, outFile, format: 'csv' });
  } finally {
    loaded.model.dispose();
  }
  return toCells(readFileSync(outFile, 'utf8'));
}

for (const [name, { shape, input, output }] of Object.entries(models)) {
  for (const ending of ['keras', 'h5']) {
    test(`rows are predicted with ${name}.${ending} as Keras predicts them, and it goes back unchanged`, async (t) => {
      const tensors = memory().numTensors;
      const { root, folder, sidecar } = await imported(t, `${name}.${ending}`);
      assert.deepEqual(sidecar.source, { kind: 'keras', files: [`${name}.${ending}`] });
      assert.deepEqual(sidecar.inputs, { encoding: 'positions', shape: shape.slice(1) });
      const width = input.length / (shape[0] ?? 1);
      const rows = Array.from({ length: shape[0] ?? 1 }, (_, i) => input.slice(i * width, (i + 1) * width).join());
      const header = Array.from({ length: width }, (_, i) => `x${i}`).join();
      const [names = [], ...told] = await predict(folder, `${header}\n${rows.join('\n')}\n`);
      const values = told.map((fields) => fields.slice(width).map(Number));
      const isClass = sidecar.targets.classes !== null;
      const outputs = isClass
        ? values.map(([, zero = 0, one = 0]) => (name === 'words' ? [one] : [zero, one]))
        : values;
      assert.equal(isClass, name !== 'images');
      assert.equal(names[width], isClass ? 'predicted' : 'predicted_output1');
      assertClose(outputs.flat(), output, 1e-6);
      const again = path.join(root, `again.${ending}`);
      await writeKeras(await kerasFolder.readModelFolder(folder), again, new Date(0));
      const original = await readKeras(path.join(GOLDENS, `${name}.${ending}`));
      const sorted = (model: typeof original) => model.weights.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(sorted(await readKeras(again)), sorted(original));
      assert.equal(memory().numTensors, tensors);
    });
  }
}

test('a softmax tells classes, a lone sigmoid two; the graph names each layer and its size', async (t) => {
  const { folder, sidecar } = await imported(t, 'resets.keras');
  assert.deepEqual(sidecar.targets.classes, ['0', '1']);
  assert.deepEqual(
    sidecar.graph?.nodes.map(({ id, type, outputShape, parameterCount }) => [id, type, outputShape, parameterCount]),
    [
      ['input', 'input', [6, 3], 0],
      ['first', 'gru', [6, 4], 108],
      ['second', 'gru', [3], 81],
      ['out', 'dense', [2], 8],
    ],
  );
  const { origin, form } = viewModel(folder, sidecar);
  assert.equal(origin, 'Imported from resets.keras (keras).');
  assert.equal(form, null);
});

test('training rows name the inputs and their scale; where rows are no samples by themselves that is refused', async (t) => {
  const csvFile = path.join(tempFolder(t), 'train.csv');
  writeFileSync(csvFile, `a,b,c,d,e,mood\n${Array.from({ length: 4 }, (_, i) => `${i},1,2,3,4,0`).join('\n')}\n`);
  const training = { csvFile, target: 'mood', scale: 'none' } as const;
  const { folder, sidecar } = await imported(t, 'words.keras', { training });
  assert.deepEqual(sidecar.targets.names, ['mood']);
  const [header, row] = await predict(folder, 'e,d,c,b,a\n4,3,2,1,0\n');
  assert.deepEqual(header?.slice(5), ['predicted', 'probability_0', 'probability_1']);
  const plain = await predict((await imported(t, 'words.keras')).folder, 'a,b,c,d,e\n0,1,2,3,4\n');
  assert.deepEqual(row?.slice(5), plain[1]?.slice(5));
  await assert.rejects(imported(t, 'images.keras', { training }), { code: 'import-unsupported', path: '--csv' });
  await assert.rejects(imported(t, 'words.keras', { training: { ...training, target: null } }), {
    code: 'data-unknown-column',
  });
});

test('a folder that is there already stays, and no half-made one is left', async (t) => {
  const outFolder = path.join(tempFolder(t), 'taken');
  mkdirSync(outFolder);
  await assert.rejects(imported(t, 'words.keras', { outFolder }), { code: 'model-output', path: outFolder });
  assert.deepEqual([existsSync(outFolder), readdirSync(outFolder)], [true, []]);
});

test('an input whose length is left open is refused with what to do', async (t) => {
  const root = tempFolder(t);
  const model = await readKeras(path.join(GOLDENS, 'resets.keras'));
  const layers = model.spec.layers.map((layer) =>
    layer.className === 'InputLayer' ? { ...layer, config: { batch_input_shape: [null, null, 3] } } : layer,
  );
  await kerasFolder.writeModelFolder({ ...model, spec: { ...model.spec, layers } }, root);
  const file = path.join(root, 'open.keras');
  await assert.rejects(importKeras({ kind: 'keras', file, outFolder: null, training: null, networkFolder: root }), {
    code: 'import-unsupported',
    path: 'open.keras: input',
    message: /\(batch, None, 3\)/,
  });
});
