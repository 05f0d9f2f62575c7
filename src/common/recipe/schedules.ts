/** The learning-rate schedules a recipe can use, with Keras's words and defaults. */
import { z } from 'zod';
import { type Chosen, choice } from './choice.ts';

const steps = z.int().min(1).meta({ unit: 'updates', example: 1000 });
const rate = z.number().min(0);
const alpha = z.number().min(0).max(1).default(0);
const staircase = z.boolean().default(false).describe('Lower the rate in jumps, once every decaySteps updates.');
const initialLearningRate = z.number().positive().describe('Rate of the first update.').meta({ example: 0.001 });

export const SCHEDULES = {
  exponentialDecay: z
    .strictObject({
      initialLearningRate,
      decaySteps: steps.describe('Updates in which the rate is multiplied by decayRate once.'),
      decayRate: z.number().positive().describe('Factor of each decaySteps updates.').meta({ example: 0.96 }),
      staircase,
    })
    .describe('initialLearningRate × decayRate ^ (updates / decaySteps).'),
  piecewiseConstantDecay: z
    .strictObject({
      boundaries: z
        .array(z.int().min(0))
        .min(1)
        .describe('A value holds up to and with the update that has so many before it; ascending.')
        .meta({ unit: 'updates', example: [1000, 2000] }),
      values: z
        .array(rate)
        .min(2)
        .describe('The rates, one more than boundaries.')
        .meta({ example: [0.01, 0.001, 0.0001] }),
    })
    .superRefine(checkPieces)
    .describe('A fixed rate up to each boundary, then the next.'),
  polynomialDecay: z
    .strictObject({
      initialLearningRate: rate.describe('Rate of the first update.').meta({ example: 0.001 }),
      decaySteps: steps.describe('Updates in which the rate goes from the first to the last.'),
      endLearningRate: rate.default(0.0001).describe('Rate after decaySteps updates.'),
      power: z.number().positive().default(1).describe('1 is a straight line.'),
      cycle: z
        .boolean()
        .default(false)
        .describe('After decaySteps updates start anew from a lower rate, rather than stay at the last.'),
    })
    .describe('From initialLearningRate to endLearningRate along (1 − updates / decaySteps) ^ power.'),
  inverseTimeDecay: z
    .strictObject({
      initialLearningRate,
      decaySteps: steps.describe('Updates in which the divisor grows by decayRate.'),
      decayRate: rate.describe('How much the divisor grows in decaySteps updates.').meta({ example: 0.5 }),
      staircase,
    })
    .describe('initialLearningRate / (1 + decayRate × updates / decaySteps).'),
  cosineDecay: z
    .strictObject({
      initialLearningRate: rate.describe('Rate of the first update.').meta({ example: 0.001 }),
      decaySteps: steps.describe('Updates of the half wave, after those of the warm-up.'),
      alpha: alpha.describe('Share of the highest rate that is left at the end.'),
      warmupTarget: z
        .number()
        .positive()
        .optional()
        .describe('Rate to climb to in a straight line before the decay begins; no warm-up when absent.'),
      warmupSteps: z.int().min(0).default(0).describe('Updates of the climb.').meta({ unit: 'updates' }),
    })
    .superRefine(checkWarmup)
    .describe('Half a cosine wave down from the highest rate, after a warm-up if there is one.'),
  cosineDecayRestarts: z
    .strictObject({
      initialLearningRate,
      firstDecaySteps: steps.describe('Updates until the first restart.'),
      tMul: z.number().min(1).default(2).describe('Each period is so many times as long as the one before.'),
      mMul: z
        .number()
        .positive()
        .default(1)
        .describe('Each restart begins at so many times the rate of the one before.'),
      alpha: alpha.describe('Share of initialLearningRate that is left at the end of a period.'),
    })
    .describe('Half cosine waves down, each beginning anew at a high rate.'),
};

/** One schedule with its settings, defaults filled in. */
export type Schedule = Chosen<typeof SCHEDULES>;

/** A fixed rate or a schedule. Give it its default by `prefault`: a `default` would be lost in the JSON Schema. */
export const learningRateSchema = z
  .union([z.number().positive(), choice(SCHEDULES, 'schedule')])
  .describe('Size of a step, or a schedule that changes it from update to update.');

interface Pieces {
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
}

function checkPieces({ boundaries, values }: Pieces, context: z.RefinementCtx): void {
  const descent = boundaries.findIndex((boundary, i) => i > 0 && boundary <= (boundaries[i - 1] as number));
  if (descent !== -1) {
    context.addIssue({
      code: 'custom',
      path: ['boundaries', descent],
      message: `Is not above the boundary before it, ${boundaries[descent - 1]}`,
      params: { remedy: 'Write the boundaries in ascending order, each once.' },
    });
  }
  if (values.length !== boundaries.length + 1) {
    context.addIssue({
      code: 'custom',
      path: ['values'],
      message: `${values.length} values for ${boundaries.length} boundaries`,
      params: { remedy: `Give ${boundaries.length + 1} values, one more than boundaries.` },
    });
  }
}

interface Warmup {
  readonly warmupTarget?: number | undefined;
  readonly warmupSteps: number;
}

/** Keras passes over steps without a target in silence. */
function checkWarmup({ warmupTarget, warmupSteps }: Warmup, context: z.RefinementCtx): void {
  if (warmupTarget === undefined && warmupSteps > 0) {
    context.addIssue({
      code: 'custom',
      path: ['warmupSteps'],
      message: 'There is no warmupTarget to climb to',
      params: { remedy: 'Add warmupTarget, the rate at which the decay begins, or take warmupSteps out.' },
    });
  }
}
