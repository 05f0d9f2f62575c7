/** Run folders appear whole or not at all. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Problem } from '../../../src/common/errors.ts';
import { createRun } from '../../../src/node/createRun.ts';
import { writeTinyRecipe } from '../support/tinyRecipe.ts';
import { tinyRecipe } from '../support/tinyText.ts';

const now = new Date(2026, 10, 24, 12, 15, 0);

/** What a refused recipe is told, as code and line. */
async function refusal(recipeFile: string, part: Partial<Parameters<typeof createRun>[0]> = {}): Promise<string[]> {
  const error = await createRun({ recipeFile, now, ...part }).then(
    () => assert.fail('it was not refused'),
    (reason: { problems?: Problem[] }) => reason,
  );
  return (error.problems ?? []).map((problem) => `${problem.code} ${problem.path} ${problem.range?.line ?? '-'}`);
}

test('a run gets a folder named by time and recipe, with the recipe in it', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const { runFolder } = await createRun({ recipeFile, now });
  assert.equal(path.relative(path.dirname(recipeFile), runFolder), '.skillet/runs/20261124-121500-tiny');
  assert.equal(readFileSync(path.join(runFolder, 'recipe.yaml'), 'utf8'), tinyRecipe);
});

test('two runs in the same second get folders of their own', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const runs = await Promise.all([1, 2, 3].map(() => createRun({ recipeFile, now })));
  assert.equal(new Set(runs.map(({ runFolder }) => runFolder)).size, 3);
  assert.equal(readdirSync(path.dirname(runs[0]?.runFolder ?? '')).length, 3);
});

test('overrides are filled into the recipe of the run, not into the file', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const { runFolder } = await createRun({ recipeFile, now, overrides: { params: { units: 9 }, epochs: 7, seed: 5 } });
  const text = readFileSync(path.join(runFolder, 'recipe.yaml'), 'utf8');
  assert.match(text, /units: 9/);
  assert.match(text, /epochs: 7.*seed: 5/);
  assert.equal(readFileSync(recipeFile, 'utf8'), tinyRecipe);
});

test('a faulty recipe, a missing recipe, missing data and an unknown parameter are refused, and nothing is left behind', async (t) => {
  const recipeFile = writeTinyRecipe(t, { recipe: tinyRecipe.replace('units: 1', 'unit: 1') });
  assert.deepEqual(await refusal(recipeFile), ['recipe-unknown-key model[1].dense.unit 6']);
  const good = writeTinyRecipe(t, { recipe: tinyRecipe.replace('tiny.csv', 'gone.csv') });
  assert.deepEqual(await refusal(good), ['data-not-found data.csv 3']);
  assert.deepEqual(await refusal(good, { overrides: { params: { unit: 1 } } }), ['recipe-unknown-param params.unit -']);
  assert.deepEqual(await refusal(`${good}.gone`), ['recipe-unreadable recipe -']);
  for (const file of [recipeFile, good]) {
    assert.deepEqual(readdirSync(path.dirname(file)).sort(), ['tiny.csv', 'tiny.recipe.yaml']);
  }
});

test('a folder that cannot be written is told with the remedy, and nothing is left behind', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const inTheWay = path.join(path.dirname(recipeFile), 'file');
  writeFileSync(inTheWay, '');
  await assert.rejects(createRun({ recipeFile, now, runsFolder: path.join(inTheWay, 'runs') }), {
    name: 'SkilletError',
    code: 'run-folder',
    remedy: /another folder/,
  });
  assert.deepEqual(readdirSync(path.dirname(recipeFile)).sort(), ['file', 'tiny.csv', 'tiny.recipe.yaml']);
});

test('a run folder that holds something is not overwritten', async (t) => {
  const recipeFile = writeTinyRecipe(t);
  const runFolder = path.join(path.dirname(recipeFile), 'mine');
  mkdirSync(runFolder);
  writeFileSync(path.join(runFolder, 'keep'), 'me');
  await assert.rejects(createRun({ recipeFile, now, runFolder }), { code: 'run-folder', path: runFolder });
  assert.deepEqual(readdirSync(runFolder), ['keep']);
  assert.deepEqual(readdirSync(path.dirname(recipeFile)).sort(), ['mine', 'tiny.csv', 'tiny.recipe.yaml']);
});
