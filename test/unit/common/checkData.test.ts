/** Settings of data that do not fit together, as the editor tells them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataFiles } from '../../../src/common/recipe/dataFiles.ts';
import { inputShapeOf } from '../../../src/common/recipe/inferGraph.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';

const parse = (data: Record<string, unknown>) =>
  parseRecipe(
    JSON.stringify({
      name: 'Images',
      data,
      model: ['flatten', { dense: { units: 10, activation: 'softmax' } }],
      train: { loss: 'categoricalCrossentropy' },
    }),
  );

const idx = { images: 'a', labels: 'b' };
const table = { csv: 'a.csv', target: 'y' };

test('a recipe names exactly one source of data, and a table its target', () => {
  const cases: [Record<string, unknown>, string[]][] = [
    [table, []],
    [{ idx }, []],
    [{ dataset: 'mnist' }, []],
    [{}, ['recipe-missing-key data.csv']],
    [{ csv: 'a.csv' }, ['recipe-missing-key data.target']],
    [{ ...table, idx }, ['recipe-data data.target', 'recipe-data data.idx']],
    [{ csv: 'a.csv', target: 'label', dataset: 'mnist' }, ['recipe-data data.dataset']],
    [{ dataset: 'mnits' }, ['recipe-bad-choice data.dataset']],
  ];
  for (const [data, told] of cases) {
    assert.deepEqual(
      parse(data).problems.map(({ code, path }) => `${code} ${path}`),
      told,
      JSON.stringify(data),
    );
  }
});

test('what columns need is refused beside images with labels, and so is a second test', () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ dataset: 'mnist', target: 'digit' }, 'recipe-data data.target'],
    [{ dataset: 'mnist', features: ['p0'] }, 'recipe-data data.features'],
    [{ dataset: 'mnist', categorical: ['label'] }, 'recipe-data data.categorical'],
    [{ dataset: 'mnist', test: { rows: 5 } }, 'recipe-data data.test'],
    [{ dataset: 'mnist', image: { height: 8, width: 8 } }, 'data-image-size data.image'],
    [{ idx, test: { every: 5, by: 'p0' } }, 'data-unknown-column data.test.by'],
    [{ idx, test: { time: 'day', rows: 5 } }, 'data-unknown-column data.test.time'],
    [{ idx: { ...idx, testImages: 'c' } }, 'recipe-data data.idx.testImages'],
    [{ idx: { ...idx, testLabels: 'c' } }, 'recipe-data data.idx.testLabels'],
    [{ ...table, image: { height: 2, width: 2 }, features: ['p0..p4'] }, 'data-image-size data.features'],
    [{ ...table, image: { height: 2, width: 2 }, categorical: ['c'] }, 'recipe-data data.categorical'],
    [{ ...table, image: { height: 2, width: 2 }, lookback: 3 }, 'recipe-data data.lookback'],
    [{ ...table, lookback: 3, test: { every: 5 } }, 'data-split data.test.every'],
    [{ ...table, scale: { divide: 0 } }, 'recipe-out-of-range data.scale.divide'],
  ];
  for (const [data, told] of cases) {
    const problems = parse(data).problems.map(({ code, path }) => `${code} ${path}`);
    assert.deepEqual(problems, [told], JSON.stringify(data));
  }
});

test('inputs are of one kind, also where no layer of the recipe could tell', () => {
  const text = { column: 'a', length: 5 };
  const image = { height: 2, width: 2 };
  const sequences = { by: 'a' };
  const cases: [Record<string, unknown>, string][] = [
    [{ dataset: 'mnist', text }, 'recipe-data data.text'],
    [{ idx, sequences }, 'recipe-data data.sequences'],
    [{ ...table, image, text }, 'recipe-data data.text'],
    [{ ...table, image, sequences }, 'recipe-data data.sequences'],
    [{ ...table, text, sequences }, 'recipe-data data.sequences'],
    [{ ...table, image, lookback: 2 }, 'recipe-data data.lookback'],
  ];
  for (const [data, told] of cases) {
    const { problems } = parseRecipe(
      JSON.stringify({ name: 'Kinds', data, model: { module: './a.mjs' }, train: { loss: 'categoricalCrossentropy' } }),
    );
    // That a module cannot take sequences at all is another matter.
    const found = problems.filter(({ code }) => code !== 'recipe-series').map(({ code, path }) => `${code} ${path}`);
    assert.deepEqual(found, [told], JSON.stringify(data));
  }
});

test('the shape of images is known before they are read, as far as the recipe tells', () => {
  const shapeOf = (data: Record<string, unknown>) => {
    const { recipe } = parse(data);
    return recipe === null ? null : inputShapeOf(recipe);
  };
  assert.deepEqual(shapeOf({ ...table, image: { height: 8, width: 9, channels: 3 } }), [8, 9, 3]);
  assert.deepEqual(shapeOf({ dataset: 'fashionMnist' }), [28, 28, 1]);
  assert.deepEqual(shapeOf({ idx }), [null, null, null]);
});

test('every file beside the recipe is told with its field', () => {
  const filesOf = (data: Record<string, unknown>) => {
    const { recipe } = parse(data);
    return recipe === null ? null : dataFiles(recipe).map(({ field, file }) => `${field} ${file}`);
  };
  assert.deepEqual(filesOf(table), ['data.csv a.csv']);
  assert.deepEqual(filesOf({ dataset: 'mnist' }), []);
  assert.deepEqual(filesOf({ idx: { ...idx, testImages: 'c', testLabels: 'd' } }), [
    'data.idx.images a',
    'data.idx.labels b',
    'data.idx.testImages c',
    'data.idx.testLabels d',
  ]);
});
