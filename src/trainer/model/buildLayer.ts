/** One layer of a recipe as a TensorFlow.js layer. */
import { ones, type Tensor, zeros } from '@tensorflow/tfjs-core';
import { type LayersModel, layers, regularizers } from '@tensorflow/tfjs-layers';
import type { Initializer, LayerType } from '../../common/recipe/layers.ts';
import type { NamedLayer } from '../../common/recipe/nameLayers.ts';
import { deriveSeed } from '../random/deriveSeed.ts';
import { buildInitializer, sumOfTwo } from './initializers.ts';
import { quickenGru } from './quickGru.ts';
import { quickenLstm } from './quickLstm.ts';
import { type MaskSource, seededDropout } from './seededDropout.ts';

type TfLayer = LayersModel['layers'][number];
type Named<T extends LayerType> = Extract<NamedLayer, { type: T }>;

/** Where a layer stands, for its seeds. */
export interface LayerSeed {
  readonly seed: number;
  readonly index: number;
}

/**
 * @param place Its seeds, and how many dimensions it reads, the batch not counted.
 * @returns The layer, and where a dropout takes its masks from.
 */
export function buildLayer(
  layer: NamedLayer,
  place: LayerSeed & { readonly inputRank: number },
): { built: TfLayer; masks: MaskSource | null } {
  if (layer.type === 'flatten' && place.inputRank === 1) {
    // TensorFlow.js refuses to flatten what is flat; Keras hands it on, and so do we.
    return { built: layers.activation({ name: layer.name, activation: 'linear' }), masks: null };
  }
  if (layer.type === 'dropout') {
    const seed = deriveSeed(place.seed, place.index, 0);
    const { layer: built, masks } = seededDropout({ name: layer.name, rate: layer.rate }, seed);
    return { built, masks };
  }
  return { built: withWeights(layer, place) ?? withoutWeights(layer), masks: null };
}

/** Seeds by layer and by weight (0 kernel, 1 bias, 2 recurrent, 3 second bias). */
function initializer(settings: Initializer, place: LayerSeed, weight: number) {
  return buildInitializer(settings, deriveSeed(place.seed, place.index, weight));
}

function common(layer: NamedLayer & { activation: string }, place: LayerSeed) {
  const weighted = layer as Named<'dense'>;
  return {
    name: layer.name,
    activation: weighted.activation,
    useBias: weighted.useBias,
    kernelInitializer: initializer(weighted.kernelInitializer, place, 0),
    biasInitializer: initializer(weighted.biasInitializer, place, 1),
    ...(weighted.kernelRegularizer === undefined
      ? {}
      : { kernelRegularizer: regularizers.l1l2(weighted.kernelRegularizer) }),
  };
}

function recurrent(layer: Named<'lstm' | 'gru' | 'simpleRNN'>, place: LayerSeed) {
  return {
    ...common(layer, place),
    units: layer.units,
    returnSequences: layer.returnSequences,
    recurrentInitializer: initializer(layer.recurrentInitializer, place, 2),
  };
}

function hasUsualActivations({ activation, recurrentActivation }: Named<'lstm' | 'gru'>): boolean {
  return activation === 'tanh' && recurrentActivation === 'sigmoid';
}

function withWeights(layer: NamedLayer, place: LayerSeed): TfLayer | null {
  switch (layer.type) {
    case 'dense':
      return layers.dense({ ...common(layer, place), units: layer.units });
    case 'lstm': {
      const { recurrentActivation, unitForgetBias, returnSequences, biases, biasInitializer } = layer;
      const settings = recurrent(layer, place);
      if (biases === 2) {
        settings.biasInitializer = sumOfTwo(settings.biasInitializer, initializer(biasInitializer, place, 3));
      }
      const built = layers.lstm({ ...settings, recurrentActivation, unitForgetBias });
      return hasUsualActivations(layer) ? quickenLstm(built, returnSequences) : built;
    }
    case 'gru': {
      const built = layers.gru({ ...recurrent(layer, place), recurrentActivation: layer.recurrentActivation });
      return hasUsualActivations(layer) ? quickenGru(built, layer.returnSequences) : built;
    }
    case 'simpleRNN':
      return layers.simpleRNN(recurrent(layer, place));
    case 'conv1d':
    case 'conv2d': {
      const { filters, kernelSize, strides, padding } = layer;
      const settings = { ...common(layer, place), filters, padding };
      return layer.type === 'conv1d'
        ? layers.conv1d({ ...settings, kernelSize: layer.kernelSize, strides: layer.strides })
        : layers.conv2d({ ...settings, kernelSize, strides: strides as number | [number, number] });
    }
    case 'batchNormalization': {
      const { name, momentum, epsilon, center, scale } = layer;
      return mendBatchNormalization(layers.batchNormalization({ name, momentum, epsilon, center, scale }));
    }
    case 'embedding': {
      const { name, inputDim, outputDim } = layer;
      if (inputDim === undefined) {
        throw new Error(`The size of the embedding ${name} was left open`);
      }
      const embeddingsInitializer = initializer(layer.embeddingsInitializer, place, 0);
      return layers.embedding({ name, inputDim, outputDim, embeddingsInitializer });
    }
    default:
      return null;
  }
}

/** TensorFlow.js reads beta and gamma in training even where `center` or `scale` leaves them out; they are then 0 and 1. */
function mendBatchNormalization(layer: TfLayer): TfLayer {
  const parts = layer as unknown as { gamma?: { read(): Tensor }; beta?: { read(): Tensor } };
  const build = layer.build.bind(layer);
  layer.build = (inputShape) => {
    build(inputShape);
    const channels = (inputShape as number[]).at(-1) ?? 1;
    parts.gamma ??= { read: () => ones([channels]) };
    parts.beta ??= { read: () => zeros([channels]) };
  };
  return layer;
}

function withoutWeights(layer: NamedLayer): TfLayer {
  const { name } = layer;
  switch (layer.type) {
    case 'activation':
      return layers.activation({ name, activation: layer.activation });
    case 'reshape':
      return layers.reshape({ name, targetShape: layer.targetShape });
    case 'maxPooling1d':
    case 'averagePooling1d': {
      const { poolSize, padding } = layer;
      return layers[layer.type]({ name, poolSize, padding, strides: layer.strides ?? poolSize });
    }
    case 'maxPooling2d':
    case 'averagePooling2d': {
      const { poolSize, padding } = layer;
      return layers[layer.type]({ name, poolSize, padding, strides: layer.strides ?? poolSize });
    }
    case 'globalAveragePooling2d':
    case 'globalMaxPooling2d':
      return layers[layer.type]({ name });
    case 'flatten':
    case 'globalAveragePooling1d':
    case 'globalMaxPooling1d':
    case 'concatenate':
    case 'add':
      return layers[layer.type]({ name });
    default:
      throw new Error(`No builder for the layer type ${layer.type}`);
  }
}
