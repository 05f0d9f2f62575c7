/** The workloads as recipes: the same maths as the peers' models. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** @typedef {{ title: string, rateUnit: 'steps/s' | 'samples/s', samples: number, batchSize: number, coldEpochs: number, steadyEpochs: number, startLoss: number }} Workload */
/** @typedef {'boston' | 'mnist' | 'shampoo' | 'lstm' | 'cnn'} WorkloadName */

/** @type {Record<WorkloadName, Workload>} */
export const WORKLOADS = JSON.parse(readFileSync(path.join(root, 'test/bench/workloads.json'), 'utf8'));

/** Where the project's own recipe follows the book's engine in what no peer does by itself, its words are exchanged. */
const BOSTON_CHANGES = [
  ['csv: data/boston_housing.csv', 'csv: boston_housing.csv'],
  ['lossWeight: 0.5', 'lossWeight: 1'],
  ['metrics: [rmse]', 'metrics: []'],
  ['shuffle: once', 'shuffle: true'],
  ['lastBatch: fill', 'lastBatch: keep'],
];

/**
 * The Boston recipe of the project, shuffled each epoch and without filled rows, as the peers train it.
 *
 * @throws {Error} The recipe no longer has the words that are exchanged.
 */
export function bostonRecipe(text = readFileSync(path.join(root, 'recipes/boston-housing.recipe.yaml'), 'utf8')) {
  return BOSTON_CHANGES.reduce((changed, [from = '', to = '']) => {
    if (!changed.includes(from)) {
      throw new Error(
        `recipes/boston-housing.recipe.yaml no longer says "${from}"; test/bench/recipes.mjs relies on it`,
      );
    }
    return changed.replace(from, to);
  }, text);
}

/** Twelve months of made-up sales; each row also has the sales of the four months that a window before it should give. */
export function shampooCsv() {
  const sales = Array.from({ length: 12 }, (_, month) => 0.2 + 0.03 * month + (0.1 * ((month * 7) % 5)) / 5);
  const rows = sales.map((_, row) =>
    [row, row - 3, row - 2, row - 1, row].map((month) => (sales[month] ?? 0).toFixed(4)),
  );
  return `sales,y1,y2,y3,y4\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

const dense = (/** @type {number} */ units, activation = 'linear') => ({ dense: { units, activation } });
const lstm = (/** @type {number} */ units, returnSequences = true) => ({ lstm: { units, returnSequences } });
const conv2d = (/** @type {number} */ filters) => ({ conv2d: { filters, kernelSize: 3, activation: 'relu' } });

/** @type {Record<Exclude<WorkloadName, 'boston'>, { data: object, model: object[], train: object }>} */
const RECIPES = {
  mnist: {
    data: {},
    model: [dense(512, 'relu'), dense(512, 'relu'), dense(10, 'softmax')],
    train: { loss: 'categoricalCrossentropy', optimizer: { rmsprop: { learningRate: 0.001 } } },
  },
  shampoo: {
    // Windows of rows 0–3, 1–4, 2–5 and 3–6 are trained on, the other four test.
    data: {
      csv: 'shampoo.csv',
      target: ['y1', 'y2', 'y3', 'y4'],
      features: ['sales'],
      lookback: 4,
      test: { rows: 4, permutation: 'none' },
    },
    model: [lstm(30), lstm(30), dense(1), { reshape: { targetShape: [4] } }],
    train: {
      loss: 'meanSquaredError',
      // The book's values.
      optimizer: { adadelta: { learningRate: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 1e-6, clipValue: 1 } },
    },
  },
  lstm: {
    data: { lookback: 50 },
    model: [lstm(128), lstm(128, false), dense(1)],
    train: { loss: 'meanSquaredError', optimizer: { adam: { learningRate: 0.001 } } },
  },
  cnn: {
    data: {},
    model: [
      { reshape: { targetShape: [28, 28, 1] } },
      conv2d(8),
      { maxPooling2d: { poolSize: 2 } },
      conv2d(16),
      { maxPooling2d: { poolSize: 2 } },
      { flatten: {} },
      dense(64, 'relu'),
      dense(10, 'softmax'),
    ],
    train: { loss: 'categoricalCrossentropy', optimizer: { adam: { learningRate: 0.001 } } },
  },
};

/**
 * JSON is YAML too.
 *
 * @param {WorkloadName} name
 */
export function recipeText(name) {
  if (name === 'boston') {
    return bostonRecipe();
  }
  const { data, model, train } = RECIPES[name];
  const { batchSize, coldEpochs } = WORKLOADS[name];
  return JSON.stringify({
    name,
    data: { csv: 'in-memory.csv', target: 'y', ...data },
    model,
    train: { ...train, batchSize, epochs: coldEpochs },
  });
}
