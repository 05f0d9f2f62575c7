/** The recipe language: this zod schema is the type, the parser's heart and the source of the JSON Schema. */
import { z } from 'zod';
import { BACKEND_IDS } from '../machine/planChecks.ts';
import { expandRanges } from './columnRange.ts';
import { DATASET_NAMES } from './datasets.ts';
import { described } from './described.ts';
import { idxSchema, imageSchema } from './imageData.ts';
import { modelSchema } from './modelSchema.ts';
import type { NamedLayer } from './nameLayers.ts';
import { optimizerSchema } from './optimizers.ts';
import { forecastSchema, sequencesSchema, timeSchema } from './sequences.ts';
import { textSchema } from './textSchema.ts';
import { tuneSchema } from './tune.ts';

const names = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));
/** The column that the labels of images make. */
export const LABEL = 'label';
const seed = z.int().min(0).max(4294967295);
const permutation = described(z.enum(['numpy', 'none']), {
  numpy: 'Shuffled as NumPy RandomState(seed).shuffle does; then the last rows are the test.',
  none: 'As in the file; the last rows are the test.',
});
const scale = described(z.enum(['standard', 'minMax', 'none']), {
  standard: 'To mean 0 and standard deviation 1.',
  minMax: 'To the range 0…1.',
  none: 'As they are.',
});

/** How the test rows are chosen; the rest are training rows. */
const testSplit = z.union([
  z.strictObject({
    rows: z.int().min(1).describe('How many rows to test on.').meta({ unit: 'rows', example: 100 }),
    permutation: permutation
      .optional()
      .describe(
        '`numpy` shuffles as NumPy RandomState(seed).shuffle does, then the last rows are the test; `none` takes the last rows of the file. `numpy` when absent, but `none` with a lookback.',
      ),
    seed: seed.default(0).describe('Of the shuffling.'),
  }),
  z.strictObject({
    fraction: z
      .number()
      .gt(0)
      .lt(1)
      .describe('Share of the rows to test on, rounded to whole rows.')
      .meta({ example: 0.2 }),
    permutation: permutation
      .optional()
      .describe('How rows are ordered before the last of them become the test; `numpy` when absent.'),
    seed: seed.default(0).describe('Of the shuffling.'),
  }),
  z.strictObject({
    time: z.string().describe('Column to order rows by; the latest rows are the test.').meta({ refersTo: 'column' }),
    fraction: z.number().gt(0).lt(1).optional().describe('Share of the rows that are the test, the latest ones.'),
    rows: z.int().min(1).optional().describe('How many of the latest rows are the test.').meta({ unit: 'rows' }),
    from: z.union([z.string(), z.number()]).optional().describe('First value of the column that belongs to the test.'),
  }),
  z.strictObject({
    every: z.int().min(2).describe('In file order, every so many rows one is for the test: the 5th, 10th, … with 5.'),
    by: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Counts the rows of each value of this column by themselves: each class then has its share in the test.',
      )
      .meta({ refersTo: 'column' }),
  }),
]);

const scaling = z.union([
  scale,
  z.strictObject({ divide: z.number().positive().describe('Divides every input by this, for example pixels by 255.') }),
]);

const dataFields = z.strictObject({
  csv: z
    .string()
    .min(1)
    .optional()
    .describe('CSV file with a header, relative to the recipe; it may be gzipped.')
    .meta({ example: 'data.csv', refersTo: 'csv' }),
  idx: idxSchema.optional(),
  dataset: described(z.enum(DATASET_NAMES), {
    mnist: 'Handwritten digits, 28 × 28 pixels: 60,000 to train on, 10,000 to test.',
    fashionMnist: 'Pieces of clothing, 28 × 28 pixels: 60,000 to train on, 10,000 to test.',
  })
    .optional()
    .describe('A well-known data set, fetched once into the cache folder; its column to predict is called label.'),
  target: names
    .optional()
    .describe('Column or columns to predict; required with csv.')
    .meta({ example: 'y', refersTo: 'column' }),
  features: z
    .array(z.string().min(1))
    .min(1)
    .transform(expandRanges)
    .optional()
    .describe('Columns to predict from; all others when absent. `p0..p63` stands for p0, p1, … p63.')
    .meta({ refersTo: 'column' }),
  image: imageSchema.optional(),
  categorical: z
    .array(z.string().min(1))
    .default([])
    .describe('Columns of words or codes, turned into one-hot inputs (or classes, for the target).')
    .meta({ refersTo: 'column' }),
  missing: z
    .enum(['error', 'drop', 'mean'])
    .meta({ enumDescriptions: ['Refuse the file.', 'Leave the row out.', 'Take the mean of the training rows.'] })
    .default('error')
    .describe('What to do with an empty field, NA, NaN or ?: refuse, drop the row, or take the training mean.'),
  test: testSplit.optional().describe('Which rows to test on; a fifth of them when absent.'),
  scale: scaling.default('none').describe('Fitted on the training rows only, or a constant.'),
  scaleTarget: scale.default('none').describe('The same for the target; results are always given in its own unit.'),
  scaleFit: described(z.enum(['training', 'all']), {
    training: 'The training rows alone.',
    all: 'All rows, the test rows among them.',
  })
    .default('training')
    .describe(
      'Which rows the scalers are fitted on. `all` lets them see the test, as some books do: no real forecast could.',
    ),
  difference: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Of a series, takes the change from so many rows before in place of each value: 1 for the row before, 12 for the same month of the year before. Results are given as values.',
    )
    .meta({ unit: 'time steps', example: 1 }),
  lookback: z
    .int()
    .min(1)
    .optional()
    .describe('Turns a time series into windows of so many steps, shape [lookback, features].')
    .meta({ unit: 'time steps', example: 12 }),
  horizon: z
    .int()
    .min(1)
    .default(1)
    .describe('How many steps ahead of the window the target lies.')
    .meta({ unit: 'time steps' }),
  text: textSchema
    .optional()
    .describe('Turns a column of texts into whole-number codes for an embedding, shape [length].'),
  sequences: sequencesSchema
    .optional()
    .describe('Takes the rows as sequences, shape [steps, features], of which every step has a target.'),
  time: timeSchema
    .optional()
    .describe('Column that orders a series; rows out of order, doubled or missing are refused, and it names the steps.')
    .meta({ refersTo: 'column' }),
  forecast: forecastSchema
    .optional()
    .describe('Draws the series beside what the network says of it, and goes on past its end on its own words.'),
  unit: z.string().optional().describe('Unit of the target, for example thousand dollars.'),
});

/** The labels of images are a column of that name; a CSV file has no column that is meant when none is named. */
const data = dataFields.transform(({ target, ...rest }, context) => {
  if (target === undefined && rest.csv !== undefined) {
    context.addIssue({ code: 'invalid_type', expected: 'string', path: ['target'], input: undefined });
  }
  return { ...rest, target: target ?? [LABEL] };
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
  loss: described(z.enum(LOSSES), {
    meanSquaredError: 'Mean of (prediction − target)²; for numbers.',
    meanAbsoluteError: 'Mean of |prediction − target|; for numbers, less moved by outliers.',
    huber: 'Squared up to an error of 1, straight beyond; for numbers with outliers.',
    binaryCrossentropy: 'For two classes; ends with one unit and sigmoid.',
    categoricalCrossentropy: 'For several classes given as words; ends with softmax.',
    sparseCategoricalCrossentropy: 'For several classes given as whole numbers from 0; ends with softmax.',
  })
    .describe('What training makes small.')
    .meta({ example: 'meanSquaredError' }),
  lossWeight: z
    .number()
    .positive()
    .default(1)
    .describe(
      "Multiplies the loss and so its gradient; 0.5 with meanSquaredError is MXNet's linear regression output.",
    ),
  metrics: z
    .array(
      described(z.enum(METRICS), {
        rmse: 'Root of the mean squared error, in the unit of the target.',
        mse: 'Mean squared error.',
        mae: 'Mean absolute error, in the unit of the target.',
        accuracy: 'Share of rows whose class is right.',
      }),
    )
    .default([])
    .describe('What else is measured after each epoch.')
    .meta({ example: ['rmse'] }),
  optimizer: optimizerSchema
    .default({
      type: 'rmsprop',
      learningRate: 0.001,
      rho: 0.9,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
      weightDecay: 0,
    })
    .describe('How weights follow the gradient; rmsprop with its defaults when absent.'),
  batchSize: z.int().min(1).default(32).describe('Rows of one update.').meta({ unit: 'rows' }),
  epochs: z.int().min(1).default(10).describe('How often all training rows are gone through.').meta({ unit: 'epochs' }),
  shuffle: z
    .union([z.boolean(), z.literal('once')])
    .default(true)
    .describe('Each epoch anew (true), once before the first, or never.'),
  lastBatch: z
    .enum(['keep', 'drop', 'fill'])
    .meta({ enumDescriptions: ['Train on it as it is.', 'Leave it out.', 'Fill it with rows of the batch before.'] })
    .default('keep')
    .describe(
      "A last batch that is too small is kept, dropped, or filled with the previous batch's rows at the same places, as MXNet's iterator does.",
    ),
  validationSplit: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("Share of the training rows, from their end, held out for validation, as Keras's validation_split.")
    .meta({ example: 0.2 }),
  earlyStopping: z
    .strictObject({
      monitor: z
        .string()
        .default('val_loss')
        .describe('`loss` or a metric; `val_` before it for the validation rows.')
        .meta({ refersTo: 'measure' }),
      patience: z
        .int()
        .min(0)
        .default(0)
        .describe('How many epochs without progress are borne.')
        .meta({ unit: 'epochs', example: 5 }),
      minDelta: z.number().min(0).default(0).describe('Less than this is no progress.'),
      restoreBestWeights: z
        .boolean()
        .default(false)
        .describe('End with the weights of the best epoch, not of the last.'),
    })
    .optional()
    .describe('Ends training once a measure gets no better.'),
  checkpoint: z
    .strictObject({
      everyEpochs: z.int().min(1).optional().describe('After so many epochs.').meta({ unit: 'epochs', example: 10 }),
      everySeconds: z
        .number()
        .positive()
        .optional()
        .describe('At the end of the epoch once so many seconds have passed.')
        .meta({ unit: 'seconds', example: 10 }),
      keep: z
        .int()
        .min(0)
        .max(100)
        .default(4)
        .describe(
          'How many checkpoints stay besides the latest, spread over the run, so that a fork from an earlier epoch need not train it all again. Together they take up at most 256 MB.',
        )
        .meta({ example: 4 }),
    })
    .default({ everySeconds: 10, keep: 4 })
    .describe('When to save weights and optimizer so that the run can be resumed.'),
  seed: seed.default(0).describe('Of the first weights, of shuffling and of dropout.'),
  device: described(z.enum(['auto', 'cpu', 'gpu', 'tensorflow', ...BACKEND_IDS]), {
    auto: 'The fastest backend of all.',
    cpu: 'The fastest backend on the processor.',
    gpu: 'The fastest backend on a graphics card.',
    tensorflow: "The faster of TensorFlow's two backends.",
    'tensorflow-gpu': 'TensorFlow on an NVIDIA card.',
    'tensorflow-cpu': 'TensorFlow on the processor.',
    webgpu: 'A graphics card of any maker, through Vulkan, Metal or Direct3D 12.',
    wasm: 'WebAssembly on the processor; needs nothing but Skillet.',
    js: 'Plain JavaScript, slow; it runs everywhere.',
  })
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
  description: z.string().optional().describe('A few words about the data and the model.'),
  params: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('Named hyperparameters, used below as $name.'),
  data: data.describe('What is read, and how rows are made of it.').meta({ example: { csv: 'data.csv', target: 'y' } }),
  model: modelSchema
    .describe('Layers in order, where `inputs` names other layers when it branches; or { module: ./my-model.mjs }.')
    .meta({ example: [{ dense: { units: 64, activation: 'relu' } }, { dense: { units: 1 } }] }),
  train: train.describe('How the model is trained.'),
  tune: tuneSchema.optional(),
});

/** A recipe with parameters filled in, defaults applied and every layer named. */
export type Recipe = Omit<z.output<typeof recipeSchema>, 'model'> & {
  /** Empty where a module makes the model. */
  model: NamedLayer[];
  /** Path of the module as the recipe has it; null where the layers are listed. */
  module: string | null;
};
export type DataSettings = Recipe['data'];
export type TrainSettings = Recipe['train'];
export type TestSplit = NonNullable<DataSettings['test']>;
