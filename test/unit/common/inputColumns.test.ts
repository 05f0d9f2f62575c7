/** Which columns are inputs, and so the width that hovers show of the network. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inputColumns } from '../../../src/common/recipe/inputColumns.ts';
import { dataGraph } from '../../../src/common/recipe/language/dataGraph.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';

const RECIPES = path.resolve(import.meta.dirname, '../../../recipes');

function inputsOf(data: string, header: string): string {
  const { recipe, problems } = parseRecipe(
    `{ name: A, data: { csv: a.csv, target: y, ${data} }, model: [{ lstm: { units: 1 } }, { dense: { units: 1 } }], train: { loss: huber } }`,
  );
  assert.ok(recipe !== null, JSON.stringify(problems));
  return inputColumns(recipe.data, header.split(',')).join();
}

test('what orders or marks rows is no input, and of a series the target is one', () => {
  assert.equal(inputsOf('lookback: 2', ',a,y'), 'a,y');
  assert.equal(inputsOf('lookback: 2, time: month', 'month,a,y'), 'a,y');
  assert.equal(inputsOf('lookback: 2, test: { time: month, rows: 3 }', 'month,a,y'), 'a,y');
  assert.equal(inputsOf('lookback: 2, features: [a]', 'month,a,y'), 'a');
});

test('a hover shows the width of the input that the trainer will have', () => {
  const widths = ['shampoo', 'shampoo-book', 'air-passengers'].map((name) => {
    const parsed = parseRecipe(readFileSync(path.join(RECIPES, `${name}.recipe.yaml`), 'utf8'));
    const csv = readFileSync(path.join(RECIPES, parsed.recipe?.data.csv ?? ''), 'utf8');
    const header = (csv.split('\n')[0] ?? '').trim().replaceAll('"', '').split(',');
    return dataGraph(parsed, header)?.nodes[0]?.outputShape;
  });
  assert.deepEqual(widths, [
    [2, 1],
    [4, 1],
    [12, 1],
  ]);
});
