/** What is offered while a recipe is typed, and the text that it leaves; the bar | is the cursor. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPath } from '../../../../src/common/recipe/fieldPath.ts';
import { type Ask, complete } from '../../../../src/common/recipe/language/completion.ts';
import { cursorPlace } from '../../../../src/common/recipe/language/cursor.ts';
import { applyEdits } from '../../../../src/common/recipe/language/recipeText.ts';
import { LAYERS } from '../../../../src/common/recipe/layers.ts';
import { OPTIMIZERS } from '../../../../src/common/recipe/optimizers.ts';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import { SCHEDULES } from '../../../../src/common/recipe/schedules.ts';
import { longRecipe } from './longRecipe.ts';

/** The field and what is wanted there, as one text. */
function place(text: string): string {
  const found = cursorPlace(text.replace('|', ''), text.indexOf('|'));
  return found === null ? 'nothing' : `${formatPath(found.keys)} ${found.wants}`;
}

function offers(text: string, ask: Ask = {}) {
  return complete(text.replace('|', ''), text.indexOf('|'), ask);
}

const offered = (text: string, ask?: Ask) => offers(text, ask).map((one) => one.label);

/** The text once an offer was taken, each tab stop as it stands. */
function taken(text: string, label: string, ask?: Ask): string {
  const offer = offers(text, ask).find((one) => one.label === label);
  assert.ok(offer, `${label} is not among ${offered(text, ask).join()}`);
  const plain = offer.snippet
    .replace(/(?<!\\)\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replace(/(?<!\\)\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/(?<!\\)\$\d/g, '')
    .replace(/\\([\\$}])/g, '$1');
  return applyEdits(text.replace('|', ''), [{ start: offer.start, end: offer.end, text: plain }, ...offer.before]);
}

const head = 'name: x\nparams: { units: 64, learningRate: 0.001 }\n';

test('a key at the margin belongs to the recipe', () => {
  assert.equal(place(`${head}|`), ' key');
});

test('indentation leads into a group, and out of it again, over blank lines too', () => {
  assert.equal(place('data:\n  csv: a.csv\n  |'), 'data key');
  assert.equal(place('data:\n  csv: a.csv\n\n  |'), 'data key');
  assert.equal(place('data:\n  csv: a.csv\n|'), ' key');
  assert.equal(place('train:\n  earlyStopping:\n    patience: 3\n  |'), 'train key');
});

test('dashes count the layers, in either indentation', () => {
  assert.equal(place('model:\n  - dense: { units: 3 }\n  - |'), 'model[1] key');
  assert.equal(place('model:\n- dense:\n    units: 3\n- flatten:\n- |'), 'model[2] key');
  assert.equal(place('model:\n- dense:\n    units: 3\ntrain:\n  |'), 'train key');
  assert.equal(place('model:\n  - dense:\n      units: 3\n      |'), 'model[0].dense key');
});

test('brackets lead into groups and lists, on one line and over several', () => {
  assert.equal(place('model:\n  - dense: { units: 3, |'), 'model[0].dense key');
  assert.equal(place('model:\n  - dense: { units: 3, activation: |'), 'model[0].dense.activation value');
  assert.equal(place('model:\n  - dense: {\n      units: 3,\n      |'), 'model[0].dense key');
  assert.equal(place('train: { metrics: [rmse, |'), 'train.metrics[1] value');
  assert.equal(
    place('model:\n  - dense: { kernelInitializer: &a { constant: { |'),
    'model[0].dense.kernelInitializer.constant key',
  );
  assert.equal(place('model: [{ dense: { units: 1 } }, { |'), 'model[1] key');
});

test('a bracket left open ends at a line that stands no further in', () => {
  assert.equal(place('model:\n  - dense: { units: 3,\n  - dropout: { |'), 'model[1].dropout key');
  assert.equal(place('data: { csv: a.csv,\ntrain:\n  |'), 'train key');
});

test('comments, texts of several lines and finished words are left alone', () => {
  assert.equal(place('# data: |'), 'nothing');
  assert.equal(place('data: # |'), 'nothing');
  assert.equal(place('train: { epochs: 3, # |'), 'nothing');
  assert.equal(place('description: |\n  data:\n'.replace('|', '>').concat('  csv: |')), 'nothing');
  assert.equal(place('name: "a" |'), 'nothing');
});

test('JSON is told like braces, with quotes and over lines', () => {
  assert.equal(place('{\n  "data": {\n    "csv": "a.csv",\n    "|'), 'data key');
  assert.equal(place('{ "model": [{ "dense": { "activation": "re|'), 'model[0].dense.activation value');
  assert.equal(place('{\n  "name": "x"\n  |'), ' key');
});

test('keys that are there already are not offered again, before and behind the cursor', () => {
  assert.deepEqual(offered('name: x\n|\ndata:\n  csv: a\ntrain: {}\n'), ['model', 'description', 'tune', 'params']);
  assert.deepEqual(offered('train:\n  earlyStopping: { patience: 3, |, restoreBestWeights: true }'), [
    'monitor',
    'minDelta',
  ]);
  assert.ok(!offered('model:\n  - dense:\n      units: 3\n      |\n      name: a\n').includes('name'));
  assert.ok(offered('model:\n  - dense: { name: a, | }\n  - dense: { units: 1 }\n').includes('units'));
});

test('keys that are needed come first', () => {
  assert.deepEqual(offered('|').slice(0, 1), ['recipe']);
  assert.deepEqual(offered('# a\n|').slice(0, 4), ['name', 'data', 'model', 'train']);
});

test('what is there says which of several groups go on', () => {
  assert.deepEqual(offered('data:\n  test: { fraction: 0.2, seed: 1, |'), ['permutation']);
  assert.deepEqual(offered('data:\n  test: { time: day, |'), ['fraction', 'rows', 'from']);
});

test('a layer is offered with its required settings, once a list entry', () => {
  assert.deepEqual(offered('model:\n  - |').sort(), Object.keys(LAYERS).sort());
  assert.equal(taken('model:\n  - |', 'dense'), 'model:\n  - dense: { units: 64 }');
  assert.equal(taken('model:\n  - con|', 'conv2d'), 'model:\n  - conv2d: { filters: 32, kernelSize: 3 }');
  assert.equal(taken('model:\n  - |', 'flatten'), 'model:\n  - flatten');
  assert.deepEqual(offered('model:\n  - dense: { units: 3 }\n    |'), []);
});

test('an optimizer is offered as a word and with settings', () => {
  const all = offered('train:\n  optimizer: |');
  assert.deepEqual(
    Object.keys(OPTIMIZERS).filter((word) => !all.includes(word)),
    [],
  );
  assert.equal(taken('train:\n  optimizer: |', 'adam'), 'train:\n  optimizer: adam');
  assert.equal(
    taken('train:\n  optimizer: |', 'sgd { … }'),
    'train:\n  optimizer: { sgd: { learningRate: 0.01, momentum: 0 } }',
  );
  assert.equal(
    taken('train:\n  optimizer: { | }', 'adamw'),
    'train:\n  optimizer: { adamw: { learningRate: 0.001, beta1: 0.9 } }',
  );
});

test('words, true and false and parameters are offered as values', () => {
  const words = offered(`${head}model:\n  - dense: { activation: |`);
  assert.ok(words.includes('relu') && words.includes('$units'), words.join());
  assert.deepEqual(offered(`${head}train:\n  batchSize: |`), ['$units', '$learningRate']);
  assert.deepEqual(offered(`${head}train:\n  shuffle: |`).slice(0, 3), ['true', 'false', 'once']);
  assert.equal(taken(`${head}train:\n  batchSize: $un|`, '$units'), `${head}train:\n  batchSize: $units`);
  assert.deepEqual(offered(`${head}data:\n  unit: |`), []);
});

test('schedules are offered as the learning rate of an optimizer, and their settings in them', () => {
  const rate = `${head}train:\n  optimizer:\n    adam:\n      learningRate:`;
  assert.deepEqual(offered(`${rate} { |`).sort(), Object.keys(SCHEDULES).sort());
  assert.deepEqual(offered(`${rate}\n        |`).sort(), Object.keys(SCHEDULES).sort());
  const settings = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase'];
  assert.deepEqual(offered(`${rate} { exponentialDecay: { |`), settings);
  assert.deepEqual(offered(`${rate}\n        exponentialDecay:\n          |`), settings);
  assert.ok(offered(`${rate} |`).includes('$learningRate'));
});

test('the items of a list of values are offered in brackets and after dashes', () => {
  const metrics = ['rmse', 'mse', 'mae', 'accuracy'];
  assert.deepEqual(offered('train:\n  metrics: [|'), metrics);
  assert.deepEqual(offered('train:\n  metrics:\n    - |'), metrics);
});

test('layers above, columns of the CSV, files and measures are offered where they are named', () => {
  const model =
    'model:\n  - dense: { name: left, units: 1 }\n  - dense: { units: 1, inputs: input }\n  - add: { inputs: [|] }\n';
  assert.deepEqual(offered(model), ['dense1', 'left', 'input']);
  const columns = ['age', 'room count', 'price'];
  assert.deepEqual(offered('data:\n  target: |', { columns }).slice(0, 3), columns);
  assert.equal(taken('data:\n  target: |', 'room count', { columns }), 'data:\n  target: room count');
  assert.deepEqual(offered('data:\n  features: [age, |]', { columns }), ['room count', 'price']);
  assert.deepEqual(offered('data:\n  csv: da|', { files: ['data/a.csv'] }), ['data/a.csv']);
  const stop = 'train:\n  metrics: [rmse]\n  validationSplit: 0.2\n  earlyStopping: { monitor: |';
  assert.deepEqual(offered(stop), ['val_loss', 'val_rmse', 'loss', 'rmse']);
});

test('what is inserted in JSON has its quotes and commas', () => {
  const json = (inner: string) => `{\n  "name": "x",\n  "params": { "units": 64 },\n  ${inner}\n}`;
  assert.equal(taken(json('"da|'), 'data'), json('"data": { "csv": "data.csv", "target": "y" }'));
  assert.equal(taken(json('"model": [{ | }]'), 'dense'), json('"model": [{ "dense": { "units": 64 } }]'));
  assert.equal(taken(json('"model": [|]'), 'dense { … }'), json('"model": [{ "dense": { "units": 64 } }]'));
  assert.equal(taken(json('"train": { "loss": "hu|" }'), 'huber'), json('"train": { "loss": "huber" }'));
  assert.equal(taken(json('"train": { "batchSize": | }'), '$units'), json('"train": { "batchSize": "$units" }'));
  assert.equal(
    taken(json('"train": { "epochs": 3 | }'), 'batchSize'),
    json('"train": { "epochs": 3, "batchSize": 32 }'),
  );
  assert.equal(
    taken(json('"train": { | "epochs": 3 }'), 'batchSize'),
    json('"train": { "batchSize": 32, "epochs": 3 }'),
  );
  assert.equal(taken(json('"train": { "ep|": 3 }'), 'epochs'), json('"train": { "epochs": 3 }'));
  assert.equal(taken(json('"train": { "shuffle": | }'), 'true'), json('"train": { "shuffle": true }'));
});

test('a comma that is missing is put in braces of YAML too, and a space behind a colon', () => {
  assert.equal(taken('train: { epochs: 3 | }', 'batchSize'), 'train: { epochs: 3, batchSize: 32 }');
  assert.equal(taken('train: { | epochs: 3 }', 'batchSize'), 'train: { batchSize: 32, epochs: 3 }');
  assert.equal(taken('train:\n  loss:|', 'huber'), 'train:\n  loss: huber');
  assert.equal(taken('train:\n  ep|: 3', 'epochs'), 'train:\n  epochs: 3');
});

test('a group opens in block style below, where the language goes on', () => {
  assert.equal(taken('name: x\nda|', 'data'), 'name: x\ndata:\n  csv: data.csv\n  target: y');
  assert.match(
    taken('name: x\nmo|', 'model'),
    /^name: x\nmodel:\n {2}- dense: \{ units: 64, activation: relu \}\n {2}- dense:/,
  );
});

test('in an empty file a whole recipe is offered, and nothing is wrong with it, in YAML and in JSON', () => {
  assert.deepEqual(parseRecipe(taken('|', 'recipe')).problems, []);
  const json = taken('|', 'recipe', { isJson: true });
  assert.equal(JSON.parse(json).data.csv, 'data.csv');
  assert.deepEqual(parseRecipe(json).problems, []);
  assert.deepEqual(JSON.parse(taken('{|}', 'recipe', { isJson: true })).model.length, 2);
});

test('every layer that is offered parses with its first values', () => {
  for (const layer of Object.keys(LAYERS)) {
    const text = taken('model:\n  - |', layer);
    const problems = parseRecipe(`name: x\ndata: { csv: a, target: y }\ntrain: { loss: huber }\n${text}`).problems;
    const wrong = problems.filter(({ code }) => !['recipe-shape', 'recipe-layer-name'].includes(code));
    assert.deepEqual(wrong, [], text);
  }
});

test('completion in a recipe of 300 lines takes a few milliseconds', () => {
  const text = longRecipe(300);
  const offset = text.lastIndexOf('activation: ') + 'activation: '.length;
  complete(text, offset);
  const start = process.cpuUsage();
  for (let round = 0; round < 10; round += 1) {
    complete(text, offset);
  }
  // Of the processor alone: the machine may be busy with other things.
  const { user } = process.cpuUsage(start);
  assert.ok(user / 10_000 < 60, `${user / 10_000} ms`);
});

test('behind the last bracket of a JSON recipe nothing is offered, and nothing fails', () => {
  assert.deepEqual(offers('{\n  "name": "x",\n  "train": { "loss": "huber" }\n}|\n', { isJson: true }), []);
});

test('a word that goes on over the end of a line is replaced on its own line', () => {
  const text = 'train: { loss: "some\nm|ean" }\n';
  for (const { start, end } of offers(text)) {
    assert.ok(start <= end, `${start} to ${end}`);
  }
});
