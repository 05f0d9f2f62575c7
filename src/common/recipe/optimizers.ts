/** The update rules a recipe can use, with Keras's words and defaults. */
import { z } from 'zod';
import { type Chosen, choice } from './choice.ts';
import { learningRateSchema } from './schedules.ts';

const fraction = z.number().min(0).lt(1);
const momentum = fraction.default(0).describe('Share of the last step that is added to the next.');
const beta1 = fraction.default(0.9).describe('Share of the running mean of gradients that is kept at each step.');
const beta2 = fraction
  .default(0.999)
  .describe('Share of the running mean of squared gradients that is kept at each step.');
const rho = fraction.describe('Share of the running mean of squared gradients that is kept at each step.');
const weightDecay = z
  .number()
  .min(0)
  .describe('Decoupled: weights shrink by learningRate × weightDecay each step, biases too.');
const epsilon = z.number().positive().default(1e-7).describe('Added to the divisor, against division by 0.');

/** What every rule takes: how gradients are cut and weights decay. At most one of the clips may be given. */
function withCommon<S extends z.ZodRawShape>(shape: S) {
  const common = {
    weightDecay: weightDecay.default(0),
    clipValue: z.number().positive().optional().describe('Cuts each gradient element to ±clipValue.'),
    clipNorm: z.number().positive().optional().describe("Scales each variable's gradient to at most this L2 norm."),
    globalClipNorm: z.number().positive().optional().describe('Scales all gradients together to at most this L2 norm.'),
  };
  // Twice: its own settings come first in lists, and its own defaults last.
  return z.strictObject({ ...shape, ...common, ...shape });
}

export const OPTIMIZERS = {
  sgd: withCommon({
    learningRate: learningRateSchema.prefault(0.01),
    momentum,
    nesterov: z.boolean().default(false).describe('Look ahead along the last step before the gradient is taken.'),
  }).describe('Gradient descent, with momentum if wanted.'),
  rmsprop: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    rho: rho.default(0.9),
    momentum,
    epsilon,
    centered: z.boolean().default(false).describe('Divide by the deviation of the gradient, not by its mean square.'),
  }).describe('Divides each step by the running mean size of its gradient.'),
  adagrad: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    initialAccumulatorValue: z.number().min(0).default(0.1).describe('First value of the sums of squared gradients.'),
    epsilon,
  }).describe('Divides each step by the size of all its gradients so far.'),
  adadelta: withCommon({ learningRate: learningRateSchema.prefault(0.001), rho: rho.default(0.95), epsilon }).describe(
    'Like adagrad, over the last steps only, in units of its own steps.',
  ),
  adam: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    beta1,
    beta2,
    epsilon,
  }).describe('Running means of the gradient and of its square, corrected for their start.'),
  adamw: withCommon({
    learningRate: learningRateSchema.prefault(0.001),
    beta1,
    beta2,
    epsilon,
    weightDecay: weightDecay.default(0.004),
  }).describe('Adam with decoupled weight decay.'),
};

/** One update rule with its settings, defaults filled in. */
export type OptimizerSettings = Chosen<typeof OPTIMIZERS>;

export const optimizerSchema = choice(OPTIMIZERS, 'optimizer');
