/** Models that Keras saved give Keras's predictions here, and go back to Keras unchanged. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { io, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { readModelFolder, writeModelFolder } from '../../../../src/node/keras/modelFolder.ts';
import { parseConfig } from '../../../../src/node/keras/parseConfig.ts';
import { readKeras } from '../../../../src/node/keras/readKeras.ts';
import { toOwnLayers } from '../../../../src/node/keras/resetAfterLayers.ts';
import { writeKeras } from '../../../../src/node/keras/writeKeras.ts';
import { registerOwnLayers } from '../../../../src/trainer/model/ownLayers.ts';
import { findKeras } from '../../../fixtures/findKeras.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';
import { startBackend } from '../../trainer/support/startBackend.ts';

const GOLDENS = path.join(import.meta.dirname, '../../../fixtures/goldens/keras');
const NOW = new Date('2026-11-24T12:00:00Z');

interface Golden {
  readonly shape: number[];
  readonly input: number[];
  readonly output: number[];
}

const { models } = JSON.parse(readFileSync(path.join(GOLDENS, 'predictions.json'), 'utf8')) as {
  models: Record<string, Golden>;
};

before(async () => {
  await startBackend('wasm');
  registerOwnLayers();
});

async function predictInFolder(folder: string, { shape, input }: Golden): Promise<number[]> {
  const json = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const bytes = readFileSync(path.join(folder, 'weights.bin'));
  const weightData = new Uint8Array(bytes).buffer;
  const model = await loadLayersModel(
    io.fromMemory({ modelTopology: json.modelTopology, weightSpecs: json.weightsManifest[0].weights, weightData }),
  );
  const inputs = tensor(input, shape);
  const outputs = model.predict(inputs) as Tensor;
  const values = [...(await outputs.data())];
  model.dispose();
  inputs.dispose();
  outputs.dispose();
  return values;
}

function assertClose(values: readonly number[], golden: readonly number[], tolerance = 1e-6): void {
  const worst = Math.max(...golden.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))));
  assert.ok(values.length === golden.length && worst < tolerance, `off by ${worst}`);
}

for (const [name, golden] of Object.entries(models)) {
  for (const ending of ['keras', 'h5']) {
    test(`${name}.${ending} predicts as Keras does, and again after it was written as .keras and .h5`, async (t) => {
      const folder = tempFolder(t);
      const model = await readKeras(path.join(GOLDENS, `${name}.${ending}`));
      await writeModelFolder(model, folder);
      assertClose(await predictInFolder(folder, golden), golden.output);
      const kept = await readModelFolder(folder);
      for (const other of ['keras', 'h5']) {
        const file = path.join(folder, `again.${other}`);
        await writeKeras(kept, file, NOW);
        assert.deepEqual((await readKeras(file)).weights, model.weights);
        const again = path.join(folder, other);
        mkdirSync(again);
        await writeModelFolder(await readKeras(file), again);
        assertClose(await predictInFolder(again, golden), golden.output);
      }
    });
  }
}

test('Keras itself loads what was written, and predicts the same', async (t) => {
  const python = await findKeras(t);
  if (python === null) {
    return;
  }
  const folder = tempFolder(t);
  const asked: { file: string; shape: number[]; input: number[] }[] = [];
  for (const [name, golden] of Object.entries(models)) {
    const model = await readKeras(path.join(GOLDENS, `${name}.keras`));
    for (const ending of ['keras', 'h5']) {
      const file = path.join(folder, `${name}.${ending}`);
      await writeKeras(model, file, NOW);
      asked.push({ file, ...golden });
    }
  }
  const answers = await askKeras(python, asked);
  asked.forEach(({ file }, i) => {
    assertClose(answers[i] ?? [], models[path.parse(file).name]?.output ?? [], 1e-5);
  });
});

const PROGRAM = `
import json, sys, numpy, keras
def ask(file, shape, input, output):
    model = keras.models.load_model(file, compile=False)
    return numpy.asarray(model(numpy.array(input, "float32").reshape(shape))).ravel().tolist()
print(json.dumps([ask(**one) for one in json.loads(sys.argv[1])]))`;

/** One process for all: Keras takes seconds to start. */
async function askKeras(python: string, asked: readonly object[]): Promise<number[][]> {
  const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, JSON.stringify(asked)]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function refused(t: TestContext, name: string, bytes: Buffer | string) {
  const file = path.join(tempFolder(t), name);
  writeFileSync(file, bytes);
  return readKeras(file).then(
    () => assert.fail('was read'),
    (error: { code?: string; message?: string }) => error,
  );
}

test('a cut archive, a file that is neither, and a missing one are refused as such', async (t) => {
  const whole = readFileSync(path.join(GOLDENS, 'words.keras'));
  for (const [name, bytes] of [
    ['cut.keras', whole.subarray(0, whole.length / 2)],
    ['text.h5', 'no model'],
    ['cut.h5', readFileSync(path.join(GOLDENS, 'words.h5')).subarray(0, 3000)],
  ] as const) {
    assert.equal((await refused(t, name, bytes as Buffer)).code, 'model-unreadable', name);
  }
  await assert.rejects(readKeras(path.join(tempFolder(t), 'none.keras')), { code: 'model-unreadable' });
});

test('weights alone are refused with the way to save a whole model', async (t) => {
  const folder = tempFolder(t);
  const zipped = await readKeras(path.join(GOLDENS, 'words.keras'));
  await writeKeras(zipped, path.join(folder, 'model.h5'), NOW);
  copyFileSync(path.join(folder, 'model.h5'), path.join(folder, 'weights.h5'));
  const { withHdf5 } = await import('../../../../src/node/keras/hdf5.ts');
  await withHdf5(path.join(folder, 'bare.h5'), 'w', (opened) => opened.create_group('dense'));
  await assert.rejects(readKeras(path.join(folder, 'bare.h5')), { code: 'model-unreadable', remedy: /model\.save/ });
});

const layer = (class_name: string, config: object, inbound: unknown = [[['in', 0, 0, {}]]]) => ({
  class_name,
  name: 'odd',
  config: { name: 'odd', ...config },
  inbound_nodes: inbound,
});
const modelOf = (...layers: object[]) => ({
  class_name: 'Functional',
  config: {
    layers: [
      { class_name: 'InputLayer', name: 'in', config: { name: 'in', batch_shape: [null, 4] }, inbound_nodes: [] },
      ...layers,
    ],
    input_layers: [['in', 0, 0]],
    output_layers: [['odd', 0, 0]],
  },
});

test('what does not carry over is named: class, setting, activation, number type, shared layers, several inputs', () => {
  const cases: [object, RegExp][] = [
    [modelOf(layer('MultiHeadAttention', {})), /class MultiHeadAttention/],
    [modelOf(layer('Dense', { units: 2, activation: 'hard_sigmoid' })), /hard_sigmoid/],
    [modelOf(layer('Dense', { units: 2, dtype: 'float16' })), /float16/],
    [modelOf(layer('Dense', { units: 2 }, [[['in', 0, 0, {}]], [['in', 0, 0, {}]]])), /used 2 times/],
    [
      { ...modelOf(layer('Dense', { units: 2 })), config: { layers: [], input_layers: [], output_layers: [] } },
      /0 outputs/,
    ],
  ];
  for (const [model, message] of cases) {
    assert.throws(() => parseConfig(model), { code: 'model-unsupported', message });
  }
  assert.throws(() => parseConfig({ weights: [] }), { code: 'model-unreadable' });
});

test('a GRU that resets after its product and computes what no layer here does is refused', () => {
  const spec = parseConfig(modelOf(layer('GRU', { units: 2, reset_after: true, activation: 'relu' })));
  assert.throws(() => toOwnLayers(spec), {
    code: 'model-unsupported',
    message: /activation = "relu" beside reset_after/,
  });
  const bare = parseConfig(modelOf(layer('GRU', { units: 2, reset_after: true, use_bias: false })));
  assert.throws(() => toOwnLayers(bare), { code: 'model-unsupported', message: /use_bias = false/ });
});
