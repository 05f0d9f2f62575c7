/** What is said of real runs: of the shipped recipes' recordings, and of runs that were provoked to go wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyEdits, readRecipeText } from '../../../../src/common/recipe/language/recipeText.ts';
import { settingEdits } from '../../../../src/common/recipe/language/settingEdits.ts';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import type { Recipe } from '../../../../src/common/recipe/schema.ts';
import { diagnose } from '../../../../src/common/run/diagnosis/diagnose.ts';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../../src/common/run/reduceRun.ts';
import { provokedRuns, readRecipe } from '../../../fixtures/provoked.ts';
import { recordings } from '../../../fixtures/recordings.ts';

/**
 * Judged by eye. Languages with attention: the validation loss rises in each of the nine epochs after the 16th. The
 * book's shampoo: the loss of the four training sequences is the same from epoch 7 to 50, and the last month repeated
 * foretells better, as the recipe's own comment says.
 */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  'air-passengers': [],
  'boston-housing': [],
  digits: [],
  'digits-cnn': [],
  iris: [],
  languages: [],
  'languages-attention': ['warning overfitting train.epochs 16'],
  shampoo: [],
  'shampoo-book': ['warning no-better-than-baseline model null', 'information plateau train.epochs 7'],
};

const PROVOKED: Readonly<Record<string, readonly string[]>> = {
  'dead-units': ['warning dead-units model[1].dense 1'],
  diverging: ['warning divergence train.optimizer.sgd.learningRate 10'],
  'few-validation': ['information validation-noise train.validationSplit null'],
  healthy: [],
  'never-predicted': ['warning class-never-predicted data.target null'],
  'not-finite': ['error not-finite train.optimizer.sgd.learningRate 1'],
  'not-finite-lstm': ['error not-finite train.optimizer.sgd.learningRate 4'],
  'overfit-classes': ['warning overfitting train.epochs 9'],
  'overfit-values': ['information overfitting train.epochs 139'],
  'rate-high-adam': ['warning rate-too-high train.optimizer.adam.learningRate 1'],
  'rate-high-rmsprop': ['warning rate-too-high train.optimizer.rmsprop.learningRate 19'],
  'rate-low': ['warning rate-too-low train.optimizer.adam.learningRate 1'],
  'rate-low-sgd': ['warning rate-too-low train.optimizer.sgd.learningRate 1'],
  'stuck-classes': ['warning rate-too-high train.optimizer.adam.learningRate 1'],
  unfinished: ['warning unfinished train.epochs null'],
  vanishing: ['warning vanishing-gradients model[0].dense 1'],
  'vanishing-sgd': ['warning vanishing-gradients model[0].dense 1'],
};

const said = (events: readonly RunEvent[], recipe: Recipe) =>
  diagnose(events.reduce(reduceRun, emptyRun()), recipe).map(
    ({ severity, code, path, sinceEpoch }) => `${severity} ${code} ${path} ${sinceEpoch}`,
  );

for (const { name, events, recipeFile } of recordings()) {
  test(`the shipped recipe ${name} is told what an expert would say`, () => {
    assert.deepEqual(said(events, readRecipe(readFileSync(recipeFile, 'utf8'))), SHIPPED[name]);
  });
}

const runs = provokedRuns();

test('every provoked run is judged', () => {
  assert.deepEqual(runs.map(({ name }) => name).sort(), Object.keys(PROVOKED).sort());
});

for (const { name, events, recipe } of runs) {
  test(`the provoked run ${name} is told its fault and since when`, () => {
    assert.deepEqual(said(events, recipe), PROVOKED[name]);
  });

  test(`${name}: each fix gives a recipe without errors, with other settings`, () => {
    const text = runs.find((run) => run.name === name)?.text ?? '';
    for (const { title, changes } of diagnose(events.reduce(reduceRun, emptyRun()), recipe).flatMap(
      (one) => one.fixes,
    )) {
      const mended = applyEdits(text, settingEdits(readRecipeText(text), changes));
      assert.notEqual(mended, text, title);
      assert.deepEqual(parseRecipe(mended).problems, [], `${title}\n${mended}`);
    }
  });

  test(`${name}: nothing is said before it can be known, and numbers are finite`, () => {
    const run = emptyRun();
    for (const event of events) {
      reduceRun(run, event);
      const found = diagnose(run, recipe);
      assert.ok(found.length <= 3);
      const isEarly = run.epochs.length < 4 && run.end === null;
      assert.ok(!isEarly || found.length === 0, `${run.epochs.length}: ${JSON.stringify(found)}`);
      for (const { evidence, message } of found) {
        assert.ok(
          evidence.every(({ value }) => Number.isFinite(value)),
          JSON.stringify(evidence),
        );
        assert.doesNotMatch(message, /NaN %|undefined|Infinity/);
      }
    }
  });
}
