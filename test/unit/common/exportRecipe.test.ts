/** Recipes as Keras programs: the text, that Keras takes every word of it, and that the data is the recipe's. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type ExportLanguage, exportRecipe } from '../../../src/common/export/exportRecipe.ts';
import type { Call, Expression } from '../../../src/common/export/expression.ts';
import { kerasLayer } from '../../../src/common/export/kerasLayers.ts';
import { kerasOptimizer } from '../../../src/common/export/kerasTraining.ts';
import { pythonText } from '../../../src/common/export/pythonText.ts';
import { rText } from '../../../src/common/export/rText.ts';
import { layerSchema } from '../../../src/common/recipe/layers.ts';
import { nameLayers } from '../../../src/common/recipe/nameLayers.ts';
import { optimizerSchema } from '../../../src/common/recipe/optimizers.ts';
import { cutOf } from '../../../src/common/recipe/sequences.ts';
import { prepareData } from '../../../src/trainer/data/prepareData.ts';
import type { Samples } from '../../../src/trainer/data/samples.ts';
import { loadBatch } from '../../../src/trainer/training/batches.ts';
import { findKeras } from '../../fixtures/findKeras.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { EXAMPLES } from '../trainer/support/layerExamples.ts';
import { startBackend } from '../trainer/support/startBackend.ts';
import { bostonRecipe, toRecipe } from '../trainer/support/toRecipe.ts';

const GOLDENS = path.join(import.meta.dirname, '../../fixtures/goldens/export');
const OPTIONS = {
  recipeFile: 'boston-housing.recipe.yaml',
  csv: 'data/boston_housing.csv',
  name: 'boston-housing',
};

for (const [language, file] of [
  ['python', 'boston-housing.py'],
  ['r', 'boston-housing.R'],
] as const satisfies [ExportLanguage, string][]) {
  test(`the Boston recipe is the program ${file}, which was run and gave a test RMSE of 3.63`, () => {
    assert.equal(exportRecipe(bostonRecipe(), language, OPTIONS), readFileSync(path.join(GOLDENS, file), 'utf8'));
  });
}

const RULES: readonly unknown[] = [
  { sgd: { momentum: 0.9, nesterov: true, clipValue: 1 } },
  { rmsprop: { centered: true, momentum: 0.5, clipNorm: 1 } },
  { adagrad: { weightDecay: 0.01 } },
  { adadelta: { globalClipNorm: 2 } },
  { adam: { beta1: 0.8 } },
  'adamw',
  { sgd: { learningRate: { exponentialDecay: { initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 } } } },
  { sgd: { learningRate: { piecewiseConstantDecay: { boundaries: [2, 4], values: [0.1, 0.2, 0.3] } } } },
  { sgd: { learningRate: { polynomialDecay: { initialLearningRate: 0.1, decaySteps: 5 } } } },
  { sgd: { learningRate: { inverseTimeDecay: { initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 } } } },
  {
    sgd: {
      learningRate: { cosineDecay: { initialLearningRate: 0.1, decaySteps: 5, warmupTarget: 0.2, warmupSteps: 3 } },
    },
  },
  { sgd: { learningRate: { cosineDecayRestarts: { initialLearningRate: 0.1, firstDecaySteps: 5 } } } },
];

const INITIALIZERS = [
  'zeros',
  'ones',
  { constant: { value: 2 } },
  'randomUniform',
  'randomNormal',
  'truncatedNormal',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  { orthogonal: { gain: 2 } },
];

/** Every layer, rule, schedule and initialiser of the language, as calls of Keras's. */
function everyWord(): Expression[] {
  const models = Object.values(EXAMPLES).flatMap((examples) => examples.map(([model]) => model));
  const initialised = INITIALIZERS.map((kernelInitializer) => [{ dense: { units: 2, kernelInitializer } }]);
  const layers = [...models, ...initialised].flatMap((model) => z.array(layerSchema).parse(model));
  const rules = RULES.map((rule) => kerasOptimizer(optimizerSchema.parse(rule)));
  // Keras has no reading of this activation that computes what the recipe's does.
  const isTold = ({ settings }: Call) =>
    !settings.some(([, value]) => 'value' in value && value.value === 'hard_sigmoid');
  return [...nameLayers(layers).layers.map(kerasLayer).filter(isTold), ...rules];
}

test('every layer, rule, schedule and initialiser has its call in R too', () => {
  const words = everyWord().map(rText);
  assert.ok(
    words.every((word) => /^(layer|optimizer)_[a-z0-9_]+\(.*\)$/.test(word)),
    words.join('\n'),
  );
  assert.ok(
    words.includes(
      'optimizer_adam_w(learning_rate = 0.001, beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7, weight_decay = 0.004)',
    ),
  );
});

test('Keras takes every layer, rule, schedule and initialiser as they are written', async (t) => {
  const python = await findKeras(t);
  if (python === null) {
    return;
  }
  const words = everyWord().map(pythonText);
  const program = `
import json, sys, keras
from keras import layers
faults = []
for word in json.loads(sys.argv[1]):
    try:
        eval(word)
    except Exception as fault:
        faults.append(f"{word}: {fault}")
print(json.dumps(faults))`;
  assert.deepEqual(await askPython(python, program, words), []);
});

async function askPython(python: string, program: string, question: unknown): Promise<unknown> {
  const options = { maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(python, ['-c', program, JSON.stringify(question)], options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const RECIPES: Readonly<Record<string, (csv: string) => string>> = {
  words: (csv) => `
name: Words
data: { csv: ${csv}, target: kind, categorical: [kind, colour], missing: mean, scale: standard, test: { time: day, from: 2024-03-01 } }
model:
  - dense: { units: 3, activation: softmax }
train: { loss: categoricalCrossentropy, epochs: 2 }`,
  windows: (csv) => `
name: Windows
data: { csv: ${csv}, target: size, features: [size, colour], categorical: [colour], missing: drop, lookback: 4, horizon: 2, scale: minMax, scaleTarget: standard }
model:
  - lstm: { units: 3 }
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2, validationSplit: 0.2, shuffle: once, earlyStopping: { patience: 1 } }`,
  rows: (csv) => `
name: Rows
data: { csv: ${csv}, target: [size], features: [colour, kind], categorical: [colour, kind], missing: drop, test: { fraction: 0.25, seed: 7 } }
model:
  - dense: { name: model, units: 4 }
  - dense: { units: 1 }
train: { loss: huber, epochs: 2, metrics: [rmse, mae] }`,
  changes: (csv) => `
name: Changes
data: { csv: ${csv}, target: amount, time: day, difference: 3, lookback: 4, horizon: 2, scale: standard, scaleTarget: minMax, test: { rows: 12, permutation: none } }
model:
  - flatten
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2 }`,
  'the whole scaled': (csv) => `
name: Whole
data: { csv: ${csv}, target: amount, time: day, difference: 1, lookback: 4, scale: minMax, scaleTarget: standard, scaleFit: all }
model:
  - lstm: { units: 3, biases: 2, unitForgetBias: false }
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2 }`,
  sequences: (csv) => `
name: Sequences
data: { csv: ${csv}, target: amount, time: day, sequences: { length: 7, train: 9, validation: 3 }, scale: standard, scaleTarget: minMax }
model:
  - lstm: { units: 3, returnSequences: true }
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2, shuffle: once, earlyStopping: { patience: 1 } }`,
  'sequences of changes': (csv) => `
name: Sequences of changes
data: { csv: ${csv}, target: amount, time: day, difference: 2, sequences: { length: 7, train: 9, testSteps: 6 }, scale: minMax, scaleTarget: standard, scaleFit: all }
model:
  - gru: { units: 3, returnSequences: true }
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2 }`,
  texts: (csv) => `
name: Texts
data: { csv: ${csv}, target: mood, categorical: [mood], text: { column: note, length: 4, vocabulary: 9 }, test: { every: 4, by: shop } }
model:
  - embedding: { outputDim: 3 }
  - globalAveragePooling1d
  - dense: { units: 2, activation: softmax }
train: { loss: categoricalCrossentropy, epochs: 2 }`,
  'texts by characters': (csv) => `
name: Characters
data: { csv: ${csv}, target: amount, missing: drop, text: { column: note, length: 12, by: characters, standardize: stripPunctuation }, scaleTarget: standard, test: { rows: 20, seed: 3 } }
model:
  - embedding: { outputDim: 3 }
  - conv1d: { filters: 2, kernelSize: 3 }
  - globalMaxPooling1d
  - dense: { units: 1 }
train: { loss: meanSquaredError, epochs: 2 }`,
};

/** Recipes over rows with a text, of which one is empty, and an amount without gaps. */
const OTHER_DATA = ['changes', 'the whole scaled', 'sequences', 'sequences of changes', 'texts', 'texts by characters'];

/** 120 days of colours, sizes and kinds; every 17th size is missing. */
function csvText(): string {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const day = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
    const size = i % 17 === 0 ? '' : String(((i * 37) % 101) / 7);
    return [day, ['red', 'blue'][(i * i) % 2], size, ['x', 'Y', 'z'][(i * 7) % 3]].join(',');
  });
  return `day,colour,size,kind\n${rows.join('\n')}\n`;
}

const WORDS = ['Don’t', "don't", 'stop!', 'STOP', 'Ärger', 'straße', 'NA', 'ok', '#1', 'très', 'bien…', 'no', 'yes'];

/** 120 days of notes, amounts and moods in two shops. @param isTexts Without the column of texts, which is no number. */
function notesCsv(isTexts: boolean, isGappy: boolean): string {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const day = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
    const words = Array.from({ length: 1 + (i % 6) }, (_unused, k) => WORDS[(i * 7 + k * k * 5) % WORDS.length]);
    const note = isGappy && i % 29 === 3 ? '?! ' : words.join(i % 4 === 0 ? '  ' : ' ');
    const amount = (((i * 37) % 101) / 7 + i / 5).toFixed(3);
    return [
      day,
      ...(isTexts ? [note, ['a', 'b'][i % 2], ['up', 'down'][(i * i + i) % 3 === 0 ? 1 : 0]] : []),
      amount,
    ].join();
  });
  return `${isTexts ? 'day,note,shop,mood,amount' : 'day,amount'}\n${rows.join('\n')}\n`;
}

for (const [name, write] of Object.entries(RECIPES)) {
  test(`the program of a recipe over ${name} makes the recipe's own samples, and trains in Keras`, async (t) => {
    const python = await findKeras(t);
    if (python === null) {
      return;
    }
    const folder = tempFolder(t);
    const csv = path.join(folder, 'rows.csv');
    writeFileSync(csv, OTHER_DATA.includes(name) ? notesCsv(name.startsWith('texts'), name.includes('by')) : csvText());
    const recipe = toRecipe(write(csv));
    const program = exportRecipe(recipe, 'python', { recipeFile: 'a.recipe.yaml', csv, name: path.join(folder, 'a') });
    const report = [
      'import json, sys',
      'kept = {}',
      'source = json.loads(sys.argv[1])',
      'data, rest = source.split("# Network")',
      'exec(data, kept)',
      'joined = lambda k: [*kept[f"{k}_train"].ravel(), *(kept[f"{k}_validation"].ravel() if f"{k}_validation" in kept else [])]',
      'said = [[float(v) for v in values] for values in (joined("x"), kept["x_test"].ravel(), joined("y"), kept["y_test"].ravel())]',
      'exec(rest, kept)',
      'print(json.dumps(said))',
    ].join('\n');
    const said = (await askPython(python, report, program)) as number[][];
    const data = await prepareData(recipe, folder);
    const { train, validation, test } = data;
    await startBackend('js');
    const parts = [train, ...(validation === null ? [] : [validation])];
    const inputs = parts.flatMap(flatInputs);
    assertSame(said[0] ?? [], inputs);
    const warmUp = cutOf(recipe.data)?.length ?? 0;
    assertSame(said[1]?.slice(warmUp * data.inputs.width) ?? [], flatInputs(test));
    assertSame(
      said[3] ?? [],
      Array.from(test.targetRow).flatMap((row) => data.targets.columns.map((column) => column[row] ?? Number.NaN)),
    );
    assertSame(
      said[2] ?? [],
      parts.flatMap(({ targets }) => [...targets]),
    );
  });
}

function flatInputs(samples: Samples): number[] {
  const { inputs, targets } = loadBatch(
    samples,
    Int32Array.from({ length: samples.count }, (_, i) => i),
    null,
  );
  const values = [...inputs.dataSync()];
  inputs.dispose();
  targets.dispose();
  return values;
}

function assertSame(actual: readonly number[], wanted: readonly number[]): void {
  assert.equal(actual.length, wanted.length);
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - (actual[i] ?? Number.NaN))));
  assert.ok(worst < 1e-6, `off by ${worst}`);
}

const REFUSED: Readonly<Record<string, string>> = {
  'data.sequences.by': `
data: { csv: a.csv, target: y, sequences: { by: id } }
model: [{ lstm: { units: 2, returnSequences: true } }, { dense: { units: 1 } }]`,
  'data.idx': `
data: { idx: { images: a, labels: b } }
model: [flatten, { dense: { units: 2, activation: softmax } }]`,
  'model.module': `
data: { csv: a.csv, target: y }
model: { module: ./own.mjs }`,
};

test('what has no plain program is refused by its field, in both languages', () => {
  for (const [field, text] of Object.entries(REFUSED)) {
    const loss = field === 'data.idx' ? 'sparseCategoricalCrossentropy' : 'meanSquaredError';
    const recipe = toRecipe(`name: Refused${text}\ntrain: { loss: ${loss} }\n`);
    for (const language of ['python', 'r'] as const) {
      assert.throws(() => exportRecipe(recipe, language, OPTIONS), { code: 'export-unsupported', path: field });
    }
  }
});

test('two biases are told as one, with a remark', () => {
  const recipe = toRecipe(RECIPES['the whole scaled']?.('a.csv') ?? '');
  for (const language of ['python', 'r'] as const) {
    const program = exportRecipe(recipe, language, OPTIONS);
    assert.match(program, /^# The recipe has two biases where Keras has one/m);
    assert.doesNotMatch(program, /biases ?=/);
  }
});
