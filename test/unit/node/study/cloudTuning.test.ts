/** `cloudml_tuning.yml` as the book has it, and what is told of a wrong one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseRecipe } from '../../../../src/common/recipe/parse.ts';
import { metricOfTag, readCloudTuning } from '../../../../src/common/study/cloudTuning.ts';
import { planStudy } from '../../../../src/common/study/planStudy.ts';
import type { RefusedRecipe } from '../../../../src/node/createRun.ts';
import { applyCloudTuning } from '../../../../src/node/study/cloudTuning.ts';

const BOOK = readFileSync(path.resolve(import.meta.dirname, '../../../../recipes/cloudml_tuning.yml'), 'utf8');

/** The network of the book's mnist_mlp, over a file of any digits. */
const DIGITS = `name: Digits
params: { dense_units1: 128, dropout1: 0.4, dense_units2: 128, dropout2: 0.3 }
data: { csv: digits.csv, target: label, categorical: [label] }
model:
  - dense: { units: $dense_units1, activation: relu }
  - dropout: { rate: $dropout1 }
  - dense: { units: $dense_units2, activation: relu }
  - dropout: { rate: $dropout2 }
  - dense: { units: 10, activation: softmax }
train: { loss: categoricalCrossentropy, metrics: [accuracy], batchSize: 128, epochs: 20, validationSplit: 0.2 }
`;

const CLOUD = { file: '/books/cloudml_tuning.yml', text: BOOK };

function spoiled(piece: string, replacement: string): string {
  assert.ok(BOOK.includes(piece), piece);
  return BOOK.replace(piece, () => replacement);
}

test("the book's file becomes a study of the book's network", () => {
  const { text, notes } = applyCloudTuning(DIGITS, CLOUD);
  const { recipe, problems } = parseRecipe(text);
  assert.deepEqual(problems, []);
  assert.ok(recipe?.tune !== undefined);
  assert.deepEqual(planStudy(recipe, recipe.tune, 8), {
    name: 'Digits',
    objective: { metric: 'val_accuracy', goal: 'maximize' },
    algorithm: 'bayesian',
    space: {
      dense_units1: { type: 'int', min: 8, max: 16, scale: 'linear' },
      dropout1: { type: 'double', min: 0.2, max: 0.4, scale: 'linear' },
      dense_units2: { type: 'int', min: 8, max: 16, scale: 'linear' },
      dropout2: { type: 'double', min: 0.2, max: 0.4, scale: 'linear' },
    },
    trials: 10,
    parallel: 2,
    seed: 0,
  });
  assert.match(notes[0] ?? '', /^acc is taken as val_accuracy/);
  assert.equal(notes[1], 'For the cloud, kept and not needed here: scaleTier CUSTOM, masterType standard_gpu.');
});

test('acc is the held-out accuracy where rows are held out, else that of the training rows; accuracy stays as it is', () => {
  assert.equal(metricOfTag('acc', true).metric, 'val_accuracy');
  assert.match(metricOfTag('acc', false).note ?? '', /taken as accuracy on the rows it is trained on/);
  assert.deepEqual(
    ['accuracy', 'val_acc', 'val_loss'].map((tag) => metricOfTag(tag, true).metric),
    ['accuracy', 'val_accuracy', 'val_loss'],
  );
});

test('all types, scales, algorithms and early stopping are read', () => {
  const params = `
      - { parameterName: a, type: DOUBLE, minValue: 0.1, maxValue: 10, scaleType: UNIT_LOG_SCALE }
      - { parameterName: b, type: DOUBLE, minValue: 0.1, maxValue: 1, scaleType: UNIT_REVERSE_LOG_SCALE }
      - { parameterName: c, type: CATEGORICAL, categoricalValues: [relu, tanh] }
      - { parameterName: d, type: DISCRETE, discreteValues: [16, 32], scaleType: NONE }
`;
  const head = BOOK.slice(0, BOOK.indexOf('    params:')).replace('maxTrials: 10', 'enableTrialEarlyStopping: true');
  const { tuning, problems } = readCloudTuning(`${head}    algorithm: RANDOM_SEARCH\n    params:${params}`);
  assert.deepEqual(problems, []);
  assert.deepEqual(tuning?.tune, {
    algorithm: 'random',
    trials: 1,
    parallel: 2,
    params: {
      a: { double: [0.1, 10], scale: 'log' },
      b: { double: [0.1, 1], scale: 'reverseLog' },
      c: { categorical: ['relu', 'tanh'] },
      d: { discrete: [16, 32] },
    },
    halving: {},
  });
});

test('a grid is tried whole, whatever maxTrials says', () => {
  const { tuning } = readCloudTuning(spoiled('    maxTrials', '    algorithm: GRID_SEARCH\n    maxTrials'));
  assert.deepEqual([tuning?.tune.algorithm, tuning?.tune.trials], ['grid', undefined]);
});

/** Piece and its replacement → place and words of the first problem. */
const WRONG: [piece: string, replacement: string, place: string, says: RegExp][] = [
  ['MAXIMIZE', 'MAX', '5 goal', /Allowed: MAXIMIZE, MINIMIZE/],
  ['    hyperparameterMetricTag: acc\n', '', '4 hyperparameterMetricTag', /is missing/],
  ['maxTrials: 10', 'maxTrials: 0', '7 maxTrials', /at least 1/],
  ['maxTrials: 10', 'maxTrials: ten', '7 maxTrials', /"ten" is text/],
  ['maxTrials', 'maxTrails', '7 maxTrails', /Did you mean maxTrials\?/],
  ['maxParallelTrials: 2', 'maxParallelTrials: 0', '8 maxParallelTrials', /at least 1/],
  ['type: INTEGER', 'type: INT', '11 params[0].type', /Allowed: INTEGER, DOUBLE, CATEGORICAL, DISCRETE/],
  ['minValue: 8', 'minValue: 8.5', '12 params[0].minValue', /whole number/],
  ['        maxValue: 16\n', '', '10 params[0].maxValue', /is missing/],
  ['UNIT_LINEAR_SCALE', 'UNIT_LOGG_SCALE', '14 params[0].scaleType', /Did you mean UNIT_LOG_SCALE\?/],
  ['type: DOUBLE', 'type: DISCRETE', '15 params[1].discreteValues', /is missing/],
  ['scaleType: UNIT', 'scaletype: UNIT', '14 params[0].scaletype', /of type INTEGER\. Did you mean scaleType\?/],
  ['parameterName: dropout1', 'parameterName: dense_units1', '15 params[1].parameterName', /is there twice/],
];

for (const [piece, replacement, place, says] of WRONG) {
  test(`refused on its line: ${replacement.trim() || `no ${piece.trim()}`}`, () => {
    const { tuning, problems } = readCloudTuning(spoiled(piece, replacement));
    const [first] = problems;
    assert.equal(tuning, null);
    assert.equal(first?.code, 'tuning-file');
    assert.equal(`${first?.range?.line} ${first?.path.replace('trainingInput.hyperparameters.', '')}`, place);
    assert.match(`${first?.message} ${first?.remedy}`, says);
  });
}

test('a file of another kind, an empty one and broken YAML are refused', () => {
  for (const text of ['jobs: []\n', '', 'trainingInput: [', 'trainingInput: 3\n']) {
    const { tuning, problems } = readCloudTuning(text);
    assert.ok(tuning === null && problems.length > 0, text);
  }
});

/** What does not fit the recipe is told by the cloud file's lines, not the recipe's. */
const MISFITS: [piece: string, replacement: string, line: number, says: RegExp][] = [
  ['MAXIMIZE', 'MINIMIZE', 6, /val_accuracy is better when it is higher/],
  ['parameterName: dense_units1', 'parameterName: dense_unit1', 10, /Did you mean dense_units1\?/],
  ['minValue: 0.2', 'minValue: 0.5', 17, /\[0\.5, 0\.4\]/],
  ['maxValue: 0.4', 'maxValue: 1.4', 15, /dropout1 cannot be 1\.4/],
  ['hyperparameterMetricTag: acc', 'hyperparameterMetricTag: auc', 6, /auc is not measured/],
];

for (const [piece, replacement, line, says] of MISFITS) {
  test(`refused by the cloud file's line where it does not fit the recipe: ${replacement}`, () => {
    assert.throws(
      () => applyCloudTuning(DIGITS, { ...CLOUD, text: spoiled(piece, replacement) }),
      ({ recipeFile, problems }: RefusedRecipe) => {
        const [first] = problems;
        assert.equal(recipeFile, CLOUD.file);
        assert.equal(first?.range?.line, line);
        assert.match(`${first?.message} ${first?.remedy}`, says);
        return true;
      },
    );
  });
}
