/** The layers a recipe can use, with Keras's words and defaults. */
import { z } from 'zod';
import { type Chosen, choice } from './choice.ts';

const size = z.int().min(1);
const rate = z.number().min(0).lt(1);
/** A square window or `[height, width]`. */
const pair = z.union([size, z.tuple([size, size])]);

const activation = z.enum([
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'softmax',
  'softplus',
  'softsign',
  'swish',
]);

const initializer = choice(
  {
    zeros: z.strictObject({}),
    ones: z.strictObject({}),
    constant: z.strictObject({ value: z.number() }),
    randomUniform: z.strictObject({ minval: z.number().default(-0.05), maxval: z.number().default(0.05) }),
    randomNormal: z.strictObject({ mean: z.number().default(0), stddev: z.number().positive().default(0.05) }),
    truncatedNormal: z.strictObject({ mean: z.number().default(0), stddev: z.number().positive().default(0.05) }),
    glorotUniform: z.strictObject({}),
    glorotNormal: z.strictObject({}),
    heUniform: z.strictObject({}),
    heNormal: z.strictObject({}),
    leCunUniform: z.strictObject({}),
    leCunNormal: z.strictObject({}),
    orthogonal: z.strictObject({ gain: z.number().positive().default(1) }),
  },
  'initializer',
);

const regularizer = z.strictObject({ l1: z.number().min(0).default(0), l2: z.number().min(0).default(0) });

/** What every layer has. */
const common = {
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must start with a letter and hold only letters, digits, _ and -')
    .optional(),
  inputs: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('Names of the layers this one reads; the layer before it when absent.'),
};

const weights = {
  useBias: z.boolean().default(true),
  kernelInitializer: initializer.default({ type: 'glorotUniform' }).describe('glorotUniform when absent.'),
  biasInitializer: initializer.default({ type: 'zeros' }).describe('zeros when absent.'),
  kernelRegularizer: regularizer.optional(),
};

const recurrent = {
  ...common,
  ...weights,
  units: size,
  activation: activation.default('tanh'),
  recurrentInitializer: initializer.default({ type: 'orthogonal', gain: 1 }).describe('orthogonal when absent.'),
  returnSequences: z
    .boolean()
    .default(false)
    .describe('Give the output of every time step instead of the last one only.'),
};

const convolution = {
  ...common,
  ...weights,
  filters: size,
  padding: z.enum(['valid', 'same']).default('valid'),
  activation: activation.default('linear'),
};

export const LAYERS = {
  dense: z.strictObject({ ...common, ...weights, units: size, activation: activation.default('linear') }),
  dropout: z.strictObject({ ...common, rate }),
  activation: z.strictObject({ ...common, activation }),
  flatten: z.strictObject({ ...common }),
  reshape: z.strictObject({ ...common, targetShape: z.array(size).min(1).max(4) }),
  batchNormalization: z.strictObject({
    ...common,
    momentum: z.number().min(0).lt(1).default(0.99),
    epsilon: z.number().positive().default(1e-3),
    center: z.boolean().default(true),
    scale: z.boolean().default(true),
  }),
  lstm: z.strictObject({
    ...recurrent,
    recurrentActivation: activation.default('sigmoid'),
    unitForgetBias: z.boolean().default(true),
    biases: z
      .literal([1, 2])
      .default(1)
      .describe(
        '2: one bias for the inputs and one for the state, as MXNet, PyTorch and cuDNN keep them. Only their sum counts and is kept here; it is initialised twice and learns twice as fast.',
      ),
  }),
  gru: z.strictObject({ ...recurrent, recurrentActivation: activation.default('sigmoid') }),
  simpleRNN: z.strictObject(recurrent),
  conv1d: z.strictObject({ ...convolution, kernelSize: size, strides: size.default(1) }),
  conv2d: z.strictObject({ ...convolution, kernelSize: pair, strides: pair.default(1) }),
  maxPooling1d: z.strictObject({
    ...common,
    poolSize: size.default(2),
    strides: size.optional(),
    padding: z.enum(['valid', 'same']).default('valid'),
  }),
  averagePooling1d: z.strictObject({
    ...common,
    poolSize: size.default(2),
    strides: size.optional(),
    padding: z.enum(['valid', 'same']).default('valid'),
  }),
  maxPooling2d: z.strictObject({
    ...common,
    poolSize: pair.default(2),
    strides: pair.optional(),
    padding: z.enum(['valid', 'same']).default('valid'),
  }),
  averagePooling2d: z.strictObject({
    ...common,
    poolSize: pair.default(2),
    strides: pair.optional(),
    padding: z.enum(['valid', 'same']).default('valid'),
  }),
  globalAveragePooling1d: z.strictObject({ ...common }),
  globalMaxPooling1d: z.strictObject({ ...common }),
  globalAveragePooling2d: z.strictObject({ ...common }),
  globalMaxPooling2d: z.strictObject({ ...common }),
  embedding: z.strictObject({
    ...common,
    inputDim: size.describe('Number of different codes; inputs are whole numbers from 0 to inputDim - 1.'),
    outputDim: size,
    embeddingsInitializer: initializer
      .default({ type: 'randomUniform', minval: -0.05, maxval: 0.05 })
      .describe('randomUniform when absent.'),
  }),
  concatenate: z.strictObject({
    ...common,
    inputs: z.array(z.string()).min(2).describe('Layers to join along the last dimension.'),
  }),
  add: z.strictObject({ ...common, inputs: z.array(z.string()).min(2).describe('Layers of equal shape to add.') }),
};

/** One layer as the builder takes it: `type` says which, the rest are its settings with defaults filled in. */
export type Layer = Chosen<typeof LAYERS>;
export type LayerType = Layer['type'];
export type Initializer = z.output<typeof initializer>;

export const layerSchema = choice(LAYERS, 'layer');
