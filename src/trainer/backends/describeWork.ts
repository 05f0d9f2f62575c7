/** What a backend is told of a model before it starts. */
import type { NetworkGraph } from '../../common/graph.ts';
import { LAYERS } from '../../common/recipe/layers.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { Samples } from '../data/samples.ts';
import type { Workload } from './backend.ts';

export function describeWork(
  recipe: Recipe,
  train: Pick<Samples, 'count' | 'inputShape'>,
  model: { readonly graph: NetworkGraph; readonly module: { readonly layerTypes: readonly string[] } | null },
): Workload {
  const { graph, module } = model;
  const batchSize = Math.min(recipe.train.batchSize, train.count);
  return {
    stepCost: costPerRow(graph, train.inputShape) * batchSize,
    batchSize,
    replicas: recipe.train.replicas ?? null,
    canShare: (module?.layerTypes ?? recipe.model.map(({ type }) => type)).every(isSharable),
    ...(module === null ? {} : { moduleLayers: module.layerTypes }),
  };
}

/** What a layer of one's own makes of a share of the batch cannot be told. */
function isSharable(type: string): boolean {
  return type !== 'batchNormalization' && (Object.hasOwn(LAYERS, type) || type === 'inputLayer');
}

/** Multiplications, roughly: every weight counts at every place of a convolution and every step of a series. */
function costPerRow({ nodes }: NetworkGraph, inputShape: readonly number[]): number {
  const lengthOfSeries = inputShape.length === 2 ? (inputShape[0] ?? 1) : 1;
  const costs = nodes.map(({ type, parameterCount, outputShape }) => {
    const places = outputShape.slice(0, -1).map((size) => size ?? 1);
    const times = type.startsWith('conv') ? places.reduce((product, size) => product * size, 1) : lengthOfSeries;
    return (parameterCount ?? 0) * times;
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}
