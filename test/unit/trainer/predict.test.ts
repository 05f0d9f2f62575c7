/** New rows through a saved network: what a run said of its test rows, it says again, and bad rows are refused whole. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { predictFile } from '../../../src/trainer/predict/predictFile.ts';
import { predictRow } from '../../../src/trainer/predict/predictRow.ts';
import { readModelFolder } from '../../../src/trainer/predict/readModelFolder.ts';
import { assertClose } from './support/assertClose.ts';
import { recipe } from './support/curveRun.ts';
import { type Predicting, toCells, trained } from './support/predicting.ts';
import { curveCsv, lastOf } from './support/testRun.ts';

/** The run's own predictions of its test rows, by their number in the file. */
function said({ run }: Predicting): { rows: readonly number[]; predicted: number[] } {
  const predictions = lastOf(run.events(), 'evaluation')?.predictions;
  assert.ok(predictions?.kind === 'values');
  return { rows: predictions.row, predicted: (predictions.targets[0]?.predicted ?? []).map(Number) };
}

const scaled = { scale: 'standard', scaleTarget: 'standard' };

test('rows get what the evaluation said of them, in their order and in the unit of the data', async (t) => {
  const model = await trained(t, recipe({}, undefined, scaled), curveCsv(50));
  const csv = curveCsv(50);
  const [header, ...rows] = await model.predict(csv);
  assert.deepEqual(header, ['a', 'b', 'y', 'predicted']);
  assert.deepEqual(
    rows.map((fields) => fields.slice(0, 3)),
    toCells(csv).slice(1),
  );
  const wanted = said(model);
  assert.equal(wanted.rows.length, 10);
  const found = wanted.rows.map((row) => Number(rows[row - 1]?.[3]));
  assertClose(found, wanted.predicted, 1e-6);
});

test('columns may stand in another order, with others between them, and the target may be absent', async (t) => {
  const model = await trained(t, recipe({}, undefined, scaled), curveCsv(50));
  const rows = toCells(curveCsv(50));
  const turned = rows.map(([a, b], i) => [b, i === 0 ? 'note' : `row ${i}`, a].join()).join('\n');
  const plain = await model.predict(curveCsv(50));
  const found = await model.predict(turned);
  assert.deepEqual(
    found.map((fields) => fields.at(-1)),
    plain.map((fields) => fields.at(-1)),
  );
});

const COLOURS = ['red', 'green', 'blue'];
/** Three classes that a colour and a number tell apart. */
const colourCsv = (rows: number) =>
  `size,colour,kind\n${Array.from({ length: rows }, (_, i) => `${(i * 7) % 10},${COLOURS[i % 3]},k${(i + Math.floor(((i * 7) % 10) / 5)) % 3}`).join('\n')}\n`;
const classRecipe = recipe(
  { loss: 'categoricalCrossentropy', metrics: ['accuracy'], epochs: 30 },
  [{ dense: { units: 8, activation: 'tanh' } }, { dense: { units: 3, activation: 'softmax' } }],
  { target: 'kind', categorical: ['colour', 'kind'], scale: 'standard' },
);

test('classes come with their probabilities, and the counts are those of the evaluation', async (t) => {
  const model = await trained(t, classRecipe, colourCsv(60));
  const [header, ...rows] = await model.predict(colourCsv(60));
  assert.deepEqual(header, [
    'size',
    'colour',
    'kind',
    'predicted',
    'probability_k0',
    'probability_k1',
    'probability_k2',
  ]);
  for (const fields of rows) {
    const shares = fields.slice(4).map(Number);
    assertClose(
      shares.reduce((sum, share) => sum + share, 0),
      1,
      1e-6,
    );
    assert.equal(fields[3], `k${shares.indexOf(Math.max(...shares))}`);
  }
  const evaluation = lastOf(model.run.events(), 'evaluation');
  assert.ok(evaluation?.predictions.kind === 'classes');
  // The test rows are the last of NumPy's shuffle; all that the file has of them is counted by class.
  const counted = evaluation.predictions.confusion.flat().reduce((sum, count) => sum + count, 0);
  assert.equal(counted, 12);
  const right = rows.filter((fields) => fields[2] === fields[3]).length;
  assert.ok(right >= 40, `${right} of 60 rows are right`);
});

test('one sigmoid output gives two probabilities that add up to 1', async (t) => {
  const csv = `a,b,y\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 5},${Number(i % 7 > 3)}`).join('\n')}\n`;
  const model = await trained(
    t,
    recipe({ loss: 'binaryCrossentropy', metrics: ['accuracy'] }, [{ dense: { units: 1, activation: 'sigmoid' } }]),
    csv,
  );
  const [header, first] = await model.predict(csv);
  assert.deepEqual(header?.slice(3), ['predicted', 'probability_0', 'probability_1']);
  assertClose(Number(first?.[4]) + Number(first?.[5]), 1, 1e-6);
  assert.equal(first?.[3], Number(first?.[5]) > 0.5 ? '1' : '0');
});

const series = (rows: number) =>
  `day,sales\n${Array.from({ length: rows }, (_, i) => `2024-01-${String((i % 28) + 1).padStart(2, '0')},${(Math.sin(i / 3) * 10 + 20).toFixed(4)}`).join('\n')}\n`;
const windowRecipe = (data: Record<string, unknown>) =>
  recipe({}, [{ lstm: { units: 4 } }, { dense: { units: 1 } }], {
    ...scaled,
    target: 'sales',
    features: ['sales'],
    lookback: 4,
    ...data,
  });

for (const horizon of [1, 3]) {
  test(`with a lookback of 4 and a horizon of ${horizon}, rows without a whole window stay empty and the steps ahead are added`, async (t) => {
    const model = await trained(t, windowRecipe({ horizon }), series(28));
    const [, ...rows] = await model.predict(series(28));
    assert.equal(rows.length, 28 + horizon);
    const first = 3 + horizon;
    assert.ok(rows.slice(0, first).every((fields) => fields[2] === ''));
    assert.ok(rows.slice(first).every((fields) => Number.isFinite(Number(fields[2])) && fields[2] !== ''));
    assert.deepEqual(
      rows.slice(28).map((fields) => fields.slice(0, 2)),
      Array(horizon).fill(['', '']),
    );
    const wanted = said(model);
    assertClose(
      wanted.rows.map((row) => Number(rows[row - 1]?.[2])),
      wanted.predicted,
      1e-6,
    );
  });
}

test('a window reaches over the edge of a block', async (t) => {
  const model = await trained(t, windowRecipe({}), series(28));
  const long = `day,sales\n${Array.from({ length: 2100 }, (_, i) => `d,${(Math.sin(i / 3) * 10 + 20).toFixed(4)}`).join('\n')}\n`;
  const rows = await model.predict(long);
  // The same four values before row 1026 alone.
  const cells = toCells(long);
  const alone = await model.predict(
    ['day,sales', ...cells.slice(1022, 1026).map((fields) => fields.join())].join('\n'),
  );
  assert.equal(alone.at(-1)?.[2], rows[1026]?.[2]);
  assert.equal(rows.length, 1 + 2100 + 1);
});

test('a series in the wrong order is refused by row', async (t) => {
  const model = await trained(t, windowRecipe({ test: { time: 'day', rows: 5 } }), series(28));
  const turned = 'day,sales\n2024-01-02,3\n2024-01-01,4\n2024-01-03,4\n2024-01-04,4\n2024-01-05,4\n';
  await assert.rejects(model.predict(turned), {
    code: 'data-split',
    path: 'rows.csv: column day',
    message: 'Row 2 (2024-01-01) is earlier than the row before it.',
  });
});

test('packed rows are unpacked as they are read', async (t) => {
  const model = await trained(t, recipe({}), curveCsv(50));
  const plain = await model.predict(curveCsv(50));
  assert.deepEqual(await model.predict(gzipSync(curveCsv(50)), 'rows.csv.gz'), plain);
  await assert.rejects(model.predict('a,b\n1,2\n', 'no.csv.gz'), { code: 'data-not-found' });
});

test('a missing number takes the training mean where the recipe says so', async (t) => {
  const model = await trained(t, recipe({}, undefined, { missing: 'mean' }), curveCsv(50));
  const loaded = await readModelFolder(model.run.folder);
  const { inputs } = loaded.sidecar;
  assert.ok(inputs.encoding === 'columns');
  const [column] = inputs.columns;
  assert.ok(column?.kind === 'number' && column.mean !== null);
  const gap = await model.predict('a,b\n,0.5\n');
  assert.deepEqual(gap.at(-1)?.at(-1), (await model.predict(`a,b\n${column.mean},0.5\n`)).at(-1)?.at(-1));
  loaded.model.dispose();
});

const REFUSED: Record<string, { csv: string; wanted: { code: string; path: string; message: RegExp | string } }> = {
  'a missing column': {
    csv: 'size,color\n1,red\n',
    wanted: { code: 'data-unknown-column', path: 'rows.csv: column colour', message: /is missing/ },
  },
  'a column that is there twice': {
    csv: 'size,colour,size\n1,red,2\n',
    wanted: { code: 'data-unknown-column', path: 'rows.csv: column size', message: /is there twice/ },
  },
  'an unknown category': {
    csv: 'size,colour\n1,red\n2,purple\n',
    wanted: { code: 'data-unknown-category', path: 'rows.csv: column colour', message: /^Row 2 has "purple"/ },
  },
  'text in a number column': {
    csv: 'size,colour\n1,red\n2,blue\nbig,red\n',
    wanted: { code: 'data-not-a-number', path: 'rows.csv: column size', message: /^Row 3 has "big"/ },
  },
  'a missing value': {
    csv: 'size,colour\n1,red\nNA,blue\n',
    wanted: { code: 'data-missing-value', path: 'rows.csv: column size', message: 'Row 2 has no value.' },
  },
  'a missing word': {
    csv: 'size,colour\n1,\n',
    wanted: { code: 'data-missing-value', path: 'rows.csv: column colour', message: 'Row 1 has no value.' },
  },
  'a row with too many fields': {
    csv: 'size,colour\n1,red\n1,red,4\n',
    wanted: { code: 'data-ragged', path: 'rows.csv: line 3', message: /has 3 fields/ },
  },
  'a file without rows': {
    csv: 'size,colour\n',
    wanted: { code: 'data-empty', path: 'rows.csv', message: 'has no rows.' },
  },
  'an empty file': {
    csv: '',
    wanted: { code: 'data-unknown-column', path: 'rows.csv: column size', message: /is missing/ },
  },
  'a file that was predicted before': {
    csv: 'size,colour,predicted\n1,red,k0\n',
    wanted: { code: 'data-unknown-column', path: 'rows.csv: column predicted', message: /has the name/ },
  },
};

test('bad files are refused by column, row and remedy, and nothing is left of them', async (t) => {
  const model = await trained(t, classRecipe, colourCsv(60));
  const tensors = tf.memory().numTensors;
  for (const [what, { csv, wanted }] of Object.entries(REFUSED)) {
    await assert.rejects(model.predict(csv), wanted, what);
    assert.deepEqual(model.leftovers(), [], what);
  }
  // A bad row deep in the file, when much is written already.
  await assert.rejects(model.predict(`${colourCsv(3000)}x,red,k0\n`), {
    code: 'data-not-a-number',
    message: 'Row 3001 has "x" where a number belongs.',
  });
  assert.deepEqual(model.leftovers(), []);
  assert.equal(tf.memory().numTensors, tensors);
});

test('an earlier file of predictions stays whole when a new one is refused', async (t) => {
  const model = await trained(t, recipe({}), curveCsv(50));
  await model.predict(curveCsv(50));
  const before = readFileSync(path.join(model.folder, 'predictions.csv'), 'utf8');
  await assert.rejects(model.predict('a,b\n1,x\n'), { code: 'data-not-a-number' });
  assert.equal(readFileSync(path.join(model.folder, 'predictions.csv'), 'utf8'), before);
});

test('predictions cannot be written over their rows, into a folder that is not there, or over a folder', async (t) => {
  const model = await trained(t, recipe({}), curveCsv(50));
  const rowsFile = path.join(model.folder, 'data.csv');
  const loaded = await readModelFolder(model.run.folder);
  for (const outFile of [rowsFile, path.join(model.folder, 'no/such/p.csv'), model.run.folder]) {
    await assert.rejects(predictFile(loaded, { rowsFile, outFile, format: 'csv' }), {
      code: 'model-output',
      path: outFile,
    });
  }
  assert.deepEqual(model.leftovers(), []);
  loaded.model.dispose();
});

test('fields with commas, quotes and line breaks come back as they were', async (t) => {
  const model = await trained(t, recipe({}), curveCsv(50));
  await model.predict('a,b,note\n1,2,"says ""hi"", and\nleaves"\n');
  const text = readFileSync(path.join(model.folder, 'predictions.csv'), 'utf8');
  assert.match(text, /^a,b,note,predicted\n1,2,"says ""hi"", and\nleaves",-?[\d.e-]+\n$/);
});

test('several targets get a column each', async (t) => {
  const csv = `a,y,z\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 7},${(i % 7) * 2}`).join('\n')}\n`;
  const model = await trained(t, recipe({}, [{ dense: { units: 2 } }], { target: ['y', 'z'] }), csv);
  const [header] = await model.predict('a\n3\n');
  assert.deepEqual(header, ['a', 'predicted_y', 'predicted_z']);
});

test('a code that the embedding has no row for is refused by row', async (t) => {
  const csv = `a,y\n${Array.from({ length: 40 }, (_, i) => `${i % 5},${i % 5}`).join('\n')}\n`;
  const layers = [{ embedding: { inputDim: 5, outputDim: 2 } }, { flatten: {} }, { dense: { units: 1 } }];
  const model = await trained(t, recipe({ device: 'js' }, layers), csv);
  await assert.rejects(model.predict('a\n4\n5\n'), { code: 'data-unknown-category', path: 'row 2' });
});

test('one typed row gets what the same row of a file gets; the form starts from the usual row', async (t) => {
  const model = await trained(t, classRecipe, colourCsv(60));
  const loaded = await readModelFolder(model.run.folder);
  const [, row] = await model.predict('size,colour\n4,blue\n');
  const answer = await predictRow(loaded, { size: ' 4 ', colour: 'blue' });
  assert.ok(answer.kind === 'classes');
  assert.deepEqual(
    [answer.predicted, ...answer.probabilities.map(({ probability }) => String(Number(probability.toPrecision(9))))],
    row?.slice(2),
  );
  await assert.rejects(predictRow(loaded, { size: '4' }), { code: 'data-missing-value', path: 'row: column colour' });
  loaded.model.dispose();
});

test('a folder that version 0.1 has saved still predicts', async (t) => {
  const model = await trained(t, classRecipe, colourCsv(60));
  const now = await model.predict(colourCsv(60));
  const file = path.join(model.run.folder, 'model/scaler.json');
  const { inputs, targets, rule } = JSON.parse(readFileSync(file, 'utf8'));
  const { names, categories, kind, offset, factor } = inputs;
  const old = { inputs: { names, categories, kind, offset, factor }, targets, rule };
  writeFileSync(file, JSON.stringify(old));
  assert.deepEqual(await model.predict(colourCsv(60)), now);
});

test('folders without a model, and damaged ones, are refused with what is wrong', async (t) => {
  const model = await trained(t, recipe({}), curveCsv(50));
  const at = (name: string) => path.join(model.run.folder, 'model', name);
  const refusal = async (message: RegExp) =>
    assert.rejects(readModelFolder(model.run.folder), { code: 'model-unreadable', message });
  await assert.rejects(readModelFolder(model.folder), { code: 'model-unreadable', message: /there is no model\.json/ });
  await assert.rejects(readModelFolder('/no/such'), { message: 'does not exist.' });
  const sidecar = readFileSync(at('scaler.json'), 'utf8');
  writeFileSync(at('scaler.json'), sidecar.replace('"version": 2', '"version": 99'));
  await refusal(/is of version 99; this Skillet reads versions 1 and 2/);
  writeFileSync(at('scaler.json'), sidecar.replace('"offset"', '"ofset"'));
  await refusal(/is damaged: inputs\.offset/);
  writeFileSync(at('scaler.json'), sidecar.slice(0, 40));
  await refusal(/cannot be read/);
  writeFileSync(at('scaler.json'), sidecar);
  const weights = readFileSync(at('weights.bin'));
  writeFileSync(at('weights.bin'), weights.subarray(0, -4));
  await refusal(/holds \d+ bytes, but the network's weights take \d+/);
  writeFileSync(at('weights.bin'), weights);
  writeFileSync(at('model.json'), '{}');
  await refusal(/is no network|holds/);
});
