/** From CSV text to samples, and what is refused on the way. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Recipe } from '../../../src/common/recipe/schema.ts';
import { prepareData } from '../../../src/trainer/data/prepareData.ts';
import { fitScaler, inverse, transform } from '../../../src/trainer/data/scaler.ts';
import { toRecipe } from './support/toRecipe.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'skillet-data-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Settings {
  data?: Record<string, unknown>;
  train?: Record<string, unknown>;
  model?: unknown[];
}

function recipe({ data, train, model }: Settings): Recipe {
  return toRecipe(
    JSON.stringify({
      name: 'Test',
      data: { csv: 'data.csv', target: 'y', test: { rows: 1, permutation: 'none' }, ...data },
      model: model ?? [{ dense: { units: 1 } }],
      train: { loss: 'meanSquaredError', ...train },
    }),
  );
}

async function prepare(csv: string | null, settings: Settings = {}) {
  if (csv !== null) {
    writeFileSync(path.join(folder, 'data.csv'), csv);
  }
  return prepareData(recipe(settings), folder);
}

const SOFTMAX = { model: [{ dense: { units: 3, activation: 'softmax' } }], train: { loss: 'categoricalCrossentropy' } };

const SERIES = { model: [{ lstm: { units: 2 } }, { dense: { units: 1 } }], data: { lookback: 3 } };

test('a byte order mark, quotes, blanks and empty lines are read as people mean them', async () => {
  const data = await prepare('\uFEFF"a b", y\r\n"1", 2\r\n\r\n 3 ,4\r\n');
  assert.deepEqual(data.summary.features, ['a b']);
  assert.deepEqual([...data.train.matrix], [1, 3]);
  assert.deepEqual([...data.train.targets, ...data.test.targets], [2, 4]);
});

test('fields parted by semicolons or tabs are read as the header has them', async () => {
  for (const sign of [';', '\t']) {
    const data = await prepare(`"a,b"${sign}y\n1${sign}2\n3${sign}4\n`);
    assert.deepEqual(data.summary.features, ['a,b']);
    assert.deepEqual([...data.train.matrix], [1, 3]);
  }
});

test('a quoted blank and a no-break space are missing, and not the number 0', async () => {
  for (const blank of ['" "', '\u00a0', '"\t"']) {
    const data = await prepare(`a,y\n1,2\n${blank},3\n5,6\n`, { data: { missing: 'drop' } });
    assert.deepEqual([...data.train.matrix], [1, 5], JSON.stringify(blank));
  }
});

test('a file in UTF-16, or with zero bytes, is refused and not read as nonsense', async () => {
  await assert.rejects(prepare('a,y\n1\0,2\n3,4\n'), { code: 'data-not-text', message: /zero bytes/ });
  writeFileSync(path.join(folder, 'wide.csv'), Buffer.from('\ufeffa,y\n1,2\n3,4\n', 'utf16le'));
  await assert.rejects(prepare(null, { data: { csv: 'wide.csv' } }), { code: 'data-not-text', message: /UTF-16/ });
});

test('what is wrong with a file is told by row, column and remedy', async () => {
  const cases: [string, Settings, { code: string; path: string; message: RegExp }][] = [
    ['', {}, { code: 'data-empty', path: 'data.csv', message: /nothing in it/ }],
    ['a,y\n', {}, { code: 'data-empty', path: 'data.csv', message: /no rows/ }],
    ['a,y\n1,2\n1,2,3\n', {}, { code: 'data-ragged', path: 'data.csv: line 3', message: /has 3 fields/ }],
    ['a,y\n1,2\n1\n', {}, { code: 'data-ragged', path: 'data.csv: line 3', message: /has 1 fields/ }],
    ['a,y\n1,"2\n', {}, { code: 'data-ragged', path: 'data.csv: line 2', message: /not proper CSV/ }],
    ['a,y\n1,2\nred,3\n', {}, { code: 'data-not-a-number', path: 'data.csv: column a', message: /Row 2 has "red"/ }],
    ['a,y\n1,2\n1,Infinity\n', {}, { code: 'data-not-a-number', path: 'data.csv: column y', message: /Row 2/ }],
    ['a,y\n1,2\nNA,3\n', {}, { code: 'data-missing-value', path: 'data.csv: column a', message: /Row 2/ }],
    [
      'a,price\n1,2\n',
      { data: { target: 'prise' } },
      { code: 'data-unknown-column', path: 'data.target', message: /"prise"/ },
    ],
    ['y\n1\n2\n', {}, { code: 'data-unknown-column', path: 'data.features', message: /No column is left/ }],
    [
      'a,y\n1,2\n3,4\n',
      { data: { test: { rows: 2 } } },
      { code: 'data-split', path: 'data.test', message: /2 test rows of 2/ },
    ],
    [
      'a,y\n1,2\n3,4\n',
      { train: { validationSplit: 0.5 } },
      { code: 'data-split', path: 'train.validationSplit', message: /0 for training/ },
    ],
    ['y\n1\n2\n3\n', SERIES, { code: 'data-too-short', path: 'data.lookback', message: /3 rows are too few/ }],
    [
      'a,y\n1,0.5\n3,1\n',
      SOFTMAX,
      { code: 'data-not-a-number', path: 'data.csv: column y', message: /no class number/ },
    ],
  ];
  for (const [csv, settings, expected] of cases) {
    await assert.rejects(prepare(csv, settings), { name: 'SkilletError', ...expected }, JSON.stringify(csv));
  }
});

test('an unknown column comes with the nearest one', async () => {
  await assert.rejects(prepare('a,price\n1,2\n', { data: { target: 'prise' } }), { remedy: /Did you mean price\?/ });
});

test('a file that is not there is told with the place that was looked at', async () => {
  await assert.rejects(prepare(null, { data: { csv: 'none.csv' } }), {
    code: 'data-not-found',
    message: `"none.csv" is not there (looked for ${path.join(folder, 'none.csv')}).`,
  });
});

test('two columns of one name are refused; one without a name is not used', async () => {
  await assert.rejects(prepare('a,a,y\n1,2,3\n4,5,6\n'), { path: 'data.csv: header', message: /"a"/ });
  const data = await prepare(',a,y\n1,2,3\n2,5,6\n');
  assert.deepEqual(data.summary.features, ['a']);
});

test('rows with missing values are dropped, and keep their numbers in the file', async () => {
  const data = await prepare('a,y\n1,2\n?,3\n5,6\n7,\n9,10\n', { data: { missing: 'drop' } });
  assert.deepEqual([...data.train.targets, ...data.test.targets], [2, 6, 10]);
  assert.deepEqual([[...data.rowNumbers], data.droppedRows], [[1, 3, 5], 2]);
});

test('a missing number takes the mean of the training rows; a missing target is refused', async () => {
  const mean = { data: { missing: 'mean' } };
  const data = await prepare('a,y\n1,2\n,3\n5,6\n100,1\n', mean);
  assert.deepEqual([...data.train.matrix], [1, 3, 5, 100]);
  await assert.rejects(prepare('a,y\n1,2\n5,\n', mean), { code: 'data-missing-value', path: 'data.csv: column y' });
});

test('words become one-hot inputs in sorted order, and stay unscaled', async () => {
  const data = await prepare('c,a,y\nred,1,1\nblue,2,2\nred,3,3\n', { data: { categorical: ['c'], scale: 'minMax' } });
  assert.deepEqual(data.summary.features, ['c=blue', 'c=red', 'a']);
  assert.deepEqual([...data.train.matrix], [0, 1, 0, 1, 0, 1, 0, 1, 2]);
});

test('words as target become classes, sorted; numbers are sorted as numbers', async () => {
  const settings = { ...SOFTMAX, data: { categorical: ['y'] } };
  const words = await prepare('a,y\n1,red\n2,blue\n3,green\n4,red\n', settings);
  assert.deepEqual(
    [words.summary.classes, [...words.train.targets]],
    [
      ['blue', 'green', 'red'],
      [2, 0, 1],
    ],
  );
  const numbers = await prepare('a,y\n1,10\n2,9\n3,10\n', settings);
  assert.deepEqual(numbers.summary.classes, ['9', '10']);
});

test('binaryCrossentropy refuses three classes', async () => {
  const settings = {
    model: [{ dense: { units: 1, activation: 'sigmoid' } }],
    train: { loss: 'binaryCrossentropy' },
    data: { categorical: ['y'] },
  };
  await assert.rejects(prepare('a,y\n1,a\n2,b\n3,c\n', settings), { code: 'recipe-loss', message: /has 3: a, b, c/ });
});

test('rows are split by the permutation of NumPy unless the recipe says no; without `test` a fifth with seed 0', async () => {
  const csv = `a,y\n${Array.from({ length: 10 }, (_, i) => `${i},${i}`).join('\n')}\n`;
  for (const given of [undefined, { fraction: 0.2 }, { rows: 2 }, { rows: 2, permutation: 'numpy', seed: 0 }]) {
    const data = await prepare(csv, { data: { test: given } });
    assert.deepEqual([...data.train.targets], [2, 8, 4, 9, 1, 6, 7, 3], JSON.stringify(given));
    assert.deepEqual([...data.test.targets], [0, 5]);
  }
  const seeded = await prepare(csv, { data: { test: { rows: 2, seed: 1 } } });
  assert.deepEqual([...seeded.test.targets], [8, 5]);
  const plain = await prepare(csv, { data: { test: { rows: 2, permutation: 'none' } } });
  assert.deepEqual([...plain.test.targets], [8, 9]);
});

test('a split by time takes the latest rows, wherever they stand, and does not train on the clock', async () => {
  const csv = 'day,a,y\n2024-03-01,1,1\n2024-01-01,2,2\n2024-04-01,3,3\n2024-02-01,4,4\n';
  const byRows = await prepare(csv, { data: { test: { time: 'day', rows: 1 } } });
  assert.deepEqual([...byRows.train.targets], [2, 4, 1]);
  assert.deepEqual([...byRows.test.targets], [3]);
  assert.deepEqual(byRows.summary.features, ['a']);
  assert.deepEqual([...byRows.rowNumbers], [2, 4, 1, 3]);
  const fromDate = await prepare(csv, { data: { test: { time: 'day', from: '2024-02-15' } } });
  assert.deepEqual([...fromDate.test.targets], [1, 3]);
});

test('the scaler sees the training rows only', async () => {
  const data = await prepare('a,y\n1,10\n3,30\n1000,5000\n', { data: { scale: 'standard', scaleTarget: 'minMax' } });
  assert.deepEqual(data.inputs.scaler, { kind: 'standard', offset: [2], factor: [Math.SQRT2] });
  assert.deepEqual([...data.train.targets], [0, 1]);
  assert.deepEqual(data.targets.scaler, { kind: 'minMax', offset: [10], factor: [20] });
});

test('a constant column is only shifted, and scaling can be undone', () => {
  const scaler = fitScaler(
    'standard',
    [
      [0.1, 0.1, 0.1],
      [1, 2, 6],
    ],
    Int32Array.of(0, 1, 2),
  );
  assert.equal(scaler.factor[0], 1);
  assert.ok(Math.abs(inverse(scaler, 1, transform(scaler, 1, 4.5)) - 4.5) < 1e-12);
});

test('a series is cut into windows, each with the value that follows it', async () => {
  const csv = 'a,y\n1,10\n2,20\n3,30\n4,40\n5,50\n6,60\n';
  const model = [{ lstm: { units: 2 } }, { dense: { units: 1 } }];
  const data = await prepare(csv, { model, data: { lookback: 2, horizon: 2, test: { rows: 1, permutation: 'none' } } });
  assert.deepEqual(data.train.inputShape, [2, 2]);
  assert.deepEqual(data.summary.features, ['a', 'y']);
  // The window of rows 1 and 2 foretells row 4.
  assert.deepEqual(
    [[...data.train.firstRow], [...data.train.targets]],
    [
      [0, 1],
      [40, 50],
    ],
  );
  assert.deepEqual([[...data.test.firstRow], [...data.test.targets]], [[2], [60]]);
});

test('the scaler of a series does not see the values that are to be foretold', async () => {
  const model = [{ lstm: { units: 2 } }, { dense: { units: 1 } }];
  const data = await prepare('y\n1\n2\n3\n4\n500\n', {
    model,
    data: { lookback: 2, scale: 'minMax', test: { rows: 1 } },
  });
  assert.deepEqual(data.inputs.scaler, { kind: 'minMax', offset: [1], factor: [3] });
});

test('validation rows are the last of the training rows', async () => {
  const csv = `a,y\n${Array.from({ length: 11 }, (_, i) => `${i},${i}`).join('\n')}\n`;
  const data = await prepare(csv, { train: { validationSplit: 0.25 } });
  assert.deepEqual([...data.train.targets], [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...(data.validation?.targets ?? [])], [7, 8, 9]);
});
