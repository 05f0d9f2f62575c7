/** What is different in two recipes, and their settings as a list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignLayers } from '../../../../src/common/compare/alignLayers.ts';
import { diffRecipes } from '../../../../src/common/compare/diffRecipes.ts';
import { lineDiff, nearChanges } from '../../../../src/common/compare/lineDiff.ts';
import { paramTable } from '../../../../src/common/compare/paramTable.ts';
import { settingsOf } from '../../../../src/common/compare/settings.ts';
import { readSource } from '../../../../src/common/recipe/source.ts';
import { tinyJson } from '../../../fixtures/tinyRecipe.ts';

const plain = (text: string) => readSource(text).value;
const recipe = (part: { optimizer?: string; model?: string; params?: string; more?: string } = {}) =>
  plain(`name: A
params: ${part.params ?? '{ units: 64 }'}
data: { csv: a.csv, target: y }
model:
${part.model ?? '  - dense: { units: $units }\n  - dense: { units: 1 }'}
train: { loss: meanSquaredError, optimizer: ${part.optimizer ?? '{ adam: { learningRate: 0.001 } }'}${part.more ?? ''} }
`);

const changes = (a: unknown, b: unknown) =>
  diffRecipes(a, b).map(({ kind, path, before, after }) => [kind, path, before, after]);

test('a nested setting is told by its whole path, before and after', () => {
  assert.deepEqual(changes(recipe(), recipe({ optimizer: '{ adam: { learningRate: 0.01 } }' })), [
    ['changed', 'train.optimizer.adam.learningRate', '0.001', '0.01'],
  ]);
});

test('a parameter is told with every setting that it fills in', () => {
  assert.deepEqual(changes(recipe(), recipe({ params: '{ units: 32 }' })), [
    ['changed', 'params.units', '64', '32'],
    ['changed', 'model[0].dense.units', '64', '32'],
  ]);
});

test('another choice is one change, and a bare word is a choice without settings', () => {
  assert.deepEqual(changes(recipe(), recipe({ optimizer: '{ sgd: { learningRate: 0.1 } }' })), [
    ['changed', 'train.optimizer', '{ adam: { learningRate: 0.001 } }', '{ sgd: { learningRate: 0.1 } }'],
  ]);
  assert.deepEqual(changes(recipe({ optimizer: 'adam' }), recipe()), [
    ['added', 'train.optimizer.adam.learningRate', null, '0.001'],
  ]);
});

test('settings that only one recipe gives are added or removed', () => {
  const more = recipe({ more: ', earlyStopping: { patience: 5 }, metrics: [rmse, mae]' });
  assert.deepEqual(changes(recipe(), more), [
    ['added', 'train.earlyStopping', null, '{ patience: 5 }'],
    ['added', 'train.metrics', null, '[rmse, mae]'],
  ]);
  assert.deepEqual(
    changes(more, recipe()).map(([kind, path]) => [kind, path]),
    [
      ['removed', 'train.earlyStopping'],
      ['removed', 'train.metrics'],
    ],
  );
});

test('a layer put in between does not change those behind it', () => {
  const model = '  - dense: { units: $units }\n  - dropout: { rate: 0.2 }\n  - dense: { units: 1 }';
  assert.deepEqual(changes(recipe(), recipe({ model })), [
    ['added', 'model[1].dropout', null, '{ dropout: { rate: 0.2 } }'],
  ]);
  assert.deepEqual(changes(recipe({ model }), recipe()), [
    ['removed', 'model[1].dropout', '{ dropout: { rate: 0.2 } }', null],
  ]);
});

test('a layer that was changed is not told as another one', () => {
  const named = (units: number) => recipe({ model: `  - dense: { name: wide, units: ${units}, activation: relu }` });
  assert.deepEqual(changes(named(8), named(16)), [['changed', 'model[0].dense.units', '8', '16']]);
});

test('a layer that stands elsewhere has moved', () => {
  const before = '  - flatten\n  - dropout: { rate: 0.5 }\n  - dense: { units: 1 }';
  const after = '  - dropout: { rate: 0.5 }\n  - flatten\n  - dense: { units: 1 }';
  const [only, ...more] = diffRecipes(recipe({ model: before }), recipe({ model: after }));
  assert.equal(more.length, 0);
  assert.equal(only?.kind, 'moved');
});

test('it does not matter whether a recipe is written as YAML or as JSON', () => {
  const yaml = `name: Tiny
params:
  units: 4
data: { csv: tiny.csv, target: y, test: { rows: 8 } }
model:
  - dense: { units: $units, activation: relu }
  - dense: { units: 1 }
train: { loss: meanSquaredError, metrics: [rmse], batchSize: 8, epochs: 3, device: js }
`;
  assert.deepEqual(diffRecipes(plain(tinyJson), plain(yaml)), []);
});

test('texts that are no recipes have no settings, and do not throw', () => {
  for (const broken of [null, 7, 'text', [], plain('a: [')]) {
    assert.deepEqual(settingsOf(broken), []);
    assert.deepEqual(diffRecipes(broken, broken), []);
  }
  assert.deepEqual(
    settingsOf(plain('model: { module: ./a.mjs }\ntrain: 3')).map(({ path, text }) => [path, text]),
    [
      ['train', '3'],
      ['model.module', './a.mjs'],
    ],
  );
});

test('settings that differ are apart from the equal ones, parameters first, and those that are missing are null', () => {
  const run = (value: unknown, params: Record<string, number>) => ({ recipe: value, params });
  const { differing, equal } = paramTable([
    run(recipe({ more: ', epochs: 5' }), { units: 64 }),
    run(recipe({ params: '{ units: 32 }' }), { units: 32 }),
  ]);
  assert.deepEqual(differing, [
    { name: 'units', isParam: true, values: ['64', '32'] },
    { name: 'train.epochs', isParam: false, values: ['5', null] },
  ]);
  assert.ok(equal.some(({ name, values }) => name === 'train.optimizer.adam.learningRate' && values[0] === '0.001'));
  assert.ok(!equal.some(({ name }) => name === 'model.dense1.units'), 'it is told as the parameter units');
});

test('lines that were taken away and put in are found, and what is far from them is left out', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.with(10, 'other').toSpliced(15, 1);
  const near = nearChanges(lineDiff(before.join('\r\n'), after.join('\n')), 1);
  assert.deepEqual(
    near.map((line) => line && `${line.kind} ${line.text}`),
    [
      'same line 9',
      'removed line 10',
      'added other',
      'same line 11',
      null,
      'same line 14',
      'removed line 15',
      'same line 16',
    ],
  );
});

test('a layer of another type is never the same one changed, and a name tells which of two is meant', () => {
  const pairs = (a: unknown[], b: unknown[]) =>
    alignLayers(a, b).map((pair) => pair.map((layer) => (layer === null ? null : layer.index)));
  const activity = { activation: { kind: 'relu' } };
  assert.deepEqual(
    pairs([{ dense: { units: 1 } }], [activity]).filter(([a, b]) => a !== null && b !== null),
    [],
  );
  const named = { dense: { name: 'head', units: 8, activation: 'relu' } };
  const others = [
    { dense: { units: 8, activation: 'relu' } },
    { dense: { name: 'head', units: 2, activation: 'elu' } },
  ];
  assert.deepEqual(pairs([named], others), [
    [null, 0],
    [0, 1],
  ]);
});
