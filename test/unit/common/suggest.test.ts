/** What is offered while a recipe is typed; the bar | is the cursor. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cursorPlace } from '../../../src/common/recipe/cursor.ts';
import { formatPath } from '../../../src/common/recipe/fieldPath.ts';
import { LAYERS } from '../../../src/common/recipe/layers.ts';
import { SCHEDULES } from '../../../src/common/recipe/schedules.ts';
import { describeField, suggest } from '../../../src/common/recipe/suggest.ts';

/** The field and what is wanted there, as one text. */
function place(text: string): string {
  const found = cursorPlace(text.slice(0, text.indexOf('|')));
  return found === null ? 'nothing' : `${formatPath(found.keys)} ${found.wants}`;
}

const offered = (text: string) => suggest(text.replace('|', ''), text.indexOf('|')).map((one) => one.text);

const head = 'name: x\nparams: { units: 64, learningRate: 0.001 }\n';

test('a key at the margin belongs to the recipe', () => {
  assert.equal(place(`${head}|`), ' key');
});

test('indentation leads into a group, and out of it again', () => {
  assert.equal(place('data:\n  csv: a.csv\n  |'), 'data key');
  assert.equal(place('data:\n  csv: a.csv\n|'), ' key');
  assert.equal(place('train:\n  earlyStopping:\n    patience: 3\n  |'), 'train key');
});

test('dashes count the layers, in either indentation', () => {
  assert.equal(place('model:\n  - dense: { units: 3 }\n  - |'), 'model[1] key');
  assert.equal(place('model:\n- dense:\n    units: 3\n- flatten:\n- |'), 'model[2] key');
  assert.equal(place('model:\n  - dense:\n      units: 3\n      |'), 'model[0].dense key');
});

test('brackets lead into groups and lists on one line', () => {
  assert.equal(place('model:\n  - dense: { units: 3, |'), 'model[0].dense key');
  assert.equal(place('model:\n  - dense: { units: 3, activation: |'), 'model[0].dense.activation value');
  assert.equal(place('train:\n  optimizer: { rmsprop: { rho: 0.9, |'), 'train.optimizer.rmsprop key');
  assert.equal(place('train:\n  optimizer: { adam: {} }\n  metrics: [rmse, |'), 'train.metrics[1] value');
});

test('after a key its value is wanted, in a comment nothing', () => {
  assert.equal(place('train:\n  loss: |'), 'train.loss value');
  assert.equal(place('# name: |'), 'nothing');
});

test('layers are offered where a layer belongs', () => {
  assert.deepEqual(offered('model:\n  - |').sort(), Object.keys(LAYERS).sort());
});

test('settings of a layer are offered in its braces, words of a choice as its value, and the parameters', () => {
  assert.ok(offered(`${head}model:\n  - dense: { |`).includes('kernelInitializer'));
  const words = offered(`${head}model:\n  - dense: { activation: |`);
  assert.ok(words.includes('relu') && words.includes('$units'), words.join());
  assert.deepEqual(offered(`${head}train:\n  batchSize: |`), ['$units', '$learningRate']);
});

test('an optimizer is offered as a word and as a group', () => {
  assert.ok(offered('train:\n  optimizer: |').includes('adam'));
  assert.ok(offered('train:\n  optimizer: { |').includes('adamw'));
});

test('schedules are offered as the learning rate of an optimizer, and their settings in them', () => {
  const rate = `${head}train:\n  optimizer:\n    adam:\n      learningRate:`;
  assert.deepEqual(offered(`${rate} { |`).sort(), Object.keys(SCHEDULES).sort());
  assert.deepEqual(offered(`${rate}\n        |`).sort(), Object.keys(SCHEDULES).sort());
  const settings = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase'];
  assert.deepEqual(offered(`${rate} { exponentialDecay: { |`), settings);
  assert.deepEqual(offered(`${rate}\n        exponentialDecay:\n          |`), settings);
  assert.deepEqual(offered(`${rate} { exponentialDecay: { staircase: |`).slice(0, 2), ['true', 'false']);
  assert.ok(offered(`${rate} |`).includes('$learningRate'));
});

test('the items of a list of values are offered in brackets and after dashes', () => {
  const metrics = ['rmse', 'mse', 'mae', 'accuracy'];
  assert.deepEqual(offered('train:\n  metrics: [|'), metrics);
  assert.deepEqual(offered('train:\n  metrics:\n    - |'), metrics);
  const values =
    'train:\n  optimizer:\n    sgd:\n      learningRate:\n        piecewiseConstantDecay:\n          values:';
  assert.deepEqual(offered(`${head}${values}\n            - |`), ['$units', '$learningRate']);
});

test('a field is described in the words of the language', () => {
  assert.match(describeField(['data', 'lookback']) ?? '', /windows/);
  assert.equal(describeField(['data', 'nothing']), null);
  const rate = ['train', 'optimizer', 'adam', 'learningRate'];
  assert.match(describeField(rate) ?? '', /schedule/);
  assert.match(describeField([...rate, 'cosineDecay']) ?? '', /cosine wave/);
  assert.match(describeField([...rate, 'cosineDecay', 'warmupTarget']) ?? '', /climb/);
});
