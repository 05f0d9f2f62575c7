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
};

/** 120 days of colours, sizes and kinds; every 17th size is missing. */
function csvText(): string {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const day = new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
    const size = i % 17 === 0 ? '' : String(((i * 37) % 101) / 7);
    return [day, ['red', 'blue'][(i * i) % 2], size, ['x', 'Y', 'z'][(i * 7) % 3]].join(',');
  });
  return `day,colour,size,kind\n${rows.join('\n')}\n`;
}

for (const [name, write] of Object.entries(RECIPES)) {
  test(`the program of a recipe over ${name} makes the recipe's own samples, and trains in Keras`, async (t) => {
    const python = await findKeras(t);
    if (python === null) {
      return;
    }
    const folder = tempFolder(t);
    const csv = path.join(folder, 'rows.csv');
    writeFileSync(csv, csvText());
    const recipe = toRecipe(write(csv));
    const program = exportRecipe(recipe, 'python', { recipeFile: 'a.recipe.yaml', csv, name: path.join(folder, 'a') });
    const report = [
      'import json, sys',
      'kept = {}',
      'source = json.loads(sys.argv[1])',
      'data, rest = source.split("# Network")',
      'exec(data, kept)',
      'said = [kept[k].ravel().tolist() for k in ("x_train", "x_test", "y_train")]',
      'exec(rest, kept)',
      'print(json.dumps(said))',
    ].join('\n');
    const said = (await askPython(python, report, program)) as number[][];
    const { train, validation, test } = await prepareData(recipe, folder);
    await startBackend('js');
    const parts = [train, ...(validation === null ? [] : [validation])];
    const inputs = parts.flatMap(flatInputs);
    assertSame(said[0] ?? [], inputs);
    assertSame(said[1] ?? [], flatInputs(test));
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
