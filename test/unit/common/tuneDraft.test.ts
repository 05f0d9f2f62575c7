/** The `tune:` that is offered to a recipe without one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { tuneDraft } from '../../../src/common/recipe/tuneDraft.ts';
import { tinyRecipe } from '../../fixtures/tinyRecipe.ts';

const withParams = (params: string, train = '') =>
  tinyRecipe.replace('{ units: 4 }', params).replace('batchSize: 8', `batchSize: 8${train}`);

test('the recipe with its draft has no problems, and ranges lie around its values', () => {
  const file = path.resolve(import.meta.dirname, '../../../recipes/boston-housing.recipe.yaml');
  const text = readFileSync(file, 'utf8').replace(/\ntune:[\s\S]*$/, '\n');
  const draft = tuneDraft(text);
  assert.ok(draft !== null);
  const { recipe, problems } = parseRecipe(text + draft);
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.keys(recipe?.tune?.params ?? {}), ['units', 'learningRate']);
  assert.match(draft, /units: \{ int: \[16, 256\], scale: log \}/);
  assert.match(draft, /learningRate: \{ double: \[0.0001, 0.01\], scale: log \}/);
  assert.match(draft, /minimize: test_rmse \} # spoils the test rows; better: validationSplit/);
});

test('with validation rows it is their metric that counts', () => {
  assert.match(
    tuneDraft(withParams('{ units: 4 }', ', validationSplit: 0.2')) ?? '',
    /objective: \{ minimize: val_rmse \}\n/,
  );
});

test('the validation sequences of a series count too', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../recipes/shampoo-book.recipe.yaml'), 'utf8')
    .replace('data:', 'params: { rate: 1 }\ndata:')
    .replace('learningRate: 1', 'learningRate: $rate');
  assert.match(tuneDraft(text) ?? '', /objective: \{ minimize: val_rmse \}\n/);
});

test('parameters that are used nowhere, words and nothings are left out', () => {
  const draft = tuneDraft(withParams('{ units: 4, unused: 3, word: relu, none: 0 }'));
  assert.ok(draft !== null && !/unused|word|none/.test(draft), String(draft));
});

test('a rate below 1 stays below 1', () => {
  const text = withParams('{ units: 4, rate: 0.9 }').replace(
    '  - dense: { units: 1 }',
    '  - dropout: { rate: $rate }\n  - dense: { units: 1 }',
  );
  assert.match(tuneDraft(text) ?? '', /rate: \{ double: \[0.45, 0.95\] \}/);
});

test('where nothing can be searched, or the recipe cannot be read, there is no draft', () => {
  assert.equal(tuneDraft(tinyRecipe.replace('params: { units: 4 }\n', '').replace('$units', '4')), null);
  assert.equal(tuneDraft('name: ['), null);
  assert.equal(tuneDraft('{ "name": "x" }'), null);
});

test('a last line without an end is ended first', () => {
  assert.match(tuneDraft(tinyRecipe.trimEnd()) ?? '', /^\ntune:/);
});
