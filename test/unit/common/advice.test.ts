/** Each rule of advice fires on what it is about, on the right line, and keeps silent otherwise. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ADVICE_CODES } from '../../../src/common/adviceCodes.ts';
import type { Problem } from '../../../src/common/errors.ts';
import { advise } from '../../../src/common/recipe/advice/advise.ts';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { suggestChoices } from '../../../src/common/recipe/suggestChoices.ts';
import { suggestRecipe } from '../../../src/common/recipe/suggestRecipe.ts';
import { profileCsv } from '../../../src/node/data/profileCsv.ts';
import { flowersCsv, messyCsv, seriesCsv } from '../../fixtures/sampleData.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const RECIPES = path.resolve(import.meta.dirname, '../../../recipes');

async function profileOf(t: TestContext, csv: string) {
  const file = path.join(tempFolder(t), 'data.csv');
  writeFileSync(file, csv);
  return profileCsv(file);
}

/** 200 rows; the columns are functions of the row's number. */
function table(columns: Readonly<Record<string, (row: number) => string | number>>, rows = 200): string {
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, i) => names.map((name) => columns[name]?.(i)).join(','));
  return `${names.join(',')}\n${lines.join('\n')}\n`;
}

const a = (i: number) => Math.sin(i * 1.7).toFixed(4);
const b = (i: number) => Math.cos(i * 0.9).toFixed(4);
const y = (i: number) => (Number(a(i)) - Number(b(i)) ** 2).toFixed(4);
const plain = { a, b, y };
const day = (i: number) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);

interface Case {
  readonly csv?: string | null;
  readonly data?: string;
  readonly model?: string;
  readonly train?: string;
  readonly end?: string;
}

const REGRESSION = '[{ dense: { units: 8, activation: relu } }, { dense: { units: 1 } }]';
const CLASSES = '[{ dense: { units: 2, activation: softmax } }]';
const CLASS_TRAIN = 'loss: categoricalCrossentropy, metrics: [accuracy]';

function recipeText({ data = '', model = REGRESSION, train = 'loss: meanSquaredError', end = '' }: Case): string {
  return [
    'name: Test',
    'data:',
    '  csv: data.csv',
    '  target: y',
    ...(data === '' ? [] : data.split('\n').map((line) => `  ${line}`)),
    `model: ${model}`,
    `train: { ${train} }`,
    end,
  ].join('\n');
}

async function adviceOn(t: TestContext, one: Case): Promise<Problem[]> {
  const text = recipeText(one);
  const parsed = parseRecipe(text);
  assert.deepEqual(parsed.problems, [], text);
  const csv = one.csv === undefined ? table(plain) : one.csv;
  return advise(text, parsed, csv === null ? null : await profileOf(t, csv));
}

/** As code and line. */
const told = (problems: readonly Problem[]) => problems.map(({ code, range }) => `${code} ${range?.line}`);

const large = (i: number) => 500 + ((i * 7) % 200);
const word = (i: number) => ['red', 'blue'][i % 2] ?? '';
const rare = (i: number) => (i % 20 === 0 ? 'yes' : 'no');

const ONLY_A = 'features: [a]';
const SERIES = { model: '[{ lstm: { units: 2 } }, { dense: { units: 1 } }]' };

/** Rule → what fires it with the line that it is told on, and what is near to it and does not. */
const CASES: Record<keyof typeof ADVICE_CODES, { fires: [Case, number][]; silent: Case[] }> = {
  'inputs-unscaled': {
    fires: [
      [{ csv: table({ ...plain, a: large }) }, 2],
      [{ csv: table({ ...plain, a: (i) => Number(a(i)) / 1000 }), data: 'scale: none' }, 5],
    ],
    silent: [
      { csv: table({ ...plain, a: large }), data: 'scale: standard' },
      { csv: table({ ...plain, a: (i) => i % 50 }) },
      { csv: table({ ...plain, a: large }), model: '{ module: ./a.mjs }' },
      {
        csv: table({ a: (i) => i % 150, y }),
        model: '[{ embedding: { inputDim: 150, outputDim: 2 } }, { flatten: {} }, { dense: { units: 1 } }]',
      },
    ],
  },
  'target-unscaled': {
    fires: [[{ csv: table({ ...plain, y: (i) => 90_000 + (i % 7) * 1000 }) }, 2]],
    silent: [
      { csv: table({ ...plain, y: (i) => 90_000 + (i % 7) * 1000 }), data: 'scaleTarget: standard' },
      { csv: table({ ...plain, y: (i) => i % 70 }) },
    ],
  },
  'output-range': {
    fires: [
      [{ model: '[{ dense: { units: 1, activation: relu } }]' }, 5],
      [{ csv: null, data: 'scaleTarget: standard', model: '[{ dense: { units: 1, activation: sigmoid } }]' }, 6],
      [{ csv: table({ ...plain, y: (i) => i % 5 }), model: '[{ dense: { units: 1, activation: tanh } }]' }, 5],
    ],
    silent: [
      { csv: table({ ...plain, y: (i) => i % 5 }), model: '[{ dense: { units: 1, activation: relu } }]' },
      { data: 'scaleTarget: minMax', model: '[{ dense: { units: 1, activation: sigmoid } }]' },
      { data: 'scaleTarget: standard' },
    ],
  },
  'batch-too-large': {
    fires: [[{ train: 'loss: huber, batchSize: 161' }, 6]],
    silent: [{ train: 'loss: huber, batchSize: 160' }],
  },
  'series-too-short': {
    fires: [[{ ...SERIES, csv: table(plain, 30), data: 'lookback: 29\ntest: { rows: 20 }' }, 5]],
    silent: [{ ...SERIES, csv: table(plain, 130), data: 'lookback: 9' }],
  },
  'overlapping-windows': {
    fires: [[{ ...SERIES, data: 'lookback: 60' }, 5]],
    silent: [{ ...SERIES, data: 'lookback: 12' }],
  },
  'shuffled-series': {
    fires: [
      [{ csv: table({ date: day, ...plain }), data: 'features: [a, b]' }, 3],
      [{ csv: table({ date: day, ...plain }), data: 'features: [a, b]\ntest: { fraction: 0.2 }' }, 6],
    ],
    silent: [
      { csv: table({ date: day, ...plain }), data: 'test: { time: date, fraction: 0.2 }' },
      { csv: table({ date: day, ...plain }), data: 'features: [a]\ntest: { fraction: 0.2, permutation: none }' },
      { csv: table({ date: (i) => day((i * 77) % 200), ...plain }), data: 'features: [a, b]' },
    ],
  },
  'target-twin': {
    fires: [
      [{ csv: table({ ...plain, copy: (i) => 3 * Number(y(i)) - 1 }) }, 3],
      [{ csv: table({ ...plain, copy: y }), data: 'features: [a, copy]' }, 5],
    ],
    silent: [
      { csv: table({ ...plain, copy: y }), data: ONLY_A },
      { csv: table({ ...plain, near: (i) => Number(y(i)) + (i % 5) / 4 }) },
      { ...SERIES, csv: table({ ...plain, copy: y }), data: 'lookback: 3' },
    ],
  },
  'too-many-parameters': {
    fires: [[{ model: '[{ dense: { units: 900, activation: relu } }, { dense: { units: 1 } }]' }, 5]],
    silent: [
      { model: '[{ dense: { units: 700, activation: relu } }, { dense: { units: 1 } }]' },
      { model: '[{ dense: { units: 900, activation: relu } }, { dropout: { rate: 0.5 } }, { dense: { units: 1 } }]' },
      {
        model: '[{ dense: { units: 900, activation: relu } }, { dense: { units: 1 } }]',
        train: 'loss: huber, validationSplit: 0.1, earlyStopping: { patience: 3 }',
      },
    ],
  },
  'imbalanced-classes': {
    fires: [[{ csv: table({ ...plain, y: rare }), data: 'categorical: [y]', model: CLASSES, train: CLASS_TRAIN }, 7]],
    silent: [{ csv: table({ ...plain, y: word }), data: 'categorical: [y]', model: CLASSES, train: CLASS_TRAIN }],
  },
  'many-words': {
    fires: [[{ csv: table({ ...plain, w: (i) => `w${i % 60}` }), data: 'categorical: [w]' }, 5]],
    silent: [{ csv: table({ ...plain, w: (i) => `w${i % 12}` }), data: 'categorical: [w]' }],
  },
  'words-as-numbers': {
    fires: [
      [{ csv: table({ ...plain, w: word }) }, 3],
      [{ csv: table({ ...plain, a: (i) => (i === 99 ? '1,000'.replace(',', ' ') : a(i)) }), data: ONLY_A }, 5],
      [{ csv: table({ ...plain, y: word }) }, 4],
    ],
    silent: [
      { csv: table({ ...plain, w: word }), data: 'categorical: [w]' },
      { csv: table({ ...plain, w: word }), data: ONLY_A },
    ],
  },
  'unknown-column': {
    fires: [[{ data: 'features: [a, bb]' }, 5]],
    silent: [{ data: 'features: [a, b]' }],
  },
  'constant-column': {
    fires: [
      [{ csv: table({ ...plain, c: () => 7 }) }, 3],
      [{ csv: table({ ...plain, c: () => 7 }), data: 'features: [a, c]' }, 5],
    ],
    silent: [{ csv: table({ ...plain, c: () => 7 }), data: ONLY_A }],
  },
  'id-column': {
    fires: [[{ csv: table({ nr: (i) => i + 1, ...plain }), data: 'scale: standard' }, 3]],
    silent: [{ csv: table({ nr: (i) => (i * 37) % 11, ...plain }) }],
  },
  'missing-values': {
    fires: [
      [{ csv: table({ ...plain, a: (i) => (i === 9 ? '' : a(i)) }) }, 2],
      [{ csv: table({ ...plain, y: (i) => (i === 9 ? 'NA' : y(i)) }), data: 'missing: mean' }, 5],
    ],
    silent: [
      { csv: table({ ...plain, a: (i) => (i === 9 ? '' : a(i)) }), data: 'missing: mean' },
      { csv: table({ ...plain, y: (i) => (i === 9 ? '' : y(i)) }), data: 'missing: drop' },
    ],
  },
  'learning-rate-high': {
    fires: [
      [{ csv: null, train: 'loss: huber, optimizer: { adam: { learningRate: 0.1 } }' }, 6],
      [{ csv: null, train: 'loss: huber, optimizer: { sgd: { learningRate: 0.9, momentum: 0.9 } }' }, 6],
      [
        {
          csv: null,
          train:
            'loss: huber, optimizer: { rmsprop: { learningRate: { exponentialDecay: { initialLearningRate: 0.5, decaySteps: 9, decayRate: 0.9 } } } }',
        },
        6,
      ],
    ],
    silent: [
      { csv: null, train: 'loss: huber, optimizer: { sgd: { learningRate: 0.1, momentum: 0.9 } }' },
      { csv: null, train: 'loss: huber, optimizer: { adadelta: { learningRate: 1 } }' },
    ],
  },
  'stopping-on-training': {
    fires: [[{ csv: null, train: 'loss: huber, earlyStopping: { monitor: loss }' }, 6]],
    silent: [{ csv: null, train: 'loss: huber, validationSplit: 0.2, earlyStopping: { patience: 2 }' }],
  },
  'small-test': {
    fires: [
      [{ csv: null, data: 'test: { rows: 19 }' }, 5],
      [{ data: 'test: { fraction: 0.05 }' }, 5],
      [{ csv: table(plain, 60) }, 2],
    ],
    silent: [{ data: 'test: { rows: 20 }' }, { data: 'test: { fraction: 0.1 }' }],
  },
  'dead-dropout': {
    fires: [[{ csv: null, model: '[{ dense: { units: 1 } }, { dropout: { rate: 0.5 } }]' }, 5]],
    silent: [{ csv: null, model: '[{ dropout: { rate: 0.5 } }, { dense: { units: 1 } }]' }],
  },
  'linear-stack': {
    fires: [
      [{ csv: null, model: '[{ dense: { units: 4 } }, { dense: { units: 1 } }]' }, 5],
      [{ csv: null, model: '[{ dense: { units: 4 } }, { dropout: { rate: 0.1 } }, { dense: { units: 1 } }]' }, 5],
    ],
    silent: [
      { csv: null, model: '[{ dense: { units: 4 } }, { activation: { activation: relu } }, { dense: { units: 1 } }]' },
      { csv: null },
    ],
  },
};

for (const [code, { fires, silent }] of Object.entries(CASES)) {
  test(`${code}: told where it belongs, silent otherwise, and switched off by a comment`, async (t) => {
    for (const [one, line] of fires) {
      const found = await adviceOn(t, one);
      assert.deepEqual(told(found), [`${code} ${line}`], recipeText(one));
      assert.ok(
        found.every(({ severity, remedy, message }) => severity === 'warning' && remedy !== '' && message !== ''),
      );
      const off = await adviceOn(t, { ...one, end: `# skillet: ignore small-hat, ${code}` });
      assert.deepEqual(told(off), []);
    }
    for (const one of silent) {
      assert.deepEqual(told(await adviceOn(t, one)), [], recipeText(one));
    }
  });
}

for (const file of readdirSync(RECIPES).filter((name) => name.endsWith('.recipe.yaml'))) {
  test(`${file} deserves no advice`, async () => {
    const text = readFileSync(path.join(RECIPES, file), 'utf8');
    const parsed = parseRecipe(text);
    const csv = parsed.recipe?.data.csv;
    const profile = csv === undefined ? null : await profileCsv(path.join(RECIPES, csv));
    assert.deepEqual(advise(text, parsed, profile), []);
  });
}

const months = (i: number) => `${2001 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
const EACH_STEP = '[{ lstm: { units: 2, returnSequences: true } }, { dense: { units: 1 } }]';
const IMAGE = '[{ flatten: {} }, { dense: { units: 1 } }]';
const TEXT = '[{ embedding: { outputDim: 2 } }, { flatten: {} }, { dense: { units: 1 } }]';
const plant = (i: number) => `plant ${Math.floor(i / 4)}`;
const level = (i: number) => 90_000 + 40 * i + (i % 7);

test('columns that only order, mark or name are no inputs, and the values that changes are taken of need no scaling', async (t) => {
  const silent: Case[] = [
    { ...SERIES, csv: table({ month: months, y }), data: 'lookback: 3\ntime: month' },
    { ...SERIES, csv: table({ month: months, y: level }), data: 'lookback: 3\ntime: month\ndifference: 1' },
    {
      csv: table({ plant, month: months, a, y }),
      data: 'time: { column: month, gaps: allow }\nsequences: { by: plant }\ntest: { rows: 20 }',
      model: EACH_STEP,
      train: 'loss: huber, batchSize: 8',
    },
    {
      csv: table({ month: months, y }),
      data: 'time: month\nsequences: { length: 5, train: 33, testSteps: 30 }',
      model: EACH_STEP,
    },
    {
      csv: table({ p0: a, p1: b, p2: () => 0, p3: a, y }),
      data: 'image: { height: 2, width: 2 }',
      model: IMAGE,
    },
    {
      csv: table({ words: (i) => `so many ${word(i)} ones ${word(i * 3)}`, y }),
      data: 'text: { column: words, length: 5 }',
      model: TEXT,
    },
  ];
  for (const one of silent) {
    assert.deepEqual(told(await adviceOn(t, one)), [], recipeText(one));
  }
});

test('sequences are counted as sequences, and their columns are looked for', async (t) => {
  const grouped = { csv: table({ plant, a, y }), model: EACH_STEP };
  const cases: [Case, string[]][] = [
    [{ ...grouped, data: 'sequences: { by: plant }' }, ['small-test 2']],
    [{ ...grouped, data: 'features: [a]\nsequences: { by: plants }\ntest: { rows: 20 }' }, ['unknown-column 6']],
    [
      { ...grouped, data: 'sequences: { by: plant }\ntest: { rows: 25 }', train: 'loss: huber, batchSize: 30' },
      ['batch-too-large 8'],
    ],
    [{ csv: table(plain), data: 'lookback: 3\ntime: day', ...SERIES }, ['unknown-column 6']],
    [{ csv: null, data: 'sequences: { length: 4, train: 4, testSteps: 3 }', model: EACH_STEP }, ['small-test 5']],
    [
      { csv: table(plain, 30), data: 'lookback: 19\ndifference: 10\ntest: { rows: 20 }', ...SERIES },
      ['series-too-short 5'],
    ],
  ];
  for (const [one, expected] of cases) {
    assert.deepEqual(told(await adviceOn(t, one)), expected, recipeText(one));
  }
});

test('a recipe that Skillet suggests takes its own advice', async (t) => {
  for (const csv of [flowersCsv, seriesCsv, messyCsv]) {
    const profile = await profileOf(t, csv);
    const text = suggestRecipe(profile, suggestChoices(profile, 'data.csv'));
    assert.deepEqual(told(advise(text, parseRecipe(text), profile)), [], text);
  }
});

test('a recipe with an error gets no advice', () => {
  const text = recipeText({ model: '[{ dense: { unit: 4 } }, { dense: { units: 1 } }]' });
  assert.deepEqual(advise(text, parseRecipe(text), null), []);
});

test('the shipped recipes are given no advice', async () => {
  for (const name of readdirSync(RECIPES).filter((file) => file.endsWith('.recipe.yaml'))) {
    const text = readFileSync(path.join(RECIPES, name), 'utf8');
    const parsed = parseRecipe(text);
    const csv = parsed.recipe?.data.csv;
    const profile = csv === undefined ? null : await profileCsv(path.join(RECIPES, csv));
    assert.deepEqual([name, ...told(advise(text, parsed, profile))], [name]);
  }
});

test('a small test of sequences is told where the sequences are', async (t) => {
  const end = 'train: 4, validation: 2, testSteps: 3';
  const found = await adviceOn(t, {
    data: `features: [y]\nsequences: { length: 4, ${end} }`,
    model: SERIES.model.replace('units: 2', 'units: 2, returnSequences: true'),
    train: 'loss: meanSquaredError, batchSize: 2',
  });
  assert.deepEqual(told(found), ['small-test 6']);
});
