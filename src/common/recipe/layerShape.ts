/** The shape rule and the weight count of each layer type, for one row (no batch dimension). */
import { formatShape } from '../format.ts';
import type { Shape } from '../graph.ts';
import type { NamedLayer } from './nameLayers.ts';

type Size = number | null;

export interface Fit {
  readonly shape: Shape;
  /** All weights, trainable and fixed; null while a needed dimension is open. */
  readonly parameters: number | null;
  /** A few words for the details view. */
  readonly detail?: string;
}

export interface Misfit {
  /** What does not fit, with the shape. */
  readonly misfit: string;
  readonly remedy: string;
}

/** @param inputs Shapes of the layers it reads; one, or several for concatenate and add. */
export function layerShape(layer: NamedLayer, inputs: readonly Shape[]): Fit | Misfit {
  const input = inputs[0] ?? [];
  switch (layer.type) {
    case 'dense':
      return denseShape(layer, input);
    case 'dropout':
      return { shape: input, parameters: 0, detail: `rate ${layer.rate}` };
    case 'activation':
      return { shape: input, parameters: 0 };
    case 'flatten':
      return { shape: [product(input)], parameters: 0 };
    case 'reshape':
      return reshapeShape(layer.targetShape, input);
    case 'batchNormalization': {
      const perChannel = 2 + Number(layer.center) + Number(layer.scale);
      return { shape: input, parameters: times(perChannel, input.at(-1) ?? null) };
    }
    case 'lstm':
    case 'gru':
    case 'simpleRNN':
      return recurrentShape(layer, input);
    case 'conv1d':
    case 'conv2d':
      return convolutionShape(layer, input);
    case 'embedding':
      return embeddingShape(layer, input);
    case 'concatenate':
      return concatenateShape(inputs);
    case 'add':
      return addShape(inputs);
    default:
      return poolingShape(layer, input);
  }
}

function denseShape(layer: Extract<NamedLayer, { type: 'dense' }>, input: Shape): Fit {
  const width = input.at(-1) ?? null;
  return {
    shape: [...input.slice(0, -1), layer.units],
    parameters: plus(times(width, layer.units), layer.useBias ? layer.units : 0),
  };
}

function reshapeShape(target: readonly number[], input: Shape): Fit | Misfit {
  const have = product(input);
  const want = product(target);
  return have !== null && have !== want
    ? {
        misfit: `${formatShape(target)} holds ${want} values, but ${formatShape(input)} brings ${have}.`,
        remedy: `Choose a targetShape whose product is ${have}.`,
      }
    : { shape: target, parameters: 0 };
}

/** Weights per gate: units × (inputs + units), and a bias; LSTM has 4 gates, GRU 3, a simple RNN 1. */
function recurrentShape(
  layer: Extract<NamedLayer, { type: 'lstm' | 'gru' | 'simpleRNN' }>,
  input: Shape,
): Fit | Misfit {
  if (input.length !== 2) {
    return needs(
      layer.type,
      '[time steps, features]',
      input,
      'Set data.lookback or data.sequences, or put reshape: { targetShape: [steps, features] } before it, or an embedding where codes reach it.',
    );
  }
  const { units } = layer;
  const gates = { lstm: 4, gru: 3, simpleRNN: 1 }[layer.type];
  const perGate = plus(times(units, plus(input[1] ?? null, units)), layer.useBias ? units : 0);
  return { shape: layer.returnSequences ? [input[0] ?? null, units] : [units], parameters: times(gates, perGate) };
}

function convolutionShape(layer: Extract<NamedLayer, { type: 'conv1d' | 'conv2d' }>, input: Shape): Fit | Misfit {
  const axes = layer.type === 'conv1d' ? 1 : 2;
  if (input.length !== axes + 1) {
    const wanted = axes === 1 ? '[steps, channels]' : '[height, width, channels]';
    return needs(layer.type, wanted, input, `Add reshape: { targetShape: ${wanted} } before it.`);
  }
  const kernel = perAxis(layer.kernelSize, axes);
  const stride = perAxis(layer.strides, axes);
  const space = slide(input.slice(0, axes), { window: kernel, stride, padding: layer.padding });
  if (space === null) {
    return tooSmall(layer.type, kernel, input);
  }
  const weights = times(times(product(kernel), input.at(-1) ?? null), layer.filters);
  return {
    shape: [...space, layer.filters],
    parameters: plus(weights, layer.useBias ? layer.filters : 0),
    detail: windowWords(kernel, stride, layer.padding),
  };
}

type Pooling = Extract<NamedLayer, { type: `${string}ooling${string}` }>;

function poolingShape(layer: Pooling, input: Shape): Fit | Misfit {
  const axes = layer.type.endsWith('1d') ? 1 : 2;
  if (input.length !== axes + 1) {
    const wanted = axes === 1 ? '[steps, channels]' : '[height, width, channels]';
    return needs(layer.type, wanted, input, `Put it behind a conv${axes}d layer, or add reshape before it.`);
  }
  if (!('poolSize' in layer)) {
    return { shape: [input.at(-1) ?? null], parameters: 0 };
  }
  const window = perAxis(layer.poolSize, axes);
  const stride = perAxis(layer.strides ?? layer.poolSize, axes);
  const space = slide(input.slice(0, axes), { window, stride, padding: layer.padding });
  return space === null
    ? tooSmall(layer.type, window, input)
    : { shape: [...space, input.at(-1) ?? null], parameters: 0, detail: windowWords(window, stride, layer.padding) };
}

function embeddingShape(layer: Extract<NamedLayer, { type: 'embedding' }>, input: Shape): Fit | Misfit {
  return input.length === 1
    ? { shape: [input[0] ?? null, layer.outputDim], parameters: times(layer.inputDim ?? null, layer.outputDim) }
    : needs('embedding', '[codes]', input, 'Let it read the input, or add flatten before it.');
}

function concatenateShape(inputs: readonly Shape[]): Fit | Misfit {
  const front = (shape: Shape) => formatShape(shape.slice(0, -1));
  const odd = inputs.find((shape) => shape.length !== inputs[0]?.length || front(shape) !== front(inputs[0] ?? []));
  if (odd !== undefined) {
    return {
      misfit: `cannot join ${inputs.map(formatShape).join(' and ')}: all but the last dimension must agree.`,
      remedy: 'Flatten or pool the branches first.',
    };
  }
  const width = inputs.reduce<Size>((sum, shape) => plus(sum, shape.at(-1) ?? null), 0);
  return { shape: [...(inputs[0] ?? []).slice(0, -1), width], parameters: 0 };
}

function addShape(inputs: readonly Shape[]): Fit | Misfit {
  const first = inputs[0] ?? [];
  const odd = inputs.find(
    (shape) =>
      shape.length !== first.length ||
      shape.some((size, axis) => size !== null && first[axis] !== null && size !== first[axis]),
  );
  return odd === undefined
    ? {
        shape: first.map((size, axis) => size ?? inputs.find((shape) => shape[axis] !== null)?.[axis] ?? null),
        parameters: 0,
      }
    : {
        misfit: `cannot add ${inputs.map(formatShape).join(' and ')}: the shapes must be equal.`,
        remedy: 'Give the branches the same units or filters.',
      };
}

/** Output size per axis of a window that slides: `ceil(n / stride)` with `same`, `floor((n - window) / stride) + 1` with `valid`. */
function slide(
  space: readonly Size[],
  how: { window: readonly number[]; stride: readonly number[]; padding: 'valid' | 'same' },
): Size[] | null {
  const sizes = space.map((size, axis) => {
    const window = how.window[axis] ?? 1;
    const stride = how.stride[axis] ?? 1;
    if (size === null) {
      return null;
    }
    return how.padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
  });
  return sizes.some((size) => size !== null && size < 1) ? null : sizes;
}

function needs(type: string, wanted: string, input: Shape, remedy: string): Misfit {
  return { misfit: `${type} needs the shape ${wanted}, but ${formatShape(input)} reaches it.`, remedy };
}

function tooSmall(type: string, window: readonly number[], input: Shape): Misfit {
  return {
    misfit: `the window ${window.join('×')} of ${type} is larger than the ${formatShape(input)} that reaches it.`,
    remedy: 'Use a smaller window, or padding: same.',
  };
}

function windowWords(window: readonly number[], stride: readonly number[], padding: string): string {
  return `${window.join('×')}, stride ${stride.join('×')}, ${padding}`;
}

function perAxis(value: number | readonly number[], axes: number): number[] {
  return typeof value === 'number' ? Array.from({ length: axes }, () => value) : [...value];
}

function product(sizes: Shape): Size {
  return sizes.reduce<Size>((result, size) => times(result, size), 1);
}

function times(a: Size, b: Size): Size {
  return a === null || b === null ? null : a * b;
}

function plus(a: Size, b: Size): Size {
  return a === null || b === null ? null : a + b;
}
