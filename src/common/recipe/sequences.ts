/** The part of the recipe language that is about series: sequences, the time column and the forecast. */
import { z } from 'zod';
import { described } from './described.ts';

const count = z.int().min(1);

const cutSchema = z.strictObject({
  length: count.describe(
    'Cuts the one series of the file, from its beginning, into sequences of so many steps that do not overlap. At each step the target is the value of the next.',
  ),
  train: count.describe('How many sequences to train on; the first ones.'),
  validation: count.optional().describe('How many sequences after them to validate on.'),
  testSteps: count.optional().describe('How many single steps after them to test on; all that are left when absent.'),
});

const groupedSchema = z.strictObject({
  by: z
    .string()
    .min(1)
    .describe(
      'Rows with the same value in this column are one sequence, in file order; data.test and validationSplit then count sequences.',
    )
    .meta({ refersTo: 'column' }),
  output: described(z.enum(['next', 'each', 'last']), {
    next: 'At each step the target of the next row.',
    each: 'At each step the target of its own row.',
    last: 'The target of the last row alone.',
  })
    .default('next')
    .describe(
      'What the network says at each step: the target of the next row, or of its own row; or only at the last step, the target of the last row.',
    ),
  buckets: z
    .array(count)
    .min(1)
    .optional()
    .describe(
      'Lengths, ascending. Needed where sequences have unequal lengths: each is filled up to the next of them, a batch holds sequences of one bucket, and what was filled up counts nowhere.',
    ),
});

export const sequencesSchema = z.union([cutSchema, groupedSchema]);

export type Sequences = z.output<typeof sequencesSchema>;
export type CutSequences = z.output<typeof cutSchema>;
export type GroupedSequences = z.output<typeof groupedSchema>;

export const timeSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      column: z.string().min(1).describe('The column with dates or numbers.').meta({ refersTo: 'column' }),
      gaps: described(z.enum(['refuse', 'allow']), {
        refuse: 'Steps must be equal.',
        allow: 'Rows are taken as equal steps, whatever lies between them.',
      })
        .default('refuse')
        .describe('Whether steps may be unequal. Months, quarters, years and business days are equal steps.'),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { column: value, gaps: 'refuse' as const } : value));

export const forecastSchema = z.strictObject({
  steps: count.max(10_000).describe('How many steps past the end of the series to go on.'),
});

/** The sequences that one series is cut into; null for all else. */
export function cutOf({ sequences }: { readonly sequences?: Sequences | undefined }): CutSequences | null {
  return sequences !== undefined && 'length' in sequences ? sequences : null;
}

/** The sequences that a column marks; null for all else. */
export function groupedOf({ sequences }: { readonly sequences?: Sequences | undefined }): GroupedSequences | null {
  return sequences !== undefined && 'by' in sequences ? sequences : null;
}

/** Whether the past of the targets is known when they are to be foretold: it is then an input too. */
export function readsOwnPast(data: {
  readonly lookback?: number | undefined;
  readonly sequences?: Sequences | undefined;
}): boolean {
  return data.lookback !== undefined || cutOf(data) !== null || groupedOf(data)?.output === 'next';
}
