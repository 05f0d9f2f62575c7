/** A run folder appears whole, or nothing appears. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SkilletError } from '../../../src/common/errors.ts';
import type { Overrides } from '../../../src/common/recipe/override.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { createRun, RefusedRecipe } from '../../../src/node/createRun.ts';
import { TINY_RECIPE, writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { tinyCsv, tinyJson } from '../../fixtures/tinyRecipe.ts';

const now = new Date(2026, 10, 24, 9, 5, 7);

/** What the refusal says: code, path and line of each problem. */
async function refusal(run: Promise<unknown>): Promise<string[]> {
  const error = await run.then(
    () => assert.fail('was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RefusedRecipe, String(error));
  return error.problems.map(({ code, path: field, range }) => `${code} ${field} ${range?.line ?? '-'}`);
}

async function folderFault(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => assert.fail('was not refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof SkilletError, String(error));
  assert.equal(error.code, 'run-folder');
  return error.message;
}

test('a recipe whose module is not there is refused on its line, and nothing is made', async (t) => {
  const recipeFile = writeTiny(
    tempFolder(t),
    TINY_RECIPE.replace(/model:[\s\S]*?train/, 'model: { module: ./own.mjs }\ntrain'),
  );
  const folder = path.dirname(recipeFile);
  const before = readdirSync(folder);
  assert.deepEqual(await refusal(createRun({ recipeFile, now })), ['recipe-module model.module 8']);
  assert.deepEqual(readdirSync(folder), before);
  writeFileSync(path.join(folder, 'own.mjs'), '');
  assert.equal((await createRun({ recipeFile, now })).recipeName, 'Tiny');
});

test('the folder stands beside the recipe, named by time and recipe, with the recipe as it was written', async (t) => {
  const folder = tempFolder(t);
  const run = await createRun({ recipeFile: writeTiny(folder), now });
  assert.deepEqual(run, { runFolder: path.join(folder, '.skillet/runs/20261124-090507-tiny'), recipeName: 'Tiny' });
  assert.deepEqual(readdirSync(run.runFolder).sort(), ['control.jsonl', 'recipe.yaml']);
  assert.equal(readFileSync(path.join(run.runFolder, 'recipe.yaml'), 'utf8'), TINY_RECIPE);
  assert.equal(readFileSync(path.join(run.runFolder, 'control.jsonl'), 'utf8'), '');
});

test('runs that start in the same second get folders of their own, even at the same moment', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder);
  const runs = await Promise.all(Array.from({ length: 5 }, () => createRun({ recipeFile, now })));
  const names = ['', '-2', '-3', '-4', '-5'].map((end) => `20261124-090507-tiny${end}`);
  assert.deepEqual(runs.map(({ runFolder }) => path.basename(runFolder)).sort(), names);
  assert.deepEqual(readdirSync(path.join(folder, '.skillet/runs')).sort(), names, 'no draft is left');
});

test('a name without Latin letters still gives a folder', async (t) => {
  const recipeFile = writeTiny(tempFolder(t), TINY_RECIPE.replace('name: Tiny', 'name: ../../料理'));
  const { runFolder, recipeName } = await createRun({ recipeFile, now });
  assert.equal(recipeName, '../../料理');
  assert.equal(path.basename(runFolder), '20261124-090507-run');
});

test("other values land in the run's recipe; the comments and the recipe itself stay", async (t) => {
  const recipeFile = writeTiny(tempFolder(t));
  const overrides = { params: { units: 7 }, epochs: 11, seed: 5, device: 'wasm' };
  const { runFolder } = await createRun({ recipeFile, overrides, now });
  const text = readFileSync(path.join(runFolder, 'recipe.yaml'), 'utf8');
  const { recipe } = parseRecipe(text);
  assert.equal(recipe?.params.units, 7);
  assert.deepEqual([recipe?.train.epochs, recipe?.train.seed, recipe?.train.device], [11, 5, 'wasm']);
  assert.match(text, /# kept/);
  assert.equal(readFileSync(recipeFile, 'utf8'), TINY_RECIPE);
});

test('what cannot be trained is refused, and nothing is left behind', async (t) => {
  const cases: [string, string, Overrides, string[]][] = [
    ['units: $units', 'units: 0', {}, ['recipe-out-of-range model[0].dense.units 9']],
    ['name: Tiny', 'name: [', {}, ['recipe-syntax']],
    ['csv: tiny.csv', 'csv: gone.csv', {}, ['data-not-found data.csv 4']],
    ['csv: tiny.csv', 'csv: .', {}, ['data-not-found data.csv 4']],
    ['', '', { params: { unit: 3 } }, ['recipe-unknown-param params.unit -']],
    ['', '', { params: { units: 'many' } }, ['recipe-wrong-type']],
    ['', '', { epochs: 0 }, ['recipe-out-of-range train.epochs']],
  ];
  for (const [piece, replacement, overrides, wanted] of cases) {
    const folder = tempFolder(t);
    assert.ok(TINY_RECIPE.includes(piece));
    const recipeFile = writeTiny(
      folder,
      TINY_RECIPE.replace(piece, () => replacement),
    );
    const told = await refusal(createRun({ recipeFile, now, overrides }));
    assert.equal(told.length, wanted.length, told.join('; '));
    for (const [index, start] of wanted.entries()) {
      assert.ok(told[index]?.startsWith(start), `${told[index]} is not ${start}`);
    }
    assert.deepEqual(readdirSync(folder).sort(), ['tiny.csv', 'tiny.recipe.yaml']);
  }
});

test('a recipe that is not there is refused by name', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = path.join(folder, 'gone.recipe.yaml');
  assert.deepEqual(await refusal(createRun({ recipeFile, now })), ['recipe-unreadable recipe -']);
  assert.deepEqual(readdirSync(folder), []);
});

test('a file in the way of the runs is told as a folder that cannot be written', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder);
  writeFileSync(path.join(folder, '.skillet'), '');
  assert.match(await folderFault(createRun({ recipeFile, now })), /cannot be written/);
  assert.match(await folderFault(createRun({ recipeFile, now, runsFolder: recipeFile })), /cannot be written/);
  assert.deepEqual(readdirSync(folder).sort(), ['.skillet', 'tiny.csv', 'tiny.recipe.yaml']);
});

test('the run goes into the folder that is named, when that is free', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder);
  const fresh = path.join(folder, 'deep/down/run');
  assert.equal((await createRun({ recipeFile, now, runFolder: fresh })).runFolder, fresh);
  assert.ok(existsSync(path.join(fresh, 'recipe.yaml')));
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  assert.equal((await createRun({ recipeFile, now, runFolder: empty })).runFolder, empty);
  assert.ok(existsSync(path.join(empty, 'recipe.yaml')));
  const other = path.join(folder, 'runs');
  const { runFolder } = await createRun({ recipeFile, now, runsFolder: other });
  assert.equal(path.dirname(runFolder), other);
});

test('a folder with something in it, or a file, is not taken for a run', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder);
  const full = path.join(folder, 'full');
  mkdirSync(full);
  writeFileSync(path.join(full, 'mine.txt'), 'mine');
  assert.match(await folderFault(createRun({ recipeFile, now, runFolder: full })), /not empty/);
  assert.match(
    await folderFault(createRun({ recipeFile, now, runFolder: path.join(full, 'mine.txt') })),
    /there already/,
  );
  assert.deepEqual(readdirSync(full), ['mine.txt']);
  assert.equal(readFileSync(path.join(full, 'mine.txt'), 'utf8'), 'mine');
  assert.deepEqual(readdirSync(folder).sort(), ['full', 'tiny.csv', 'tiny.recipe.yaml']);
});

test('a recipe in JSON becomes a run like any other', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = path.join(folder, 'tiny.recipe.json');
  writeFileSync(recipeFile, tinyJson);
  writeFileSync(path.join(folder, 'tiny.csv'), tinyCsv);
  const { runFolder } = await createRun({ recipeFile, overrides: { epochs: 7, params: { units: 9 } }, now });
  const text = readFileSync(path.join(runFolder, 'recipe.yaml'), 'utf8');
  const { recipe } = parseRecipe(text);
  assert.deepEqual([recipe?.params.units, recipe?.train.epochs, recipe?.train.device], [9, 7, 'js']);
  assert.equal(JSON.parse(text).train.epochs, 7);
  assert.equal(readFileSync(recipeFile, 'utf8'), tinyJson);
});

test('what a killed process left half-made goes with a later run; what another is making stays', async (t) => {
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder);
  const runs = path.join(folder, '.skillet/runs');
  const names = [7_200_000, 60_000].map((ageMs) => `.new-4711-${now.getTime() - ageMs}-1`);
  for (const name of [...names, '.new-notes']) {
    mkdirSync(path.join(runs, name, 'fork'), { recursive: true });
  }
  await createRun({ recipeFile, now });
  assert.deepEqual(
    readdirSync(runs).filter((name) => name.startsWith('.')),
    [names[1], '.new-notes'],
  );
});
