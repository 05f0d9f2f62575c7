/** The update rules a recipe can use, with Keras's words and defaults. */
import { z } from 'zod';
import { type Chosen, choice } from './choice.ts';
import { learningRateSchema } from './schedules.ts';

const fraction = z.number().min(0).lt(1);
const weightDecay = z
  .number()
  .min(0)
  .describe('Decoupled: weights shrink by learningRate × weightDecay each step, biases too.');
const epsilon = z.number().positive().default(1e-7);

/** What every rule takes: how gradients are cut and weights decay. At most one of the clips may be given. */
function withCommon<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject({
    weightDecay: weightDecay.default(0),
    clipValue: z.number().positive().optional().describe('Cuts each gradient element to ±clipValue.'),
    clipNorm: z.number().positive().optional().describe("Scales each variable's gradient to at most this L2 norm."),
    globalClipNorm: z.number().positive().optional().describe('Scales all gradients together to at most this L2 norm.'),
    ...shape,
  });
}

export const OPTIMIZERS = {
  sgd: withCommon({
    learningRate: learningRateSchema.prefault(0.01),
    momentum: fraction.default(0),
    nesterov: z.boolean().default(false),
  }),
  rmsprop: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    rho: fraction.default(0.9),
    momentum: fraction.default(0),
    epsilon,
    centered: z.boolean().default(false),
  }),
  adagrad: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    initialAccumulatorValue: z.number().min(0).default(0.1),
    epsilon,
  }),
  adadelta: withCommon({ learningRate: learningRateSchema.prefault(0.001), rho: fraction.default(0.95), epsilon }),
  adam: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon,
  }),
  adamw: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon,
    weightDecay: weightDecay.default(0.004),
  }),
};

/** One update rule with its settings, defaults filled in. */
export type OptimizerSettings = Chosen<typeof OPTIMIZERS>;

export const optimizerSchema = choice(OPTIMIZERS, 'optimizer');
