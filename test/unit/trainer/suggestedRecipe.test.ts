/** A recipe that was made from a data file parses without a fault, says why, and trains as it is. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { findBlockers, type RecipeChoices, suggestChoices } from '../../../src/common/recipe/suggestChoices.ts';
import { suggestRecipe } from '../../../src/common/recipe/suggestRecipe.ts';
import { profileCsv } from '../../../src/node/data/profileCsv.ts';
import { flowersCsv, messyCsv, seriesCsv } from '../../fixtures/sampleData.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { lastOf, makeRun } from './support/testRun.ts';
import { RECIPES } from './support/toRecipe.ts';

type Wanted = Parameters<typeof suggestChoices>[2];

async function suggest(t: TestContext, csv: string, wanted: Wanted = {}) {
  const file = path.join(tempFolder(t), 'data.csv');
  writeFileSync(file, csv);
  const profile = await profileCsv(file);
  const choices = suggestChoices(profile, 'data.csv', wanted);
  return { profile, choices, text: suggestRecipe(profile, choices) };
}

/** Trains three epochs, and gives the test metrics. */
async function train(t: TestContext, text: string, csv: string) {
  const { problems } = parseRecipe(text);
  assert.deepEqual(problems, [], text);
  const run = makeRun(t, text.replace(/epochs: \d+/, 'epochs: 3').replace('device: auto', 'device: js'), csv);
  assert.equal(await run.train(), 'completed', JSON.stringify(lastOf(run.events(), 'runEnd')));
  const start = lastOf(run.events(), 'runStart');
  return { data: start?.data, metrics: Object.keys(lastOf(run.events(), 'evaluation')?.metrics ?? {}) };
}

const picked = ({ target, task, leaveOut }: RecipeChoices) => ({ target, task, leaveOut });

test('the Boston file becomes a regression on its last column', async (t) => {
  const csv = readFileSync(path.join(RECIPES, 'data/boston_housing.csv'), 'utf8');
  const { choices, text } = await suggest(t, csv);
  assert.deepEqual(picked(choices), { target: 'medv', task: 'regression', leaveOut: [] });
  assert.match(text, /\n {2}scale: standard # inputs range from 0 to 711\n/);
  const { data, metrics } = await train(t, text, csv);
  assert.deepEqual([data?.features.length, data?.testRows], [13, 101]);
  assert.deepEqual(metrics.toSorted(), ['mae', 'rmse']);
});

test('words as target become classes, one output each', async (t) => {
  const { choices, text } = await suggest(t, flowersCsv);
  assert.deepEqual(picked(choices), { target: 'species', task: 'classification', leaveOut: [] });
  assert.match(text, /dense: \{ units: 3, activation: softmax \}/);
  const { data, metrics } = await train(t, text, flowersCsv);
  assert.deepEqual(data?.classes, ['setosa', 'versicolor', 'virginica']);
  assert.ok(metrics.includes('accuracy'));
});

test('two classes end with one sigmoid', async (t) => {
  const csv = flowersCsv.replaceAll('virginica', 'setosa');
  const { text } = await suggest(t, csv);
  assert.match(text, /loss: binaryCrossentropy/);
  assert.deepEqual((await train(t, text, csv)).data?.classes, ['setosa', 'versicolor']);
});

test('an even series becomes a forecast that looks a year back and tests on its end', async (t) => {
  const { choices, text } = await suggest(t, seriesCsv);
  assert.deepEqual(picked(choices), { target: 'sales', task: 'forecast', leaveOut: [] });
  assert.match(text, /test: \{ time: month, fraction: 0\.2 \}/);
  assert.match(text, /lookback: 12 /);
  const { data } = await train(t, text, seriesCsv);
  assert.deepEqual([data?.features, data?.targets, data?.testRows], [['sales'], ['sales'], 22]);
});

test('a year in the last place is not what is to be predicted', async (t) => {
  const csv = `sales,year\n${Array.from({ length: 60 }, (_, i) => `${(i * 7) % 31},${2000 + (i % 12)}`).join('\n')}\n`;
  const { choices, text } = await suggest(t, csv.replace('sales', 'amount'));
  assert.equal(choices.target, 'amount');
  assert.match(text, /the last column that is no date/);
});

test('a single column of numbers is told from its own past', async (t) => {
  const csv = `x\n${Array.from({ length: 80 }, (_, i) => Math.sin(i / 5).toFixed(3)).join('\n')}\n`;
  const { choices, text } = await suggest(t, csv);
  assert.equal(choices.task, 'forecast');
  assert.match(text, /permutation: none/);
  await train(t, text, csv);
});

test('of a messy file the useless columns are left out, each with its reason, and the rest trains', async (t) => {
  const { choices, text } = await suggest(t, messyCsv, { target: 'price, net' });
  assert.deepEqual(picked(choices), {
    target: 'price, net',
    task: 'regression',
    leaveOut: ['', 'country', 'remark', '$code', 'price in cents'],
  });
  for (const reason of [
    /# - country: every row has NL\n/,
    /# - remark: it has 200 different texts\n|# - remark: every row has another value\n/,
    /# - \$code: a name that begins with \$/,
    /# - price in cents: it says the same as the target/,
    /missing: drop # rows that lack a value are left out; missing: /,
  ]) {
    assert.match(text, reason);
  }
  const { data } = await train(t, text, messyCsv);
  assert.ok(data?.features.includes('colour: outside=green: pale'), data?.features.join());
});

test('every target of the messy file, with every task that it allows, gives a recipe that trains', async (t) => {
  for (const target of ['colour: outside', 'area #1', 'storeys', 'rating', 'yes']) {
    const { text } = await suggest(t, messyCsv, { target });
    await train(t, text, messyCsv);
  }
  for (const task of ['regression', 'classification', 'forecast'] as const) {
    const { text } = await suggest(t, messyCsv, { target: 'rating', task });
    await train(t, text, messyCsv);
  }
});

test('of a file that was read in part, the recipe says so and minds what it has not seen', async (t) => {
  const csv = `a,y\n${Array.from({ length: 2_000 }, (_, i) => `${(i * 7) % 31},${i === 1_990 ? 'NA' : 'no'.repeat(60 + (i % 2))}`).join('\n')}\n`;
  const file = path.join(tempFolder(t), 'data.csv');
  writeFileSync(file, csv);
  const profile = await profileCsv(file, { maxBytes: 70_000 });
  assert.ok(profile.share < 1);
  const text = suggestRecipe(profile, suggestChoices(profile, 'data.csv'));
  assert.match(text, /# 2 classes in the part that was read/);
  assert.match(text, /missing: drop # .*none was seen/);
  await train(t, text, csv);
});

test('a file that cannot be trained on is told by what it lacks', async (t) => {
  const blockersOf = async (csv: string) => {
    const file = path.join(tempFolder(t), 'data.csv');
    writeFileSync(file, csv);
    return findBlockers(await profileCsv(file)).map(({ message }) => message);
  };
  const rows = (row: string) => `${row}\n`.repeat(12);
  assert.match((await blockersOf(rows('5.1,3.5,1')))[0] ?? '', /no header/);
  assert.match((await blockersOf(`a,a\n${rows('5.1,3.5')}`)).join(), /Two columns are called "a"/);
  assert.match((await blockersOf('a,y\n1,2\n2,3\n')).join(), /2 rows: too few/);
  assert.match((await blockersOf(`a,y\n${rows('NL,x')}`)).join(), /No column can be predicted/);
  assert.match((await blockersOf(`a b c\n${rows('1 2.5 x')}`)).join(), /parted by blanks/);
  assert.deepEqual(await blockersOf(flowersCsv), []);
});
