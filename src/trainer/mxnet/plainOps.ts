/** Operations of feed-forward networks: products, activations, joins, and what only moves dimensions. */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ScaledElu } from '../model/scaledElu.ts';
import { toBoolean, toNumber, toSizes, unsupportedSetting } from './attributes.ts';
import { inputValue, type Site, transposed, weightsOf } from './conversion.ts';
import { permute, sizeOf, toPlain, type Value } from './value.ts';

export type Convert = (site: Site) => Value;

const apply = (layer: { apply(input: SymbolicTensor): unknown }, tensor: SymbolicTensor) =>
  layer.apply(tensor) as SymbolicTensor;

/** y = x·Wᵀ + b; with `flatten`, each sample is one row. */
const fullyConnected: Convert = (site) => {
  const { node } = site;
  const units = toNumber(node, 'num_hidden', 0);
  const flattens = toBoolean(node.attrs.flatten, true);
  const given = inputValue(site);
  const value = flattens && given.layout !== 'merged' ? flatten(given, `${node.name}_flat`) : toPlain(given, node.name);
  const width = value.shape.at(-1) ?? -1;
  const useBias = !toBoolean(node.attrs.no_bias, false);
  const layer = layers.dense({ name: node.name, units, useBias, kernelInitializer: 'zeros' });
  const tensor = apply(layer, value.tensor);
  const kernel = transposed(weightsOf(site, 1, [units, width]));
  const weights = useBias ? [kernel, weightsOf(site, 2, [units])] : [kernel];
  site.conversion.weighted.push({ layer, weights });
  return { ...value, tensor, shape: [...value.shape.slice(0, -1), units] };
};

function flatten(value: Value, name: string): Value {
  const plain = toPlain(value, name);
  return plain.shape.length === 1
    ? plain
    : { layout: 'plain', shape: [sizeOf(plain.shape)], tensor: apply(layers.flatten({ name }), plain.tensor) };
}

const ACTIVATIONS = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softrelu: 'softplus',
  softsign: 'softsign',
} as const;

function activated(
  value: Value,
  activation: 'softmax' | 'sigmoid' | (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS],
  name: string,
): Value {
  return { ...value, tensor: apply(layers.activation({ name, activation }), value.tensor) };
}

const activation: Convert = (site) => {
  const type = site.node.attrs.act_type ?? '';
  if (!Object.hasOwn(ACTIVATIONS, type)) {
    throw unsupportedSetting(site.node, `act_type is "${type}"; there are ${Object.keys(ACTIVATIONS).join(', ')}.`);
  }
  return activated(inputValue(site), ACTIVATIONS[type as keyof typeof ACTIVATIONS], site.node.name);
};

const leakyRelu: Convert = (site) => {
  const { node } = site;
  const { name } = node;
  const alpha = toNumber(node, 'slope', 0.25);
  const type = node.attrs.act_type ?? 'leaky';
  const value = inputValue(site);
  if (type !== 'leaky' && type !== 'elu') {
    throw unsupportedSetting(node, `act_type is "${type}"; there are leaky and elu.`);
  }
  const layer = type === 'leaky' ? layers.leakyReLU({ name, alpha }) : new ScaledElu({ name, alpha });
  return { ...value, tensor: apply(layer, value.tensor) };
};

const dropout: Convert = (site) => {
  const value = inputValue(site);
  const layer = layers.dropout({ name: site.node.name, rate: toNumber(site.node, 'p', 0.5) });
  return { ...value, tensor: apply(layer, value.tensor) };
};

/** Over the classes, the last dimension of each row. */
const softmax: Convert = (site) => {
  const value = toPlain(inputValue(site), site.node.name);
  if (toBoolean(site.node.attrs.multi_output, false) || (value.shape.length !== 1 && value.layout !== 'merged')) {
    throw unsupportedSetting(site.node, 'it is not over the columns of rows.');
  }
  return activated(value, 'softmax', site.node.name);
};

const logistic: Convert = (site) => activated(inputValue(site), 'sigmoid', site.node.name);
const same: Convert = (site) => inputValue(site);

const sum: Convert = (site) => {
  const [first, second] = [inputValue(site, 0), inputValue(site, 1)];
  if (first.layout !== second.layout || first.shape.join() !== second.shape.join()) {
    throw unsupportedSetting(site.node, 'its inputs differ in shape.');
  }
  return {
    ...first,
    tensor: layers.add({ name: site.node.name }).apply([first.tensor, second.tensor]) as SymbolicTensor,
  };
};

/** MXNet's dimension of a whole tensor, the batch being 0 → TensorFlow.js's; null where they do not correspond. */
function axisOf(dimension: number, { layout, shape }: Value): number | null {
  switch (layout) {
    case 'plain':
      return dimension >= 1 && dimension <= shape.length ? dimension : null;
    case 'channelsLast':
      return [null, 3, 1, 2][dimension] ?? null;
    case 'timeFirst':
      return dimension === 2 ? 2 : null;
    case 'merged':
      return dimension === 1 ? 2 : null;
  }
}

const concat: Convert = (site) => {
  const { node } = site;
  const inputs = node.inputs.map((_, place) => inputValue(site, place));
  const [first] = inputs;
  const dimension = toNumber(node, 'dim', 1);
  const axis = first === undefined ? null : axisOf(dimension, first);
  if (first === undefined || axis === null || inputs.some(({ layout }) => layout !== first.layout)) {
    throw unsupportedSetting(node, `it joins along the dimension ${dimension}, or inputs of several kinds.`);
  }
  // Where the dimension lies in the shape of one sample.
  const at = first.layout === 'merged' ? 1 : first.layout === 'timeFirst' ? 1 : dimension - 1;
  const total = inputs.reduce<number | null>((length, { shape }) => {
    const size = shape[at] ?? null;
    return length === null || size === null ? null : length + size;
  }, 0);
  const tensors = inputs.map(({ tensor }) => tensor);
  const joined = (
    tensors.length === 1 ? tensors[0] : layers.concatenate({ name: node.name, axis }).apply(tensors)
  ) as SymbolicTensor;
  return { ...first, tensor: joined, shape: first.shape.map((size, i) => (i === at ? total : size)) };
};

const swapAxis: Convert = (site) => {
  const { node } = site;
  const [from = 0, to = 0] = [toNumber(node, 'dim1', 0), toNumber(node, 'dim2', 0)].sort((a, b) => a - b);
  const given = inputValue(site);
  if (from === to) {
    return given;
  }
  if (from === 0) {
    const turned = { plain: 'timeFirst', timeFirst: 'plain', channelsLast: null, merged: null } as const;
    const layout = to === 1 && given.shape.length === 2 ? turned[given.layout] : null;
    if (layout === null) {
      throw unsupportedSetting(node, `it swaps the batch with the dimension ${to} of something else than a sequence.`);
    }
    return { ...given, layout };
  }
  const value = toPlain(given, `${node.name}_in`);
  if (value.layout !== 'plain' || to > value.shape.length) {
    throw unsupportedSetting(node, `it swaps the dimensions ${from} and ${to}.`);
  }
  const order = value.shape.map((_, i) => (i + 1 === from ? to : i + 1 === to ? from : i + 1));
  const shape = order.map((dimension) => value.shape[dimension - 1] ?? null);
  return { layout: 'plain', shape, tensor: permute(value.tensor, order, node.name) };
};

const flattenOp: Convert = (site) => {
  const value = inputValue(site);
  if (value.layout === 'timeFirst') {
    throw unsupportedSetting(site.node, 'it flattens a sequence whose steps come first.');
  }
  return value.layout === 'merged' ? value : flatten(value, site.node.name);
};

const reshape: Convert = (site) => {
  const { node } = site;
  const target = toSizes(node.attrs.shape ?? '');
  const given = inputValue(site);
  if (isMerge(target, toBoolean(node.attrs.reverse, false), given)) {
    return { ...given, layout: 'merged' };
  }
  const value = toPlain(given, `${node.name}_in`);
  const wanted = value.layout === 'plain' ? sampleShape(target, value) : null;
  if (wanted === null || toBoolean(node.attrs.reverse, false)) {
    throw unsupportedSetting(
      node,
      `it makes ${node.attrs.shape} of [batch, ${value.shape.join(', ')}], which mixes the samples.`,
    );
  }
  const tensor = apply(layers.reshape({ name: node.name, targetShape: wanted }), value.tensor);
  return { layout: 'plain', shape: wanted, tensor };
};

/** Batch and steps into one: (−1, 0) read from the right, or (−1, features). */
function isMerge(target: readonly number[], reverse: boolean, { layout, shape }: Value): boolean {
  const [rows, width] = target;
  const keeps = width === shape[1] || (reverse && width === 0);
  return (
    (layout === 'plain' || layout === 'timeFirst') && shape.length === 2 && target.length === 2 && rows === -1 && keeps
  );
}

/** What one sample becomes: 0 keeps a dimension, −1 takes what is left; null where samples would be mixed. */
function sampleShape(target: readonly number[], { shape }: Value): number[] | null {
  const [batch, ...rest] = target;
  const total = sizeOf(shape);
  const sizes = rest.map((size, i) => (size === 0 ? (shape[i] ?? -2) : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  if ((batch !== 0 && batch !== -1) || sizes.some((size) => size < -1) || rest.length === 0 || total === null) {
    return null;
  }
  const filled = sizes.map((size) => (size === -1 ? total / known : size));
  return filled.every(Number.isInteger) && filled.reduce((product, size) => product * size, 1) === total
    ? filled
    : null;
}

export const PLAIN_OPS: Readonly<Record<string, Convert>> = {
  FullyConnected: fullyConnected,
  Activation: activation,
  LeakyReLU: leakyRelu,
  Dropout: dropout,
  SoftmaxOutput: softmax,
  LogisticRegressionOutput: logistic,
  LinearRegressionOutput: same,
  MAERegressionOutput: same,
  Flatten: flattenOp,
  Reshape: reshape,
  SwapAxis: swapAxis,
  Concat: concat,
  elemwise_add: sum,
  _plus: sum,
  _Plus: sum,
  _copy: same,
  identity: same,
  BlockGrad: same,
};
