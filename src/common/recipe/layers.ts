/** The layers a recipe can use, with Keras's words and defaults. */
import { z } from 'zod';
import { type Chosen, choice } from './choice.ts';
import { described } from './described.ts';

const size = z.int().min(1);
const rate = z.number().min(0).lt(1);
const units = size.describe('Number of outputs.').meta({ example: 64 });
/** A square window or `[height, width]`. */
const pair = z.union([size, z.tuple([size, size])]);

const activation = described(
  z.enum([
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
  ]),
  {
    linear: 'x as it is.',
    relu: 'max(0, x).',
    relu6: 'x cut to 0…6.',
    elu: 'x, or e^x − 1 below 0.',
    selu: 'elu scaled by 1.0507 (α 1.6733), which keeps mean and variance through many dense layers.',
    sigmoid: '1 / (1 + e^−x): a probability, 0…1.',
    hardSigmoid: '0.2 x + 0.5 cut to 0…1.',
    tanh: 'Hyperbolic tangent, −1…1.',
    softmax: 'One probability per class; together they are 1.',
    softplus: 'log(1 + e^x).',
    softsign: 'x / (1 + |x|).',
    swish: 'x · sigmoid(x).',
  },
)
  .describe('Function of each output.')
  .meta({ title: 'activation' });

const initializer = choice(
  {
    zeros: z.strictObject({}).describe('All 0.'),
    ones: z.strictObject({}).describe('All 1.'),
    constant: z
      .strictObject({
        value: z.number().describe('Of every weight.').meta({ example: 0.1 }),
      })
      .describe('All the same value.'),
    randomUniform: z
      .strictObject({
        minval: z.number().default(-0.05).describe('Lowest value.'),
        maxval: z.number().default(0.05).describe('Highest value.'),
      })
      .describe('Evenly between two values.'),
    randomNormal: z
      .strictObject({
        mean: z.number().default(0).describe('Centre.'),
        stddev: z.number().positive().default(0.05).describe('Standard deviation.'),
      })
      .describe('Normal distribution.'),
    truncatedNormal: z
      .strictObject({
        mean: z.number().default(0).describe('Centre.'),
        stddev: z.number().positive().default(0.05).describe('Standard deviation.'),
      })
      .describe('Normal distribution, drawn anew beyond two deviations.'),
    glorotUniform: z.strictObject({}).describe('Uniform within ±√(6 / (inputs + outputs)); also called Xavier.'),
    glorotNormal: z.strictObject({}).describe('Truncated normal of deviation √(2 / (inputs + outputs)).'),
    heUniform: z.strictObject({}).describe('Uniform within ±√(6 / inputs); made for relu.'),
    heNormal: z.strictObject({}).describe('Truncated normal of deviation √(2 / inputs); made for relu.'),
    leCunUniform: z.strictObject({}).describe('Uniform within ±√(3 / inputs).'),
    leCunNormal: z.strictObject({}).describe('Truncated normal of deviation √(1 / inputs); made for selu.'),
    orthogonal: z
      .strictObject({ gain: z.number().positive().default(1).describe('Factor of the matrix.') })
      .describe('A random orthogonal matrix.'),
  },
  'initializer',
);

const regularizer = z
  .strictObject({
    l1: z.number().min(0).default(0).describe('Times the sum of absolute weights.').meta({ example: 0.001 }),
    l2: z.number().min(0).default(0).describe('Times the sum of squared weights.').meta({ example: 0.001 }),
  })
  .describe('A penalty on large weights, added to the loss.')
  .meta({ title: 'regularizer' });
const padding = described(z.enum(['valid', 'same']), {
  valid: 'The window stays inside: the output shrinks.',
  same: 'Zeros around the edges: with stride 1 the output is as large as the input.',
}).describe('What happens at the edges.');

/** What every layer has. */
const common = {
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must start with a letter and hold only letters, digits, _ and -')
    .optional()
    .describe('By which `inputs` of other layers mean this one; type and number when absent, as in dense1.'),
  inputs: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe('Names of the layers this one reads; the layer before it when absent.')
    .meta({ refersTo: 'layer' }),
};

const weights = {
  useBias: z.boolean().default(true).describe('Add a trained constant to each output.'),
  kernelInitializer: initializer
    .default({ type: 'glorotUniform' })
    .describe('First values of the weights; glorotUniform when absent.'),
  biasInitializer: initializer.default({ type: 'zeros' }).describe('First values of the biases; zeros when absent.'),
  kernelRegularizer: regularizer.optional(),
};

const recurrent = {
  units,
  activation: activation.default('tanh'),
  recurrentInitializer: initializer
    .default({ type: 'orthogonal', gain: 1 })
    .describe('First values of the weights from one time step to the next; orthogonal when absent.'),
  returnSequences: z
    .boolean()
    .default(false)
    .describe('Give the output of every time step instead of the last one only.'),
  ...weights,
  ...common,
};

const convolution = {
  filters: size.describe('Number of output channels.').meta({ example: 32 }),
  padding: padding.default('valid'),
  activation: activation.default('linear'),
  ...weights,
  ...common,
};

const pooling1d = {
  ...common,
  poolSize: size.default(2).describe('Length of the window, in steps.'),
  strides: size.optional().describe('Steps from one window to the next; poolSize when absent.'),
  padding: padding.default('valid'),
};

const pooling2d = {
  ...common,
  poolSize: pair.default(2).describe('Side of the window in pixels, or [height, width].'),
  strides: pair.optional().describe('Pixels from one window to the next; poolSize when absent.'),
  padding: padding.default('valid'),
};

export const LAYERS = {
  dense: z
    .strictObject({ units, activation: activation.default('linear'), ...weights, ...common })
    .describe('Every output is a weighted sum of all inputs.'),
  dropout: z
    .strictObject({
      ...common,
      rate: rate.describe('Share of the values set to 0 in training.').meta({ example: 0.5 }),
    })
    .describe('Forgets random values in training, so that the network relies on none of them.'),
  activation: z
    .strictObject({ ...common, activation: activation.meta({ example: 'relu' }) })
    .describe('Applies a function to each value.'),
  flatten: z.strictObject({ ...common }).describe('Lines all values of a row up in one dimension.'),
  reshape: z
    .strictObject({
      ...common,
      targetShape: z
        .array(size)
        .min(1)
        .max(4)
        .describe('Shape of a row, without the batch dimension.')
        .meta({ example: [28, 28, 1] }),
    })
    .describe('Gives the values of a row another shape.'),
  batchNormalization: z
    .strictObject({
      ...common,
      momentum: rate.default(0.99).describe('Share of the moving mean and variance that each batch leaves.'),
      epsilon: z.number().positive().default(1e-3).describe('Added to the variance, against division by 0.'),
      center: z.boolean().default(true).describe('Add a trained offset per channel.'),
      scale: z.boolean().default(true).describe('Multiply by a trained factor per channel.'),
    })
    .describe('Brings each channel to mean 0 and deviation 1 over the batch.'),
  lstm: z
    .strictObject({
      ...recurrent,
      recurrentActivation: activation.default('sigmoid').describe('Function of the gates.'),
      unitForgetBias: z.boolean().default(true).describe('Begin with a bias of 1 at the forget gate.'),
      biases: z
        .literal([1, 2])
        .meta({ enumDescriptions: ['As in Keras.', 'As in MXNet, PyTorch and cuDNN.'] })
        .default(1)
        .describe(
          '2: one bias for the inputs and one for the state, as MXNet, PyTorch and cuDNN keep them. Only their sum counts and is kept here; it is initialised twice and learns twice as fast.',
        ),
    })
    .describe('Long short-term memory: reads a series step by step, with a cell that remembers.'),
  gru: z
    .strictObject({
      ...recurrent,
      recurrentActivation: activation.default('sigmoid').describe('Function of the gates.'),
    })
    .describe('Gated recurrent unit: like lstm with three gates instead of four.'),
  simpleRNN: z
    .strictObject(recurrent)
    .describe('Reads a series step by step; the output of a step is fed into the next.'),
  conv1d: z
    .strictObject({
      ...convolution,
      kernelSize: size.describe('Length of the window, in steps.').meta({ example: 3 }),
      strides: size.default(1).describe('Steps from one window to the next.'),
    })
    .describe('Slides trained windows over the steps of a series.'),
  conv2d: z
    .strictObject({
      ...convolution,
      kernelSize: pair.describe('Side of the window in pixels, or [height, width].').meta({ example: 3 }),
      strides: pair.default(1).describe('Pixels from one window to the next, or [down, across].'),
    })
    .describe('Slides trained windows over the pixels of an image.'),
  maxPooling1d: z.strictObject(pooling1d).describe('The largest value of each window over the steps.'),
  averagePooling1d: z.strictObject(pooling1d).describe('The mean of each window over the steps.'),
  maxPooling2d: z.strictObject(pooling2d).describe('The largest value of each window over the pixels.'),
  averagePooling2d: z.strictObject(pooling2d).describe('The mean of each window over the pixels.'),
  globalAveragePooling1d: z.strictObject({ ...common }).describe('The mean of each channel over all steps.'),
  globalMaxPooling1d: z.strictObject({ ...common }).describe('The largest value of each channel over all steps.'),
  globalAveragePooling2d: z.strictObject({ ...common }).describe('The mean of each channel over all pixels.'),
  globalMaxPooling2d: z.strictObject({ ...common }).describe('The largest value of each channel over all pixels.'),
  embedding: z
    .strictObject({
      ...common,
      inputDim: size
        .optional()
        .describe(
          'Number of different codes; inputs are whole numbers from 0 to inputDim - 1. With data.text it may be left out: the vocabulary gives it.',
        )
        .meta({ example: 1000 }),
      outputDim: size.describe('Length of the vector that stands for a code.').meta({ example: 16 }),
      embeddingsInitializer: initializer
        .default({ type: 'randomUniform', minval: -0.05, maxval: 0.05 })
        .describe('First values of the vectors; randomUniform when absent.'),
    })
    .describe('Gives each code a trained vector.')
    .meta({ example: { inputDim: 1000, outputDim: 16 } }),
  concatenate: z
    .strictObject({
      ...common,
      inputs: z
        .array(z.string())
        .min(2)
        .describe('Layers to join along the last dimension.')
        .meta({ example: ['a', 'b'], refersTo: 'layer' }),
    })
    .describe('Joins the outputs of several layers.'),
  add: z
    .strictObject({
      ...common,
      inputs: z
        .array(z.string())
        .min(2)
        .describe('Layers of equal shape to add.')
        .meta({ example: ['a', 'b'], refersTo: 'layer' }),
    })
    .describe('Adds the outputs of several layers, as a residual network does.'),
};

/** One layer as the builder takes it: `type` says which, the rest are its settings with defaults filled in. */
export type Layer = Chosen<typeof LAYERS>;
export type LayerType = Layer['type'];
export type Initializer = z.output<typeof initializer>;

export const layerSchema = choice(LAYERS, 'layer');
