/** Every kind of recipe predicts from its saved model what the run's evaluation said of its test rows. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { viewModel } from '../../../src/trainer/predict/modelView.ts';
import { predictRow } from '../../../src/trainer/predict/predictRow.ts';
import { readModelFolder } from '../../../src/trainer/predict/readModelFolder.ts';
import { assertClose } from './support/assertClose.ts';
import { recipe as curveRecipe } from './support/curveRun.ts';
import { type Predicting, toCells, trained } from './support/predicting.ts';
import { lastOf } from './support/testRun.ts';

const RECIPES = path.join(import.meta.dirname, '../../../recipes');

/** A shipped recipe over its own file, with few epochs. */
function shipped(name: string, epochs = 2): string {
  return readFileSync(path.join(RECIPES, `${name}.recipe.yaml`), 'utf8')
    .replace(/csv: data\//, `csv: ${RECIPES}/data/`)
    .replace(/module: \.\//, `module: ${RECIPES}/`)
    .replace(/^ {2}epochs: \d+/m, `  epochs: ${epochs}`)
    .replace(/^ {2}device: auto\n/m, '')
    .concat('\n  device: wasm\n');
}

const dataOf = (name: string): string => {
  const bytes = readFileSync(path.join(RECIPES, 'data', name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

function evaluationOf({ run }: Predicting) {
  const evaluation = lastOf(run.events(), 'evaluation');
  assert.ok(evaluation !== undefined);
  return evaluation;
}

/** What the evaluation said of the test rows, beside what the file says of the rows with these numbers. */
function assertSameValues(model: Predicting, rows: readonly string[][], place: (row: number) => number): void {
  const { predictions } = evaluationOf(model);
  assert.ok(predictions.kind === 'values');
  const said = (predictions.targets[0]?.predicted ?? []).map(Number);
  assert.ok(said.length > 2);
  assertClose(
    predictions.row.map((row) => Number(rows[place(row)]?.at(-1) || Number.NaN)),
    said,
    1e-6,
  );
}

/** Each mistake has its row, class and probability; and as many test rows are right as the evaluation counts. */
function assertSameClasses(model: Predicting, predict: (row: number) => { predicted: string; probability: number }) {
  const { predictions } = evaluationOf(model);
  assert.ok(predictions.kind === 'classes' && predictions.mistakes !== undefined && predictions.mistakes.length > 3);
  for (const { row, predicted, probability } of predictions.mistakes) {
    const found = predict(row);
    assert.equal(found.predicted, predictions.classes[predicted]);
    assertClose(found.probability, probability, 1e-4 / 2 + 1e-6); // Four digits are kept.
  }
}

test('images are predicted as the run tested them', async (t) => {
  const csv = dataOf('digits.csv.gz');
  const model = await trained(t, shipped('digits'), csv);
  const [header = [], ...rows] = await model.predict(csv);
  const first = header.indexOf('predicted');
  assertSameClasses(model, (row) => {
    const [predicted = '', ...shares] = rows[row - 1]?.slice(first) ?? [];
    return { predicted, probability: Math.max(...shares.map(Number)) };
  });
  const label = header.indexOf('label');
  const counts = new Map<string, number>();
  const tested = rows.filter((fields) => {
    const count = (counts.get(fields[label] ?? '') ?? 0) + 1;
    counts.set(fields[label] ?? '', count);
    return count % 5 === 0;
  });
  const right = tested.filter((fields) => fields[label] === fields[first]).length;
  assertClose(right / tested.length, evaluationOf(model).metrics.accuracy ?? 0, 1e-6);
  const loaded = await readModelFolder(model.run.folder);
  assert.match(
    viewModel(loaded.folder, loaded.sidecar).needs,
    /^A row is an image of 8 × 8 × 1, pixel by pixel in p0,/,
  );
  assert.deepEqual(loaded.sidecar.inputs.encoding === 'columns' && loaded.sidecar.inputs.factor[0], 16);
  loaded.model.dispose();
});

/** The text of each row, which may have quotes. */
async function textsAreTold(t: TestContext, name: string): Promise<Predicting> {
  const model = await trained(t, shipped(name, 4), '');
  const { parse } = await import('csv-parse/sync');
  const records: string[][] = parse(dataOf('languages.csv'), { from: 2 });
  const loaded = await readModelFolder(model.run.folder);
  const { inputs } = loaded.sidecar;
  assert.ok(inputs.encoding === 'texts' && inputs.column === 'sentence');
  assert.equal(viewModel(loaded.folder, loaded.sidecar).form?.[0]?.kind, 'text');
  const header = (dataOf('languages.csv').split(/\r?\n/)[0] ?? '').split(',');
  const at = header.indexOf('sentence');
  const answers = new Map<number, { predicted: string; probability: number }>();
  const { predictions } = evaluationOf(model);
  assert.ok(predictions.kind === 'classes');
  for (const { row } of predictions.mistakes ?? []) {
    const answer = await predictRow(loaded, { sentence: records[row - 1]?.[at] ?? '' });
    assert.ok(answer.kind === 'classes');
    const probability = Math.max(...answer.probabilities.map((one) => one.probability));
    answers.set(row, { predicted: answer.predicted, probability });
  }
  assertSameClasses(model, (row) => answers.get(row) ?? { predicted: '', probability: Number.NaN });
  await assert.rejects(predictRow(loaded, { sentence: ' ?! ' }), { code: 'data-missing-value' });
  loaded.model.dispose();
  return model;
}

test('texts are predicted as the run tested them, in a file and in the form of one field', async (t) => {
  const model = await textsAreTold(t, 'languages');
  const rows = await model.predict('note,sentence\na,all human beings are born free\nb,alle Menschen sind frei\n');
  assert.equal(rows.length, 3);
  assert.deepEqual(rows[0]?.slice(0, 3), ['note', 'sentence', 'predicted']);
  await assert.rejects(model.predict('sentence\nfree\n...\n'), {
    code: 'data-missing-value',
    message: /^Row 2 has no text/,
  });
  await assert.rejects(model.predict('text\nfree\n'), { code: 'data-unknown-column', message: /is missing/ });
});

test('changes foretold from a window are given as values, the steps ahead too', async (t) => {
  for (const [name, file, length, before] of [
    ['shampoo', 'shampoo_sales.csv', 36, 3],
    ['air-passengers', 'air_passengers.csv', 144, 24],
  ] as const) {
    const csv = dataOf(file);
    const model = await trained(t, shipped(name), csv);
    const [, ...rows] = await model.predict(csv);
    assert.equal(rows.length, length + 1);
    assert.deepEqual(
      rows.map((fields) => fields.at(-1) !== ''),
      rows.map((_, i) => i >= before),
    );
    assertSameValues(model, rows, (row) => row - 1);
    // Without its last row, the file ends before the step that the row holds.
    const shorter = await model.predict(csv.trimEnd().split('\n').slice(0, -1).join('\n'));
    assert.equal(shorter.at(-1)?.at(-1), rows.at(-2)?.at(-1));
  }
});

test('a file without the values that changes are added to is refused, and so is one in the wrong order', async (t) => {
  const csv = dataOf('shampoo_sales.csv');
  const model = await trained(t, shipped('shampoo'), csv);
  const [header, first, second] = toCells(csv);
  await assert.rejects(model.predict([[header?.[0]], [first?.[0]]].join('\n')), {
    code: 'data-unknown-column',
    path: 'rows.csv: column Sales',
  });
  await assert.rejects(model.predict([header, second, first].join('\n')), { code: 'data-split' });
  await assert.rejects(model.predict([header, first, second].join('\n')), {
    code: 'data-too-short',
    message: 'has 2 rows, but the network looks back over 3.',
  });
});

test('a series told step by step gives the test of the run, from a file that begins where its state began', async (t) => {
  const csv = dataOf('shampoo_sales.csv');
  const model = await trained(t, shipped('shampoo-book'), csv);
  const [header, ...rows] = toCells(csv);
  // Four sequences to train on, two to validate on: the state of the test began with the last of them, at row 21.
  const told = await model.predict([header, ...rows.slice(20)].join('\n'));
  assert.equal(told.length, 1 + 16 + 1);
  assert.equal(told[1]?.at(-1), '');
  assertSameValues(model, told, (row) => row - 20);
});

test('the state goes on from block to block', async (t) => {
  const long = `Month,Sales\n${Array.from({ length: 2100 }, (_, i) => `${i},${Math.round(300 + 100 * Math.sin(i / 3))}`).join('\n')}\n`;
  const series = shipped('shampoo-book').replace(/csv: \S+/, 'csv: data.csv');
  const model = await trained(t, series, long);
  const told = await model.predict(long);
  assert.equal(told.length, 1 + 2100 + 1);
  const short = await model.predict(long.split('\n').slice(0, 1100).join('\n'));
  assert.deepEqual(short.slice(0, -1), told.slice(0, 1100));
  // Row 1099 behind the short file's end is the row 1100 of the long one.
  assert.equal(short.at(-1)?.at(-1), told[1100]?.at(-1));
});

test('a series of changes told step by step is given in values', async (t) => {
  const csv = dataOf('air_passengers.csv');
  const model = await trained(
    t,
    JSON.stringify({
      name: 'Changes',
      data: {
        csv: path.join(RECIPES, 'data/air_passengers.csv'),
        target: 'passengers',
        time: 'month',
        difference: 12,
        sequences: { length: 12, train: 8, testSteps: 20 },
        scale: 'minMax',
        scaleTarget: 'minMax',
        scaleFit: 'all',
      },
      model: [{ gru: { units: 4, returnSequences: true } }, { dense: { units: 1 } }],
      train: { loss: 'meanSquaredError', epochs: 2, device: 'wasm' },
    }),
    csv,
  );
  const [header, ...rows] = toCells(csv);
  // 12 rows without a change, 8 sequences of 12: the state of the test began with the last, whose changes begin at row 97.
  const from = 12 + 7 * 12;
  const told = await model.predict([header, ...rows.slice(from - 12)].join('\n'));
  assertSameValues(model, told, (row) => row - from + 12);
});

for (const output of ['next', 'each', 'last'] as const) {
  test(`sequences marked by a column are told whole, with output: ${output}`, async (t) => {
    const lengths = [5, 3, 6, 4, 5, 6, 3, 5];
    const lines = lengths.flatMap((length, k) =>
      Array.from({ length }, (_, i) => `s${k},${i},${Math.sin(i + k).toFixed(4)},${Math.cos(i * k).toFixed(4)}`),
    );
    const csv = `id,day,a,y\n${lines.join('\n')}\n`;
    const model = await trained(
      t,
      curveRecipe({ epochs: 2 }, [{ lstm: { units: 4, returnSequences: true } }, { dense: { units: 1 } }], {
        sequences: { by: 'id', output, buckets: [4, 6] },
        time: 'day',
        scale: 'standard',
        scaleTarget: 'standard',
        test: { rows: 3, permutation: 'none' },
      }),
      csv,
    );
    const [header, ...rows] = await model.predict(csv);
    assert.deepEqual(header, ['id', 'day', 'a', 'y', 'predicted']);
    assert.equal(rows.length, lines.length + (output === 'next' ? lengths.length : 0));
    const own = rows.filter(([, day]) => day !== '');
    assertSameValues(model, own, (row) => row - 1);
    const empty = own.filter((fields) => fields[4] === '').length;
    assert.equal(empty, { next: lengths.length, each: 0, last: lines.length - lengths.length }[output]);
    if (output === 'next') {
      assert.deepEqual(rows[5]?.slice(0, 4), ['s0', '', '', '']);
      assert.notEqual(rows[5]?.[4], '');
    }
    await assert.rejects(model.predict('id,day,a,y\nx,1,1,1\nz,1,1,1\nx,2,1,1\n'), {
      code: 'data-sequences',
      message: /^Row 3 goes on with the sequence id = x/,
    });
    await assert.rejects(model.predict('id,day,a,y\nx,2,1,1\nx,1,1,1\n'), { code: 'data-split' });
  });
}

test('layers of one’s own predict with their module, and without it say what is missing', async (t) => {
  const model = await textsAreTold(t, 'languages-attention');
  const sidecarFile = path.join(model.run.folder, 'model/scaler.json');
  const sidecar = JSON.parse(readFileSync(sidecarFile, 'utf8'));
  const source = path.join(RECIPES, 'languages-attention.mjs');
  assert.equal(sidecar.module.file, source);
  assert.equal(sidecar.module.needed, true);
  const gone = '/no/such/place/own.mjs';
  writeFileSync(sidecarFile, JSON.stringify({ ...sidecar, module: { ...sidecar.module, file: gone } }));
  const csv = 'sentence\nall human beings\n';
  const before = tf.memory().numTensors;
  await assert.rejects(model.predict(csv), { code: 'model-module', path: gone, message: /no longer there/ });
  const copy = path.join(model.run.folder, 'model/own.mjs');
  writeFileSync(copy, `${readFileSync(source, 'utf8')}\n// changed\n`);
  await assert.rejects(model.predict(csv), { code: 'model-module', path: copy, message: /was changed/ });
  writeFileSync(copy, readFileSync(source));
  const told = await model.predict(csv);
  assert.equal(told.length, 2);
  assert.equal(tf.memory().numTensors, before);
});

test('a module that lists the usual layers is not needed to predict', async (t) => {
  const model = await trained(
    t,
    JSON.stringify({
      name: 'Plain',
      data: { csv: 'data.csv', target: 'y' },
      model: { module: './plain.mjs' },
      train: { loss: 'meanSquaredError', epochs: 2, device: 'wasm' },
    }),
    'a,y\n1,2\n2,3\n3,4\n4,5\n5,6\n',
    {
      'plain.mjs':
        'export const build = (tf, _, { inputShape }) => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape })] });',
    },
  );
  rmSync(path.join(model.folder, 'plain.mjs'));
  assert.equal((await model.predict('a\n3\n')).length, 2);
});
