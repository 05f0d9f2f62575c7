/** The recipe language: this zod schema is the type, the parser's heart and the source of the JSON Schema. */
import { z } from 'zod';
import { BACKEND_IDS } from '../machine/planChecks.ts';
import { layerSchema } from './layers.ts';
import type { NamedLayer } from './nameLayers.ts';
import { optimizerSchema } from './optimizers.ts';
import { tuneSchema } from './tune.ts';

const names = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));
const seed = z.int().min(0).max(4294967295);
const permutation = z.enum(['numpy', 'none']);

/** How the test rows are chosen; the rest are training rows. */
const testSplit = z.union([
  z.strictObject({
    rows: z.int().min(1).describe('How many rows to test on.'),
    permutation: permutation
      .optional()
      .describe(
        '`numpy` shuffles as NumPy RandomState(seed).shuffle does, then the last rows are the test; `none` takes the last rows of the file. `numpy` when absent, but `none` with a lookback.',
      ),
    seed: seed.default(0),
  }),
  z.strictObject({
    fraction: z.number().gt(0).lt(1).describe('Share of the rows to test on, rounded to whole rows.'),
    permutation: permutation.optional(),
    seed: seed.default(0),
  }),
  z.strictObject({
    time: z.string().describe('Column to order rows by; the latest rows are the test.'),
    fraction: z.number().gt(0).lt(1).optional(),
    rows: z.int().min(1).optional(),
    from: z.union([z.string(), z.number()]).optional().describe('First value of the column that belongs to the test.'),
  }),
]);

const data = z.strictObject({
  csv: z.string().min(1).describe('CSV file with a header, relative to the recipe.'),
  target: names.describe('Column or columns to predict.'),
  features: z.array(z.string().min(1)).min(1).optional().describe('Columns to predict from; all others when absent.'),
  categorical: z
    .array(z.string().min(1))
    .default([])
    .describe('Columns of words or codes, turned into one-hot inputs (or classes, for the target).'),
  missing: z
    .enum(['error', 'drop', 'mean'])
    .default('error')
    .describe('What to do with an empty field, NA, NaN or ?: refuse, drop the row, or take the training mean.'),
  test: testSplit.optional().describe('Which rows to test on; a fifth of them when absent.'),
  scale: z.enum(['standard', 'minMax', 'none']).default('none').describe('Fitted on the training rows only.'),
  scaleTarget: z
    .enum(['standard', 'minMax', 'none'])
    .default('none')
    .describe('The same for the target; results are always given in its own unit.'),
  lookback: z
    .int()
    .min(1)
    .optional()
    .describe('Turns a time series into windows of so many steps, shape [lookback, features].'),
  horizon: z.int().min(1).default(1).describe('How many steps ahead of the window the target lies.'),
  unit: z.string().optional().describe('Unit of the target, for example thousand dollars.'),
});

const METRICS = ['rmse', 'mse', 'mae', 'accuracy'] as const;
export type MetricName = (typeof METRICS)[number];

const LOSSES = [
  'meanSquaredError',
  'meanAbsoluteError',
  'huber',
  'binaryCrossentropy',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
] as const;
export type LossName = (typeof LOSSES)[number];

const train = z.strictObject({
  loss: z.enum(LOSSES),
  lossWeight: z
    .number()
    .positive()
    .default(1)
    .describe(
      "Multiplies the loss and so its gradient; 0.5 with meanSquaredError is MXNet's linear regression output.",
    ),
  metrics: z.array(z.enum(METRICS)).default([]),
  optimizer: optimizerSchema.default({
    type: 'rmsprop',
    learningRate: 0.001,
    rho: 0.9,
    momentum: 0,
    epsilon: 1e-7,
    centered: false,
    weightDecay: 0,
  }),
  batchSize: z.int().min(1).default(32),
  epochs: z.int().min(1).default(10),
  shuffle: z
    .union([z.boolean(), z.literal('once')])
    .default(true)
    .describe('Each epoch anew (true), once before the first, or never.'),
  lastBatch: z
    .enum(['keep', 'drop', 'fill'])
    .default('keep')
    .describe(
      "A last batch that is too small is kept, dropped, or filled with the previous batch's rows at the same places, as MXNet's iterator does.",
    ),
  validationSplit: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("Share of the training rows, from their end, held out for validation, as Keras's validation_split."),
  earlyStopping: z
    .strictObject({
      monitor: z.string().default('val_loss'),
      patience: z.int().min(0).default(0),
      minDelta: z.number().min(0).default(0),
      restoreBestWeights: z.boolean().default(false),
    })
    .optional(),
  checkpoint: z
    .strictObject({ everyEpochs: z.int().min(1).optional(), everySeconds: z.number().positive().optional() })
    .default({ everySeconds: 10 })
    .describe('When to save weights and optimizer so that the run can be resumed.'),
  seed: seed.default(0),
  device: z
    .enum(['auto', 'cpu', 'gpu', 'tensorflow', ...BACKEND_IDS])
    .default('auto')
    .describe(
      "auto, cpu, gpu or tensorflow: the fastest backend of all, on the processor, on a graphics card, or of TensorFlow's two, found by timing real steps. Or one by its name.",
    ),
  replicas: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'Data-parallel training on TensorFlow: each batch is shared among so many graphics cards (or parts of the processor), and their gradients are averaged. When absent, one graphics card, or as many shares as help the processor.',
    ),
});

export const recipeSchema = z.strictObject({
  name: z.string().min(1).describe('Shown as the title.'),
  description: z.string().optional(),
  params: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('Named hyperparameters, used below as $name.'),
  data,
  model: z.array(layerSchema).min(1).describe('Layers in order; `inputs` names other layers where it branches.'),
  train,
  tune: tuneSchema.optional(),
});

/** A recipe with parameters filled in, defaults applied and every layer named. */
export type Recipe = Omit<z.output<typeof recipeSchema>, 'model'> & { model: NamedLayer[] };
export type DataSettings = Recipe['data'];
export type TrainSettings = Recipe['train'];
export type TestSplit = NonNullable<DataSettings['test']>;
