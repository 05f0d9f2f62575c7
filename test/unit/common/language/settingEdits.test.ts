/** Settings are changed where they are written, and two texts are compared by what they say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, readRecipeText } from '../../../../src/common/recipe/language/recipeText.ts';
import { settingEdits } from '../../../../src/common/recipe/language/settingEdits.ts';
import { sameSettings } from '../../../../src/common/recipe/sameSettings.ts';

const RATE = 'train.optimizer.rmsprop.learningRate';
const changed = (text: string, path: string, value: unknown) =>
  applyEdits(text, settingEdits(readRecipeText(text), [{ path, value }]));

test('a setting that names a parameter is changed at the parameter', () => {
  const text = 'params: { rate: 0.1 } # found by trying\ntrain: { optimizer: { rmsprop: { learningRate: $rate } } }\n';
  assert.equal(changed(text, RATE, 0.01), text.replace('0.1', '0.01'));
});

test('a setting is added to an optimizer that is a bare word, or not there at all', () => {
  assert.equal(
    changed('train: { optimizer: rmsprop }\n', RATE, 0.01),
    'train: { optimizer: { rmsprop: { learningRate: 0.01 } } }\n',
  );
  assert.equal(
    changed('train:\n  epochs: 3\n', RATE, 0.01),
    'train:\n  epochs: 3\n  optimizer: { rmsprop: { learningRate: 0.01 } }\n',
  );
});

test('a group of settings is added in the style of the file', () => {
  const value = { monitor: 'val_loss', restoreBestWeights: true };
  assert.equal(
    changed('{ "train": { "epochs": 3 } }', 'train.earlyStopping', value),
    '{ "train": { "epochs": 3, "earlyStopping": { "monitor": "val_loss", "restoreBestWeights": true } } }',
  );
});

test('changes of which one cannot be made are not made at all', () => {
  const recipe = readRecipeText('train: { epochs: 3 }\n');
  const changes = [
    { path: 'train.epochs', value: 5 },
    { path: 'model[4]', value: 1 },
  ];
  assert.deepEqual(settingEdits(recipe, changes), []);
});

test('texts say the same where values are, whatever their comments and parameters', () => {
  const one = 'params: { rate: 0.1 }\ntrain: { epochs: 3, optimizer: { sgd: { learningRate: $rate } } }\n';
  const other = 'train:\n  epochs: 4\n  optimizer: { sgd: { learningRate: 0.1 } } # as before\n';
  const path = 'train.optimizer.sgd.learningRate';
  assert.equal(sameSettings(one, other, [path, 'train.earlyStopping']), true);
  assert.equal(sameSettings(one, other, [path, 'train.epochs']), false);
  assert.equal(sameSettings(one, 'train: {', []), false);
});
