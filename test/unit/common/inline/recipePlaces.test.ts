/** Where the charts of a recipe stand: YAML in blocks and braces, JSON, anchors, and text that is not finished. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlaces } from '../../../../src/common/inline/recipePlaces.ts';
import { readRecipeText } from '../../../../src/common/recipe/language/recipeText.ts';
import { tinyJson, tinyRecipe } from '../../../fixtures/tinyRecipe.ts';

/** `line: what stands on it`, lines from 0. */
function places(text: string): string[] {
  return findPlaces(readRecipeText(text)).map(({ line, hasTrain, metrics, params }) =>
    [`${line}:`, ...(hasTrain ? ['train'] : []), ...metrics, ...params.map((name) => `$${name}`)].join(' '),
  );
}

test('in braces, training and metrics share their line, and parameters theirs', () => {
  assert.deepEqual(places(tinyRecipe), ['1: $units', '6: train rmse']);
});

test('in block style each metric and each parameter has its line', () => {
  const text = 'params:\n  units: 64\n  rate: 0.1\ntrain:\n  loss: mse\n  metrics:\n    - rmse\n    - mae\n';
  assert.deepEqual(places(text), ['1: $units', '2: $rate', '3: train', '6: rmse', '7: mae']);
});

test('a list in brackets over two lines stands on both', () => {
  assert.deepEqual(places('train:\n  metrics: [rmse,\n    mae]\n'), ['0: train', '1: rmse', '2: mae']);
});

test('in JSON the places are those of the keys', () => {
  assert.deepEqual(places(tinyJson), ['2: $units', '8: train rmse']);
});

test('metrics that an alias stands for are shown where the alias is', () => {
  const text = 'other: &measures [rmse, mae]\ntrain:\n  metrics: *measures\n';
  assert.deepEqual(places(text), ['1: train', '2: rmse mae']);
});

test('an anchored list is one like another, and Windows line ends do not move a place', () => {
  assert.deepEqual(places('train:\r\n  loss: mse\r\n  metrics: &m [rmse]\r\n'), ['0: train', '2: rmse']);
});

test('ranges of a study are no parameters of the recipe', () => {
  assert.deepEqual(places('tune:\n  params: { units: { int: [8, 64] } }\n'), []);
});

for (const text of [
  '',
  'train',
  'train:',
  'train:\n  metrics: [rm',
  'params: {',
  'params:\n  : 3\n',
  '- train\n',
  '{"train": {"metrics": [',
  'train: *nowhere',
  'train:\n  metrics: *x\n',
  'train: &a [*a]',
  '\u0000\t: [',
]) {
  test(`text that is not finished has the places that can be told: ${JSON.stringify(text)}`, () => {
    assert.ok(Array.isArray(places(text)));
  });
}

test('a recipe that breaks off keeps the places before the break', () => {
  assert.deepEqual(places('params: { units: 4 }\ntrain:\n  metrics: [rmse, ma'), [
    '0: $units',
    '1: train',
    '2: rmse ma',
  ]);
});
