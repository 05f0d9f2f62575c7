/** Data that are images: packed CSV files, IDX files, splits by class, and what is refused on the way. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { prepareData } from '../../../src/trainer/data/prepareData.ts';
import { header, idxImages, idxLabels } from '../../fixtures/idxFiles.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { RECIPES, toRecipe } from './support/toRecipe.ts';

/** Prepares a recipe over classes in a folder with these files. */
function prepare(
  t: TestContext,
  files: Readonly<Record<string, Uint8Array | string>>,
  data: Record<string, unknown>,
  train: Record<string, unknown> = {},
) {
  const folder = tempFolder(t);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), content);
  }
  const recipe = toRecipe(
    JSON.stringify({
      name: 'Images',
      data,
      model: ['flatten', { dense: { units: 10, activation: 'softmax' } }],
      train: { loss: 'categoricalCrossentropy', ...train },
    }),
  );
  return prepareData(recipe, folder, path.join(folder, 'datasets'));
}

const CSV = 'label,p0,p1,p2,p3\n0,0,4,8,12\n1,16,0,0,0\n0,1,2,3,4\n1,5,6,7,8\n';
const image = { height: 2, width: 2 };

test('columns are the pixels of images, divided by a constant, packed or not', async (t) => {
  const data = { csv: 'a.csv', target: 'label', image, scale: { divide: 16 }, test: { every: 2, by: 'label' } };
  for (const content of [CSV, gzipSync(CSV)]) {
    const { train, test: held, inputs } = await prepare(t, { 'a.csv': content }, data);
    assert.deepEqual([train.inputShape, train.matrixWidth, inputs.scaler.kind], [[2, 2, 1], 4, 'divide']);
    assert.deepEqual([...train.matrix.subarray(0, 8)], [0, 0.25, 0.5, 0.75, 1, 0, 0, 0]);
    assert.deepEqual([...train.firstRow, ...held.firstRow], [0, 1, 2, 3]);
  }
});

test('a packed file that is cut off or damaged is refused with the rows that were read', async (t) => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i % 2},${i},${(i * 7919) % 10007}`).join('\n');
  const packed = gzipSync(`label,p0,p1\n${rows}\n`);
  const data = { csv: 'a.csv.gz', target: 'label' };
  const spoilt = Buffer.from(packed);
  spoilt.fill(0xff, packed.length >> 1, (packed.length >> 1) + 40);
  await assert.rejects(prepare(t, { 'a.csv.gz': packed.subarray(0, packed.length >> 1) }, data), {
    code: 'data-damaged',
    path: 'data.csv',
    message: /"a\.csv\.gz" cannot be unpacked any further after \d{3,5} rows: unexpected end of file/,
    remedy: /copy or fetch it again/,
  });
  await assert.rejects(prepare(t, { 'a.csv.gz': spoilt }, data), { code: 'data-damaged' });
  await assert.rejects(prepare(t, { 'a.csv.gz': packed.subarray(0, 12) }, data), { message: /before its first row/ });
});

test('a row with the wrong number of pixels is refused with both sizes', async (t) => {
  const data = { csv: 'a.csv', target: 'label', image: { height: 3, width: 2 } };
  await assert.rejects(prepare(t, { 'a.csv': CSV }, data), {
    code: 'data-image-size',
    path: 'data.image',
    message: 'An image of 3 × 2 × 1 has 6 pixels, but a row of the CSV file has 4 features (p0 to p3).',
  });
});

test('of each class every so many rows are the test, in file order', async (t) => {
  const labels = [0, 0, 1, 0, 1, 1, 0, 1, 1, 2];
  const csv = `label,a\n${labels.map((label, i) => `${label},${i}`).join('\n')}\n`;
  const split = async (every: object) => {
    const data = await prepare(t, { 'a.csv': csv }, { csv: 'a.csv', target: 'label', test: every });
    return [[...data.train.targetRow], [...data.test.targetRow]];
  };
  assert.deepEqual(await split({ every: 2, by: 'label' }), [
    [0, 2, 3, 5, 8, 9],
    [1, 4, 6, 7],
  ]);
  assert.deepEqual(await split({ every: 3 }), [
    [0, 1, 3, 4, 6, 7, 9],
    [2, 5, 8],
  ]);
  await assert.rejects(split({ every: 9, by: 'label' }), { code: 'data-split', path: 'data.test.every' });
  await assert.rejects(split({ every: 2, by: 'lable' }), { code: 'data-unknown-column', path: 'data.test.by' });
});

test('rows may be counted by a column that is neither input nor target', async (t) => {
  const csv = 'label,a,who\n0,1,x\n1,2,x\n0,3,y\n1,4,y\n0,5,x\n1,6,y\n';
  const test = { every: 3, by: 'who' };
  const data = await prepare(t, { 'a.csv': csv }, { csv: 'a.csv', target: 'label', features: ['a'], test });
  assert.deepEqual([...data.test.targetRow, ...data.inputs.names], [4, 5, 'a']);
});

test('a class that training never sees is refused with a way out', async (t) => {
  const csv = 'label,a\n0,1\n1,2\n0,3\n1,4\n2,5\n2,6\n';
  const data = { csv: 'a.csv', target: 'label', test: { rows: 2, permutation: 'none' } };
  await assert.rejects(prepare(t, { 'a.csv': csv }, data), {
    code: 'data-unseen-class',
    path: 'data.test',
    message: /The class 2 of label occurs in 2 test rows but in no training row/,
    remedy: /test: \{ every: 5, by: label \}/,
  });
  const late = { ...data, test: { every: 3 } };
  const sorted = 'label,a\n0,1\n1,2\n0,3\n1,4\n0,5\n1,6\n2,7\n2,8\n0,9\n';
  await assert.rejects(prepare(t, { 'a.csv': sorted }, late, { validationSplit: 0.3 }), {
    code: 'data-unseen-class',
    path: 'train.validationSplit',
  });
});

test('columns may be named by their range', async (t) => {
  const csv = 'label,p00,p01,p02,q\n0,1,2,3,9\n1,4,5,6,9\n0,7,8,9,9\n';
  const data = { csv: 'a.csv', target: 'label', features: ['p00..p02'], test: { rows: 1, permutation: 'none' } };
  assert.deepEqual((await prepare(t, { 'a.csv': csv }, data)).inputs.names, ['p00', 'p01', 'p02']);
  await assert.rejects(prepare(t, { 'a.csv': csv }, { ...data, features: ['p02..p00'] }), {
    code: 'data-unknown-column',
    message: /"p02\.\.p00" is not a column/,
  });
});

const GOOD = {
  images: idxImages(4, 2, 3),
  labels: idxLabels([0, 1, 0, 1]),
  testImages: gzipSync(idxImages(2, 2, 3)),
  testLabels: gzipSync(idxLabels([1, 0])),
};
const idx = { images: 'images', labels: 'labels', testImages: 'testImages', testLabels: 'testLabels' };

test('IDX files, packed or not, are images with their own test', async (t) => {
  const data = await prepare(t, GOOD, { idx, scale: { divide: 2 } });
  assert.deepEqual([data.train.inputShape, data.train.count, data.test.count], [[2, 3, 1], 4, 2]);
  assert.deepEqual([...data.train.matrix.subarray(6, 9)], [3, 3.5, 4]);
  assert.deepEqual([...data.test.matrix.subarray((data.test.firstRow[0] ?? 0) * 6).subarray(0, 3)], [0, 0.5, 1]);
  assert.deepEqual([...data.train.targets, ...data.test.targets], [0, 1, 0, 1, 1, 0]);
  assert.deepEqual(
    [...data.test.targetRow].map((row) => data.rowNumbers[row]),
    [1, 2],
    'numbers in their own file',
  );
  assert.equal(data.summary.file, 'images');
});

test('IDX files without a test of their own are divided as a CSV file is; classes may have names', async (t) => {
  const named = { images: 'images', labels: 'labels', classes: ['cat', 'dog'] };
  const data = await prepare(t, GOOD, { idx: named, test: { every: 2, by: 'label' } });
  assert.deepEqual(
    [[...data.test.targetRow], data.summary.classes],
    [
      [2, 3],
      ['cat', 'dog'],
    ],
  );
});

test('what is wrong with IDX files is told by field and file', async (t) => {
  const packed = gzipSync(Buffer.concat([idxImages(2, 2, 3), Buffer.alloc(2000, 7)]));
  const cases: [string, Uint8Array, { code: string; field?: string; message: RegExp }][] = [
    ['images', GOOD.labels, { code: 'data-format', message: /"images" holds labels, where .* images \(2051/ }],
    ['labels', GOOD.images, { code: 'data-format', message: /"labels" holds images, where .* labels \(2049\)/ }],
    ['images', header(1234, 1, 1, 1), { code: 'data-format', message: /begins with the magic number 1234/ }],
    ['images', Buffer.from('x'), { code: 'data-format', message: /shorter than its header/ }],
    [
      'images',
      GOOD.images.subarray(0, 30),
      { code: 'data-damaged', message: /promises 4 images, .* 24 bytes, but 14/ },
    ],
    ['images', header(2051, 4), { code: 'data-empty', message: /has 4 images/ }],
    ['testImages', packed.subarray(0, 40), { code: 'data-damaged', message: /unexpected end of file/ }],
    ['labels', idxLabels([0, 1, 0]), { code: 'data-format', message: /has 3 labels, but "images" has 4 images/ }],
    ['testLabels', idxLabels([1]), { code: 'data-format', message: /has 1 labels, but "testImages" has 2 images/ }],
    [
      'testImages',
      idxImages(2, 3, 2),
      { code: 'data-image-size', message: /3 × 2 × 1, but .* "images" have 2 × 3 × 1/ },
    ],
    ['labels', idxLabels([]), { code: 'data-empty', message: /has 0 labels/ }],
  ];
  for (const [name, content, { code, message }] of cases) {
    const told = { code, path: `data.idx.${name}`, message };
    await assert.rejects(prepare(t, { ...GOOD, [name]: content }, { idx }), told, name);
  }
  const { images: _, ...others } = GOOD;
  await assert.rejects(prepare(t, others, { idx }), { code: 'data-not-found', path: 'data.idx.images' });
  await assert.rejects(prepare(t, GOOD, { idx, image: { height: 28, width: 28 } }), {
    code: 'data-image-size',
    message: /2 × 3 × 1, but data\.image says 28 × 28 × 1/,
  });
  await assert.rejects(
    prepare(t, { ...GOOD, labels: idxLabels([0, 1, 2, 1]) }, { idx: { ...idx, classes: ['a', 'b'] } }),
    {
      code: 'data-format',
      message: /the class 2, but data\.idx\.classes names 2/,
    },
  );
});

test('a data set that was never fetched is refused with what brings it', async (t) => {
  await assert.rejects(prepare(t, {}, { dataset: 'mnist' }), {
    code: 'dataset-missing',
    path: 'data.dataset',
    message: /MNIST is not on this machine: .*mnist lacks train-images-idx3-ubyte\.gz, /,
    remedy: 'Fetch it: skillet fetch mnist.',
  });
});

test("the digits recipe's own split is 1442 and 355, as counted by hand for each digit", async () => {
  const recipe = toRecipe(
    JSON.stringify({
      name: 'Digits',
      data: {
        csv: 'data/digits.csv.gz',
        target: 'label',
        image: { height: 8, width: 8 },
        test: { every: 5, by: 'label' },
      },
      model: ['flatten', { dense: { units: 10, activation: 'softmax' } }],
      train: { loss: 'categoricalCrossentropy' },
    }),
  );
  const { train, test: held } = await prepareData(recipe, RECIPES);
  const counts = new Array<number>(10).fill(0);
  for (const label of held.targets) {
    counts[label] = (counts[label] ?? 0) + 1;
  }
  assert.deepEqual([train.count, held.count, counts], [1442, 355, [35, 36, 35, 36, 36, 36, 36, 35, 34, 36]]);
});
