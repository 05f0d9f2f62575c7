/** Values written into a recipe's params: nothing but the values changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyParams, paramEdits } from '../../../src/common/recipe/applyParams.ts';

const RECIPE = `# mine
name: Tiny
params:   { units: 64,  learningRate: 1e-3, activation: relu, wide: false } # the best so far
data: {csv: a.csv,   target: y}   # odd spacing stays
train:
  epochs: 0100
`;

test('only the values change: comments, order, spacing and other numbers stay', () => {
  const changed = applyParams(RECIPE, { learningRate: 0.00025, units: 48, activation: 'tanh', wide: true });
  const line = 'params:   { units: 48,  learningRate: 2.5e-4, activation: tanh, wide: true } # the best so far';
  assert.equal(changed, RECIPE.replace(/^params.*$/m, line));
});

test('a value that is there already keeps its spelling', () => {
  assert.deepEqual(paramEdits(RECIPE, { learningRate: 0.001, units: 64, activation: 'relu', wide: false }), []);
});

test('params one below the other, with comments between, anchors and aliases', () => {
  const text = 'params:\n  # how wide\n  units: &u 64 # was 32\n  more: *u\n  rate: 0.01\nname: x\n';
  assert.equal(
    applyParams(text, { rate: 0.5, units: 8, more: 16 }),
    'params:\n  # how wide\n  units: &u 8 # was 32\n  more: 16\n  rate: 0.5\nname: x\n',
  );
});

test('a JSON recipe stays JSON', () => {
  const text = '{\n  "name": "x",\n  "params": { "units": 64, "rate": 0.001, "kind": "adam" }\n}\n';
  const changed = applyParams(text, { units: 8, rate: 1e-7, kind: 'sgd' });
  assert.equal(changed, text.replace('64', '8').replace('0.001', '1e-7').replace('adam', 'sgd'));
  assert.deepEqual(JSON.parse(changed).params, { units: 8, rate: 1e-7, kind: 'sgd' });
});

test('words that YAML would read as something else are quoted, and quotes are kept', () => {
  const text = 'params: { a: relu, b: \'relu\', c: "relu" }\n';
  assert.equal(
    applyParams(text, { a: 'no: way', b: "it's", c: 'tanh' }),
    'params: { a: "no: way", b: \'it\'\'s\', c: "tanh" }\n',
  );
  assert.equal(applyParams('params: { a: relu }\n', { a: 'true' }), 'params: { a: "true" }\n');
  assert.equal(applyParams('params: { a: relu }\n', { a: '12' }), 'params: { a: "12" }\n');
});

test('a recipe that no longer has a parameter is not touched at all', () => {
  assert.throws(() => applyParams('params: { units: 64 }\n', { units: 8, depth: 2, width: 3 }), {
    code: 'recipe-unknown-param',
    path: 'params.depth',
    message: 'The recipe no longer has the parameters depth, width; nothing was changed.',
  });
  assert.throws(() => applyParams('name: x\n', { units: 8 }), { code: 'recipe-unknown-param' });
});

test('text that is no YAML, and a parameter that is no single value, are refused', () => {
  assert.throws(() => applyParams('params: { units: 64\n', { units: 8 }), { code: 'recipe-syntax' });
  assert.throws(() => applyParams('params: { units: [1, 2] }\n', { units: 8 }), { code: 'recipe-wrong-type' });
  assert.throws(() => applyParams('params:\n  kind: |\n    relu\n', { kind: 'tanh' }), { code: 'recipe-wrong-type' });
});
