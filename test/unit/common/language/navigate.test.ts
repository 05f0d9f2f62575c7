/** Names in recipes: where they come from, where they are used, how they are renamed; hovers and the outline. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { hoverAt } from '../../../../src/common/recipe/language/hover.ts';
import { definitionAt, nameAt, placesOf } from '../../../../src/common/recipe/language/navigate.ts';
import { outlineOf } from '../../../../src/common/recipe/language/outline.ts';
import { applyEdits, readRecipeText, type Span } from '../../../../src/common/recipe/language/recipeText.ts';
import { rename } from '../../../../src/common/recipe/language/rename.ts';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import { longRecipe } from './longRecipe.ts';

const boston = readFileSync(
  path.resolve(import.meta.dirname, '../../../../recipes/boston-housing.recipe.yaml'),
  'utf8',
);
const json = `{
  "name": "x",
  "params": { "units": 8 },
  "data": { "csv": "a", "target": "y" },
  "model": [
    { "dense": { "name": "left", "units": "$units" } },
    { "dense": { "units": "$units", "inputs": "input" } },
    { "concatenate": { "inputs": ["left", "dense1"] } },
    { "dense": { "units": 1 } }
  ],
  "train": { "loss": "huber" }
}
`;

/** Text and line of a span. */
const shown = (text: string, span: Span | null) =>
  span === null ? null : `${text.slice(0, span.start).split('\n').length}:${text.slice(span.start, span.end)}`;

const offsetOf = (text: string, piece: string, within = 0) => {
  assert.ok(text.includes(piece), piece);
  return text.indexOf(piece) + within;
};

const definition = (text: string, piece: string, within = 1) =>
  shown(text, definitionAt(readRecipeText(text), offsetOf(text, piece, within)));

test('a parameter leads to its entry, a layer that is read to its name or its word, an alias to its anchor', () => {
  assert.equal(definition(boston, '$units, activation'), '4:units');
  assert.equal(definition(json, '"$units"', 3), '3:units');
  assert.equal(definition(json, '"left", "dense1"', 2), '6:left');
  assert.equal(definition(json, '"dense1"', 2), '7:dense');
  assert.equal(definition(json, '"input"', 2), '4:"data"');
  assert.match(definition(boston, '*small') ?? '', /^12:\{ randomUniform/);
  assert.equal(definition(boston, 'batchSize'), null);
});

test('all places of a name are found from each of them', () => {
  const places = (text: string, piece: string, within = 1) => {
    const recipe = readRecipeText(text);
    const name = nameAt(recipe, offsetOf(text, piece, within));
    return name === null ? [] : placesOf(recipe, name).map((span) => shown(text, span));
  };
  const all = ['4:units', '12:units', '13:units'];
  assert.deepEqual(places(boston, 'units: 64'), all);
  assert.deepEqual(places(boston, '$units, activation'), all);
  assert.deepEqual(places(json, '"left"', 2), ['6:left', '8:left']);
});

const renamed = (text: string, piece: string, name: string, within = 1) => {
  const result = rename(readRecipeText(text), offsetOf(text, piece, within), name);
  return 'refusal' in result ? result.refusal : applyEdits(text, result.edits);
};

test('a parameter is renamed in its entry, in all uses and in a study', () => {
  const text = `${boston}tune:\n  params: { units: { int: [8, 64] } }\n`;
  const result = renamed(text, '$units, a', '$width');
  assert.equal(
    result,
    text
      .replace('{ units: 64', '{ width: 64')
      .replaceAll('$units, a', '$width, a')
      .replace('\n  params: { units: {', '\n  params: { width: {'),
  );
  assert.equal(
    renamed(boston, 'units: 64', 'width'),
    boston.replace('{ units: 64', '{ width: 64').replaceAll('$units, a', '$width, a'),
  );
});

test('a layer is renamed with the inputs that read it, in JSON with its quotes', () => {
  assert.equal(renamed(json, '"left"', 'right', 2), json.replaceAll('"left"', '"right"'));
});

test('names that are taken and names that are none are refused', () => {
  assert.match(renamed(boston, 'units: 64', 'learningRate'), /^There is a parameter learningRate already\./);
  assert.match(renamed(boston, 'units: 64', '2nd'), /^"2nd" is no name for a parameter/);
  assert.match(renamed(boston, 'dense1', 'dense2'), /already the name of another layer/);
  assert.match(renamed(boston, 'dense1', 'input'), /already the name of the data itself/);
  assert.match(renamed(boston, 'dense1', 'a b'), /is no name for a layer/);
  assert.match(renamed(json, '"dense1"', 'b', 2), /named by its type and number/);
  assert.match(renamed(json, '"input"', 'b', 2), /keeps its name/);
  assert.match(renamed(boston, 'batchSize', 'b'), /^Only parameters and layers/);
});

test('the outline lists params, data, layers by name and training', () => {
  const outline = outlineOf(readRecipeText(json));
  assert.deepEqual(
    outline.map(({ name, children }) => `${name}: ${children.map((child) => child.name).join(' ')}`),
    ['name: ', 'params: units', 'data: csv target', 'model: left dense1 concatenate1 dense2', 'train: loss'],
  );
  assert.ok(outlineOf(readRecipeText('data:\n  csv: a\n  tar\ntrain: {')).length > 0);
});

const hover = (text: string, piece: string, within = 1) =>
  hoverAt(readRecipeText(text), offsetOf(text, piece, within), parseRecipe(text).graph);

test('a key tells meaning, kind, range, unit, default and its section of the reference', () => {
  const found = hover(boston, 'batchSize');
  assert.match(
    found?.markdown ?? '',
    /\*\*batchSize\*\*\n\nRows of one update\.\n\n\*whole number, ≥ 1, in rows · 32 when absent\*/,
  );
  assert.equal(found?.section, 'train');
  assert.equal(hover(boston, 'units: $units')?.section, 'dense');
  assert.equal(hover(boston, 'permutation')?.section, 'datatest-with-rows');
  assert.match(hover(boston, 'loss: mean')?.markdown ?? '', /required/);
});

test('a value tells what its word means, a parameter its value', () => {
  assert.match(hover(boston, 'standard #')?.markdown ?? '', /mean 0 and standard deviation 1/);
  assert.match(hover(boston, 'relu')?.markdown ?? '', /max\(0, x\)/);
  assert.match(hover(boston, '[rmse]', 2)?.markdown ?? '', /Root of the mean squared error/);
  assert.match(hover(boston, '$units, a')?.markdown ?? '', /\*\*`\$units`\*\* is `64`/);
  assert.match(hover(boston, 'units: 64')?.markdown ?? '', /used 2 times/);
  assert.match(hover(boston, '100')?.markdown ?? '', /How often all training rows/);
  assert.equal(hover(boston, '# mean and'), null);
});

test('a layer tells what it reads and gives, and its parameters', () => {
  const found = hover(boston, 'dense: { name: dense2')?.markdown ?? '';
  assert.match(found, /weighted sum/);
  assert.match(found, /Reads dense1 \[64\], gives \*\*\[64\]\*\*\. 4,160 parameters\./);
  assert.match(hover(boston, 'dense2')?.markdown ?? '', /4,160 parameters/);
  assert.match(hover(json, '"left", ', 2)?.markdown ?? '', /gives \*\*\[8\]\*\*/);
});

test('a hover in a recipe of 300 lines takes a few milliseconds', () => {
  const text = longRecipe(300);
  const graph = parseRecipe(text).graph;
  hoverAt(readRecipeText(text), 100, graph);
  const start = process.cpuUsage();
  for (let round = 0; round < 10; round += 1) {
    hoverAt(readRecipeText(text), text.lastIndexOf('relu'), graph);
  }
  const { user } = process.cpuUsage(start);
  assert.ok(user / 10_000 < 60, `${user / 10_000} ms`);
});
