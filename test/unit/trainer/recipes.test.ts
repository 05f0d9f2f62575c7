/** The shipped recipes: each is well-formed with its data beside it, and those over classes learn what they claim. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { dataFiles } from '../../../src/common/recipe/dataFiles.ts';
import { overrideRecipe } from '../../../src/common/recipe/override.ts';
import type { Evaluation } from '../../../src/common/run/events.ts';
import { NO_VERDICTS } from '../../../src/trainer/backends/verdicts.ts';
import { systemClock } from '../../../src/trainer/run/clock.ts';
import { trainRecipe } from '../../../src/trainer/trainRecipe.ts';
import { BACKENDS, canStart } from './support/startBackend.ts';
import { lastOf, makeRun } from './support/testRun.ts';
import { RECIPES, toRecipe } from './support/toRecipe.ts';

const files = readdirSync(RECIPES).filter((name) => name.endsWith('.recipe.yaml'));
const textOf = (file: string) => readFileSync(path.join(RECIPES, file), 'utf8');

test('every shipped recipe is accepted, described, and has its data beside it', () => {
  assert.ok(files.length >= 5, files.join());
  for (const file of files) {
    const recipe = toRecipe(textOf(file));
    assert.ok((recipe.description ?? '').length > 0, `${file} has no description`);
    for (const data of dataFiles(recipe)) {
      assert.ok(existsSync(path.join(RECIPES, data.file)), `${file}: ${data.file}`);
    }
  }
});

/** Trains a shipped recipe and gives what it found on the test rows. */
async function evaluate(
  t: TestContext,
  file: string,
  settings: { readonly device: string; readonly epochs?: number },
): Promise<Evaluation> {
  const run = makeRun(t, overrideRecipe(textOf(file), settings), '');
  const status = await trainRecipe({
    runFolder: run.folder,
    recipeFile: path.join(RECIPES, file),
    resume: false,
    moduleLimitMs: 60_000,
    backends: BACKENDS,
    verdicts: NO_VERDICTS,
    clock: systemClock,
    signal: new AbortController().signal,
    writer: { skillet: 'test', pid: process.pid, host: 'test' },
  });
  assert.equal(status, 'completed', JSON.stringify(run.events().at(-1)));
  const evaluation = lastOf(run.events(), 'evaluation');
  assert.ok(evaluation !== undefined);
  return evaluation;
}

test('the digits are told apart as Keras tells them, and the worst mistakes are kept as pictures', async (t) => {
  const { rows, metrics, predictions } = await evaluate(t, 'digits.recipe.yaml', { device: 'wasm' });
  // Ten seeds of Keras gave .935 to .958, thirty of a NumPy of its own .930 to .955.
  assert.ok((metrics.accuracy ?? 0) > 0.92 && (metrics.accuracy ?? 1) < 0.97, String(metrics.accuracy));
  assert.ok(rows === 355 && predictions.kind === 'classes');
  const { mistakes = [], image, confusion } = predictions;
  const wrong = confusion.flatMap((counts, row) => counts.filter((_, column) => column !== row));
  assert.equal(
    mistakes.length,
    Math.min(
      24,
      wrong.reduce((sum, count) => sum + count, 0),
    ),
  );
  assert.deepEqual(image, [8, 8, 1]);
  const csv = toRecipe(textOf('digits.recipe.yaml')).data;
  assert.deepEqual(csv.scale, { divide: 16 });
  for (const [place, { actual, predicted, probability, pixels = [] }] of mistakes.entries()) {
    assert.notEqual(actual, predicted);
    assert.ok(probability > 0.1 && probability <= (mistakes[place - 1]?.probability ?? 1));
    assert.ok(pixels.length === 64 && Math.max(...pixels) > 0.5 && pixels.every((value) => value >= 0 && value <= 1));
  }
});

test('three species of iris are told apart, and mistakes are kept with their values', async (t) => {
  const { metrics, predictions } = await evaluate(t, 'iris.recipe.yaml', { device: 'wasm' });
  assert.ok((metrics.accuracy ?? 0) >= 0.9, String(metrics.accuracy));
  assert.ok(predictions.kind === 'classes');
  assert.deepEqual(predictions.classes, ['setosa', 'versicolor', 'virginica']);
  const rows = readFileSync(path.join(RECIPES, 'data/iris.csv'), 'utf8').split('\n');
  for (const { row, values = [], actual } of predictions.mistakes ?? []) {
    assert.equal(rows[row], [...values.map((value) => value.toFixed(1)), predictions.classes[actual]].join(','));
  }
});

describe('convolutions over images train alike', () => {
  const accuracies: Record<string, unknown> = {};
  for (const device of ['wasm', 'tensorflow-cpu']) {
    test(`on ${device}`, async (t) => {
      if (await canStart(t, device)) {
        const { metrics } = await evaluate(t, 'digits-cnn.recipe.yaml', { device, epochs: 4 });
        accuracies[device] = metrics.accuracy;
        assert.ok((metrics.accuracy ?? 0) > 0.93, String(metrics.accuracy));
        const [first, ...others] = Object.values(accuracies) as number[];
        assert.ok(
          others.every((accuracy) => Math.abs(accuracy - (first ?? 0)) < 0.01),
          JSON.stringify(accuracies),
        );
      }
    });
  }
});
