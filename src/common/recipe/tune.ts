/** The `tune:` part of a recipe: what a study searches, and by what measure. */
import { z } from 'zod';

/** A grid of more points is surely a slip. */
export const MOST_GRID_POINTS = 1000;

/** Trials of a random or Bayesian search that does not say. */
export const DEFAULT_TRIALS = 20;

const objective = z
  .strictObject({
    minimize: z
      .string()
      .min(1)
      .optional()
      .describe('Metric whose least value is wanted, as the epochs tell it: `loss`, `val_rmse`…, or `test_rmse`.'),
    maximize: z.string().min(1).optional().describe('The same for the greatest value, for example `val_accuracy`.'),
  })
  .refine((value) => Object.keys(value).length === 1, {
    error: 'needs exactly one of minimize, maximize',
    params: { remedy: 'Write { minimize: val_loss }, for example.' },
  })
  .describe('By what the trials are compared.');

const RANGE_TYPES = ['int', 'double', 'discrete', 'categorical'] as const;

const range = z
  .strictObject({
    int: z.tuple([z.int(), z.int()]).optional().describe('Least and greatest whole number.'),
    double: z.tuple([z.number(), z.number()]).optional().describe('Least and greatest number.'),
    discrete: z.array(z.number()).min(1).optional().describe('The numbers to choose from.'),
    categorical: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .optional()
      .describe('The values to choose from, in no order.'),
    scale: z
      .enum(['linear', 'log', 'reverseLog'])
      .default('linear')
      .describe(
        'Spread evenly, evenly in the logarithm, or the same from the upper end; the last two need values above 0.',
      ),
    steps: z.int().min(2).max(MOST_GRID_POINTS).optional().describe('How many values a grid takes between the ends.'),
  })
  .refine((value) => RANGE_TYPES.filter((type) => value[type] !== undefined).length === 1, {
    error: `needs exactly one of ${RANGE_TYPES.join(', ')}`,
    params: { remedy: 'Write { int: [8, 64] }, for example.' },
  });

const halving = z
  .strictObject({
    minEpochs: z
      .int()
      .min(1)
      .optional()
      .describe('Epochs before the first look; `epochs` divided twice by `factor` when absent.'),
    factor: z.int().min(2).max(10).default(3).describe('Of so many trials one goes on, and for so many times as long.'),
  })
  .describe('Successive halving: weak trials are not trained to the end.');

export const tuneSchema = z
  .strictObject({
    objective,
    algorithm: z
      .enum(['grid', 'random', 'bayesian'])
      .default('bayesian')
      .describe('Every combination, chance, or what the results so far make likely to be better.'),
    trials: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(`How many combinations to try; ${DEFAULT_TRIALS} when absent, all of a grid.`),
    parallel: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'Trials at a time; when absent one for each core of the processor, four at most, and one on a graphics card.',
      ),
    seed: z.int().min(0).max(4294967295).default(0).describe('Of the search; the trials train with `train.seed`.'),
    params: z
      .record(z.string(), range)
      .refine((value) => Object.keys(value).length > 0, {
        error: 'names no parameter',
        params: { remedy: 'Write { units: { int: [8, 64] } }, for example.' },
      })
      .describe('Name under `params` → where its values are looked for.'),
    halving: halving.optional(),
  })
  .describe('A study: many trials of this recipe with other parameters.');

export type TuneSettings = z.output<typeof tuneSchema>;
export type TuneRange = TuneSettings['params'][string];
