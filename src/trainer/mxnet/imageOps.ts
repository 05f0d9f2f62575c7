/** Convolution, pooling and batch normalisation: MXNet has the channels first, TensorFlow.js computes with them last. */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { MxArray } from '../../common/mxnet/params.ts';
import type { MxNode } from '../../common/mxnet/symbol.ts';
import { toBoolean, toNumber, toPair, unsupportedSetting } from './attributes.ts';
import { inputValue, type Site, weightsOf } from './conversion.ts';
import type { Convert } from './plainOps.ts';
import { toChannelsLast, type Value } from './value.ts';

type Pair = [number, number];

interface Image extends Value {
  readonly channels: number;
  readonly sides: Pair;
}

function inputImage(site: Site): Image {
  const { node } = site;
  const given = inputValue(site);
  const [channels, height, width, ...more] = given.shape;
  if (channels == null || height == null || width == null || more.length > 0) {
    throw unsupportedSetting(
      node,
      `it reads the shape [${given.shape.join(', ')}]; [channels, height, width] is supported.`,
    );
  }
  return { ...toChannelsLast(given, node.name), channels, sides: [height, width] };
}

function padded({ tensor }: Value, [vertical, horizontal]: Pair, name: string): SymbolicTensor {
  return vertical === 0 && horizontal === 0
    ? tensor
    : (layers
        .zeroPadding2d({
          name: `${name}_pad`,
          padding: [
            [vertical, vertical],
            [horizontal, horizontal],
          ],
        })
        .apply(tensor) as SymbolicTensor);
}

const convolution: Convert = (site) => {
  const { node } = site;
  const image = inputImage(site);
  const [kernelSize, strides, dilationRate, pad] = [
    toPair(node, 'kernel', 1),
    toPair(node, 'stride', 1),
    toPair(node, 'dilate', 1),
    toPair(node, 'pad', 0),
  ];
  if (toNumber(node, 'num_group', 1) !== 1) {
    throw unsupportedSetting(node, 'its channels are in groups (num_group).');
  }
  const filters = toNumber(node, 'num_filter', 0);
  const useBias = !toBoolean(node.attrs.no_bias, false);
  const layer = layers.conv2d({
    name: node.name,
    filters,
    kernelSize,
    strides,
    dilationRate,
    useBias,
    padding: 'valid',
    kernelInitializer: 'zeros',
  });
  const tensor = layer.apply(padded(image, pad, node.name)) as SymbolicTensor;
  const kernel = toKernel(weightsOf(site, 1, [filters, image.channels, ...kernelSize]));
  site.conversion.weighted.push({ layer, weights: useBias ? [kernel, weightsOf(site, 2, [filters])] : [kernel] });
  return { layout: 'channelsLast', tensor, shape: [filters, ...sidesOf(tensor)] };
};

const sidesOf = (tensor: SymbolicTensor): (number | null)[] => tensor.shape.slice(1, 3);

/** [filters, channels, height, width] → [height, width, channels, filters]. */
function toKernel({ shape, values }: MxArray): MxArray {
  const [filters = 0, channels = 0, height = 0, width = 0] = shape;
  const turned = new Float32Array(values.length);
  const area = height * width;
  for (let filter = 0; filter < filters; filter += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      for (let place = 0; place < area; place += 1) {
        turned[(place * channels + channel) * filters + filter] =
          values[(filter * channels + channel) * area + place] ?? 0;
      }
    }
  }
  return { shape: [height, width, channels, filters], values: turned };
}

const pooling: Convert = (site) => {
  const { node } = site;
  const image = inputImage(site);
  const type = node.attrs.pool_type ?? 'max';
  if (type !== 'max' && type !== 'avg') {
    throw unsupportedSetting(node, `pool_type is "${type}"; there are max and avg.`);
  }
  const isGlobal = toBoolean(node.attrs.global_pool, false);
  const poolSize = isGlobal ? image.sides : toPair(node, 'kernel', 1);
  const strides = isGlobal ? image.sides : toPair(node, 'stride', 1);
  const pad: Pair = isGlobal ? [0, 0] : toPair(node, 'pad', 0);
  refusePadding(node, { type, pad, image, poolSize, strides });
  const settings = { name: node.name, poolSize, strides, padding: 'valid' } as const;
  const layer = type === 'max' ? layers.maxPooling2d(settings) : layers.averagePooling2d(settings);
  const tensor = layer.apply(padded(image, pad, node.name)) as SymbolicTensor;
  return { layout: 'channelsLast', tensor, shape: [image.channels, ...sidesOf(tensor)] };
};

interface PoolingPlan {
  readonly type: 'max' | 'avg';
  readonly pad: Pair;
  readonly image: Image;
  readonly poolSize: Pair;
  readonly strides: Pair;
}

/** Zeros around an image are right for a mean that counts them, and wrong for a maximum of negative numbers. */
function refusePadding(node: MxNode, { type, pad, image, poolSize, strides }: PoolingPlan): void {
  if (pad.some((size) => size > 0) && (type === 'max' || !toBoolean(node.attrs.count_include_pad, true))) {
    throw unsupportedSetting(
      node,
      `it pads by ${pad.join(' and ')}, which is supported for a mean that counts the padding.`,
    );
  }
  const isFull = (node.attrs.pooling_convention ?? 'valid') !== 'valid';
  if (
    isFull &&
    image.sides.some((side, i) => (side + 2 * (pad[i] ?? 0) - (poolSize[i] ?? 1)) % (strides[i] ?? 1) !== 0)
  ) {
    throw unsupportedSetting(node, 'its last windows hang over the edge (pooling_convention).');
  }
}

/** Inference takes the moving mean and variance. */
const batchNormalisation: Convert = (site) => {
  const { node } = site;
  const value = inputValue(site);
  const channelPlace = value.layout === 'merged' ? 1 : 0;
  const channels = value.shape[channelPlace] ?? null;
  if (toNumber(node, 'axis', 1) !== 1 || value.layout === 'timeFirst' || channels === null) {
    throw unsupportedSetting(node, 'it normalises another dimension than the channels.');
  }
  const axis = value.layout === 'plain' ? 1 : -1;
  const layer = layers.batchNormalization({ name: node.name, axis, epsilon: toNumber(node, 'eps', 1e-3) });
  const tensor = layer.apply(value.tensor) as SymbolicTensor;
  const shape = [channels];
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((place) => weightsOf(site, place, shape)) as [
    MxArray,
    MxArray,
    MxArray,
    MxArray,
  ];
  const scale = toBoolean(node.attrs.fix_gamma, true) ? { shape, values: new Float32Array(channels).fill(1) } : gamma;
  site.conversion.weighted.push({ layer, weights: [scale, beta, mean, variance] });
  return { ...value, tensor };
};

export const IMAGE_OPS: Readonly<Record<string, Convert>> = {
  Convolution: convolution,
  Pooling: pooling,
  BatchNorm: batchNormalisation,
};
