/** The layer classes that Keras and TensorFlow.js share: the settings that carry over, and the weights in Keras's order. */

export interface LayerClass {
  readonly settings: readonly string[];
  /** Weights in the order in which Keras stores them, given which of them the layer has. */
  weights(config: Readonly<Record<string, unknown>>): readonly string[];
}

const NONE = () => [];
const initialised = (weight: string) => [`${weight}_initializer`, `${weight}_regularizer`, `${weight}_constraint`];
const biased =
  (...weights: string[]) =>
  ({ use_bias }: Readonly<Record<string, unknown>>) =>
    use_bias === false ? weights : [...weights, 'bias'];
const normalised =
  (...moving: string[]) =>
  ({ scale, center }: Readonly<Record<string, unknown>>) => [
    ...(scale === false ? [] : ['gamma']),
    ...(center === false ? [] : ['beta']),
    ...moving,
  ];

const KERNEL = ['activation', 'use_bias', ...initialised('kernel'), ...initialised('bias')];
const CONVOLUTION = ['filters', 'kernel_size', 'strides', 'padding', 'dilation_rate', ...KERNEL];
const POOLING = ['pool_size', 'strides', 'padding'];
const RECURRENT = ['units', ...KERNEL, ...initialised('recurrent'), 'dropout', 'recurrent_dropout', 'return_sequences'];
const NORMALISATION = ['epsilon', 'center', 'scale', ...initialised('beta'), ...initialised('gamma')];
const recurrent = (...more: string[]): LayerClass => ({
  settings: [...RECURRENT, ...more],
  weights: biased('kernel', 'recurrent_kernel'),
});
const plain = (...settings: string[]): LayerClass => ({ settings, weights: NONE });

export const LAYER_CLASSES: Readonly<Record<string, LayerClass>> = {
  InputLayer: plain(),
  Dense: { settings: ['units', ...KERNEL], weights: biased('kernel') },
  Embedding: { settings: ['input_dim', 'output_dim', ...initialised('embeddings')], weights: () => ['embeddings'] },
  LSTM: recurrent('recurrent_activation', 'unit_forget_bias'),
  GRU: recurrent('recurrent_activation', 'reset_after'),
  SimpleRNN: recurrent(),
  Conv1D: { settings: CONVOLUTION, weights: biased('kernel') },
  Conv2D: { settings: CONVOLUTION, weights: biased('kernel') },
  Conv2DTranspose: { settings: CONVOLUTION, weights: biased('kernel') },
  SeparableConv2D: {
    settings: [...CONVOLUTION, 'depth_multiplier', ...initialised('depthwise'), ...initialised('pointwise')],
    weights: biased('depthwise_kernel', 'pointwise_kernel'),
  },
  DepthwiseConv2D: {
    settings: [...CONVOLUTION, 'depth_multiplier', ...initialised('depthwise')],
    weights: biased('depthwise_kernel'),
  },
  BatchNormalization: {
    settings: ['axis', 'momentum', ...NORMALISATION, 'moving_mean_initializer', 'moving_variance_initializer'],
    weights: normalised('moving_mean', 'moving_variance'),
  },
  LayerNormalization: { settings: ['axis', ...NORMALISATION], weights: normalised() },
  Dropout: plain('rate'),
  SpatialDropout1D: plain('rate'),
  GaussianNoise: plain('stddev'),
  GaussianDropout: plain('rate'),
  Activation: plain('activation'),
  ReLU: plain('max_value'),
  LeakyReLU: plain('alpha'),
  ELU: plain('alpha'),
  Softmax: plain('axis'),
  Flatten: plain(),
  Reshape: plain('target_shape'),
  Permute: plain('dims'),
  RepeatVector: plain('n'),
  ZeroPadding2D: plain('padding'),
  UpSampling2D: plain('size', 'interpolation'),
  MaxPooling1D: plain(...POOLING),
  MaxPooling2D: plain(...POOLING),
  AveragePooling1D: plain(...POOLING),
  AveragePooling2D: plain(...POOLING),
  GlobalAveragePooling1D: plain(),
  GlobalMaxPooling1D: plain(),
  GlobalAveragePooling2D: plain(),
  GlobalMaxPooling2D: plain(),
  Concatenate: plain('axis'),
  Dot: plain('axes', 'normalize'),
  Add: plain(),
  Multiply: plain(),
  Average: plain(),
  Maximum: plain(),
  Minimum: plain(),
};

/** Settings that change what a layer computes and that TensorFlow.js does not have: the only value that carries over. */
export const ONLY_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  data_format: ['channels_last', null],
  groups: [1],
  go_backwards: [false],
  stateful: [false],
  return_state: [false],
  mask_zero: [false, null],
  renorm: [false],
  rms_scaling: [false],
  noise_shape: [null],
  negative_slope: [0],
  threshold: [0],
  keepdims: [false],
  output_padding: [null],
};
