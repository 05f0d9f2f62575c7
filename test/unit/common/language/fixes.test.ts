/** What mends each kind of problem, in YAML of both styles and in JSON. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Fix } from '../../../../src/common/errors.ts';
import { checkColumns } from '../../../../src/common/recipe/language/checkColumns.ts';
import { fixAll } from '../../../../src/common/recipe/language/fixAll.ts';
import { fixesFor } from '../../../../src/common/recipe/language/fixes.ts';
import { applyEdits, readRecipeText } from '../../../../src/common/recipe/language/recipeText.ts';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';

const boston = readFileSync(
  path.resolve(import.meta.dirname, '../../../../recipes/boston-housing.recipe.yaml'),
  'utf8',
);

function spoiled(piece: string, replacement: string, text = boston): string {
  assert.ok(text.includes(piece), piece);
  return text.replace(piece, () => replacement);
}

/** The text with a fix made. */
function mended(text: string, { edits }: Fix): string {
  const lines = text.split('\n');
  const offset = (line: number, column: number) =>
    lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  return applyEdits(
    text,
    edits.map(({ range, text: piece }) => ({
      start: offset(range.line, range.column),
      end: offset(range.endLine, range.endColumn),
      text: piece,
    })),
  );
}

/** Title of each fix of the first problem, with the text that it leaves. */
function fixes(text: string, columns: readonly string[] = []): Map<string, string> {
  const recipe = readRecipeText(text);
  const [problem] = [...parseRecipe(text).problems, ...checkColumns(recipe, columns)];
  assert.ok(problem, 'nothing is wrong');
  return new Map(fixesFor(recipe, problem, columns).map((fix) => [fix.title, mended(text, fix)]));
}

test('a range of columns is checked by all its columns', () => {
  const recipe = readRecipeText('data: { csv: a.csv, target: y, features: [p0..p2], test: { every: 2, by: z } }\n');
  const strange = (...columns: string[]) =>
    checkColumns(recipe, columns).map(({ path, message }) => [path, message.split(' ')[0]]);
  assert.deepEqual(strange('p0', 'p1', 'p2', 'y', 'z'), []);
  assert.deepEqual(strange('p0', 'p1', 'y'), [
    ['data.features[0]', '"p2"'],
    ['data.test.by', '"z"'],
  ]);
});

test('a misspelt key becomes the nearest one, or is removed with its line', () => {
  const found = fixes(spoiled('batchSize: 50', 'batchsize: 50'));
  assert.deepEqual([...found.keys()], ['Change to batchSize', 'Remove batchsize']);
  assert.equal(found.get('Change to batchSize'), boston);
  assert.equal(found.get('Remove batchsize'), boston.replace('  batchSize: 50\n', ''));
});

test('an unknown key in braces is removed with its comma', () => {
  const text = spoiled('{ name: dense3, units: 1,', '{ name: dense3, colour: red, units: 1,');
  assert.equal(fixes(text).get('Remove colour'), boston);
  const last = spoiled('seed: 113 }', 'seed: 113, sead: 1 }');
  assert.equal(fixes(last).get('Remove sead'), boston);
});

test('a missing key is put in at the right indentation and in the style of its group', () => {
  const text = spoiled('  loss: meanSquaredError\n', '');
  assert.match(
    fixes(text).get('Add loss: meanSquaredError') ?? '',
    /\n {2}device: auto #[^\n]*\n {2}loss: meanSquaredError\n# A study/,
  );
  const braces = spoiled('units: 1, ', '');
  assert.match(fixes(braces).get('Add units: 64') ?? '', /\{ name: dense3, kernelInitializer: \*small, units: 64 \}/);
  assert.match(
    fixes(spoiled('model:\n', 'model:\n  - lstm\n')).get('Write lstm with its settings') ?? '',
    /\n {2}- lstm: \{ units: 64 \}\n/,
  );
  assert.match(
    fixes('name: x\nmodel: [dense: { units: 1 }]\ndata: { csv: a, target: y }\n').get(
      'Add train: { loss: meanSquaredError }',
    ) ?? '',
    /\ntrain: \{ loss: meanSquaredError \}\n$/,
  );
});

test('a value of the wrong type is converted, also where a parameter gives it', () => {
  assert.equal(fixes(spoiled('batchSize: 50', 'batchSize: "50"')).get('Change to 50'), boston);
  assert.equal(fixes(spoiled('centered: true', 'centered: yes')).get('Change to true'), boston);
  assert.equal(fixes(spoiled('metrics: [rmse]', 'metrics: rmse')).get('Change to [rmse]'), boston);
  assert.equal(fixes(spoiled('units: 64,', 'units: "64",')).get('Change to 64'), boston);
  assert.match(fixes(spoiled('target: medv', 'target: 5')).get('Change to "5"') ?? '', /target: "5"\n/);
});

test('a bare word that needs settings gets them', () => {
  const text = spoiled('learningRate: $learningRate', 'learningRate: cosineDecay');
  assert.match(
    fixes(text).get('Write cosineDecay with its settings') ?? '',
    /learningRate: \{ cosineDecay: \{ initialLearningRate: 0.001, decaySteps: 1000 \} \}/,
  );
});

test('a misspelt word, parameter, layer or column becomes the nearest one', () => {
  assert.equal(
    fixes(spoiled('activation: relu, kernelInitializer: *', 'activation: rellu, kernelInitializer: *')).get(
      'Change to relu',
    ),
    boston,
  );
  assert.equal(
    fixes(spoiled('learningRate: $learningRate', 'learningRate: $learningrate')).get('Change to $learningRate'),
    boston,
  );
  const inputs = spoiled('{ name: dense3,', '{ name: dense3, inputs: dense2,');
  assert.equal(fixes(spoiled('inputs: dense2', 'inputs: dens2', inputs)).get('Change to dense2'), inputs);
  const columns = ['crim', 'medv'];
  assert.equal(fixes(spoiled('target: medv', 'target: medw'), columns).get('Change to medv'), boston);
});

test('a parameter without an entry is added under params, which is made where it is missing', () => {
  const text = spoiled('batchSize: 50', 'batchSize: $rows');
  assert.match(
    fixes(text).get('Add rows: 32 under params') ?? '',
    /params: \{ units: 64, learningRate: 0.001, rows: 32 \}/,
  );
  const none = 'name: x\ndata: { csv: a, target: y }\nmodel:\n  - dense: { units: $width }\ntrain: { loss: huber }\n';
  assert.match(fixes(none).get('Add width: 64 under params') ?? '', /^name: x\nparams: \{ width: 64 \}\ndata/);
});

test('units, activation, metric and split that do not fit are set to what fits', () => {
  assert.equal(fixes(spoiled('units: 1,', 'units: 4,')).get('Set units: 1'), boston);
  const classes = spoiled('loss: meanSquaredError', 'loss: binaryCrossentropy').replace('[rmse]', '[accuracy]');
  assert.match(
    fixes(classes).get('Set activation: sigmoid') ?? '',
    /kernelInitializer: \*small, activation: sigmoid \}/,
  );
  assert.equal(fixes(spoiled('[rmse]', '[accuracy]')).get('Set metrics: rmse'), boston);
  const stop = spoiled('seed: 0\n', 'seed: 0\n  earlyStopping: { patience: 3 }\n');
  assert.match(fixes(stop).get('Set validationSplit: 0.2') ?? '', /\n {2}validationSplit: 0.2\n/);
});

test('a number outside its range goes to the limit; a name that is taken to a free one', () => {
  assert.match(fixes(spoiled('epochs: 100', 'epochs: 0')).get('Change to 1') ?? '', /epochs: 1\n/);
  assert.match(fixes(spoiled('name: dense2', 'name: dense1')).get('Name it dense2') ?? '', /name: dense2/);
});

test('in JSON what is put in is JSON', () => {
  const json = (train: string, extra = '') =>
    `{\n  "name": "x",${extra}\n  "data": { "csv": "a", "target": "y" },\n  "model": [{ "dense": { "units": 1 } }],\n  "train": {\n    ${train}\n  }\n}\n`;
  const good = json('"loss": "huber"');
  assert.deepEqual(parseRecipe(good).problems, []);
  assert.equal(fixes(json('"los": "huber"')).get('Change to loss'), good);
  assert.equal(fixes(json('"loss": "hubar"')).get('Change to huber'), good);
  const missing = fixes(json('"epochs": 3')).get('Add loss: "meanSquaredError"') ?? '';
  assert.deepEqual(JSON.parse(missing).train, { epochs: 3, loss: 'meanSquaredError' });
  assert.match(missing, /"epochs": 3,\n {4}"loss"/);
  const removed = fixes(json('"loss": "huber",\n    "colour": 1')).get('Remove colour');
  assert.deepEqual(JSON.parse(removed ?? ''), JSON.parse(good));
  const param = fixes(json('"loss": "huber", "epochs": "$rounds"')).get('Add rounds: 10 under params') ?? '';
  assert.deepEqual(JSON.parse(param).params, { rounds: 10 });
});

test('all sure mistakes are mended at once, and what is not sure is left', () => {
  const text = boston
    .replace('batchSize', 'batchsize')
    .replace('loss:', 'los:')
    .replace('units: 64,', 'units: "64",')
    .replace('activation: relu', 'activation: rellu')
    .replace('target: medv', 'target: medw');
  assert.equal(fixAll(text, ['medv']), boston);
  const unsure = spoiled('seed: 0\n', 'seed: 0\n  colour: red\n');
  assert.equal(fixAll(unsure), unsure);
  assert.equal(fixAll('data: {'), 'data: {');
});

test('lines that end as on Windows keep their ends', () => {
  const text = spoiled('  loss: meanSquaredError\n', '').replaceAll('\n', '\r\n');
  const found = fixes(text).get('Add loss: meanSquaredError') ?? '';
  assert.doesNotMatch(found, /[^\r]\n/);
});
