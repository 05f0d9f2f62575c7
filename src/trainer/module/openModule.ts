/** A recipe's module, loaded and tried once: the graph of what it builds, and how to build it anew. */
import { dispose, engine, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { NetworkGraph } from '../../common/graph.ts';
import type { ModuleSource } from '../../common/model/sidecar.ts';
import { MODULE_FIELD } from '../../common/recipe/modelSchema.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { BuiltModel } from '../model/buildModel.ts';
import { mendOrthogonal } from '../model/initializers.ts';
import { deriveSeed } from '../random/deriveSeed.ts';
import type { NewEvent } from '../run/eventLog.ts';
import { buildFault, checkModel, type Wanted } from './checkModel.ts';
import { applicationOf, graphOfModel } from './graphOfModel.ts';
import { type Build, importModule } from './importModule.ts';
import { labelLayers, layersWithin, layerType } from './layerWords.ts';
import { moduleFault } from './moduleFault.ts';
import { moduleSource } from './moduleSource.ts';
import type { ModuleWatch } from './moduleWatch.ts';
import { seedDropouts } from './seedDropouts.ts';
import { withSeededChance } from './seededChance.ts';

export interface ModelModule {
  readonly graph: NetworkGraph;
  /** For the saved network, which may need the module again. */
  readonly source: ModuleSource;
  /** Types of all layers in the recipe's words, those within other layers too. */
  readonly layerTypes: readonly string[];
  /** Embeddings that read the data itself: each code must have its row. */
  readonly embeddings: readonly { readonly name: string; readonly inputDim: number }[];
  /** What a person should know before it trains. */
  readonly notices: readonly NewEvent[];
  /** On the current backend, with the weights of the recipe's seed. */
  build(): BuiltModel;
}

export interface OpenOptions {
  readonly recipe: Recipe & { readonly module: string };
  /** Absolute path of the module. */
  readonly file: string;
  readonly wanted: Wanted;
  readonly watch: ModuleWatch;
  readonly limitMs: number;
}

/** Needs a backend to be active. @throws {SkilletError} `recipe-module`. */
export async function openModule(options: OpenOptions): Promise<ModelModule> {
  const { recipe, file, wanted, watch, limitMs } = options;
  const build = await watch.limit(() => importModule(file, recipe.module, limitMs));
  const { moduleTf } = await import('./moduleTf.ts');
  mendOrthogonal();
  const seen = new WeakSet<LayersModel>();
  const make = (): Made => {
    const { model, tensors } = collectTensors(() => checkModel(runBuild(build, options, moduleTf), recipe, wanted));
    if (seen.has(model)) {
      throw moduleFault('build gives the same model again when it is called again.', 'Make a new model at each call.');
    }
    seen.add(model);
    const labels = labelLayers(model.layers);
    return { model, labels, tensors, ...seedDropouts(model, recipe.train.seed, labels) };
  };
  const { model, labels, tensors, unseeded } = make();
  try {
    return {
      graph: graphOfModel(model, labels),
      source: moduleSource(file, model, { params: recipe.params, ...wanted }),
      layerTypes: [...new Set(model.layers.flatMap(layersWithin).map(layerType))],
      embeddings: embeddingsOf(model, labels),
      notices: noticesOf(unseeded),
      build: () => toBuilt(make()),
    };
  } finally {
    model.dispose();
    dispose(tensors);
  }
}

interface Made extends ReturnType<typeof seedDropouts> {
  readonly model: LayersModel;
  readonly labels: ReadonlyMap<string, string>;
  readonly tensors: Tensor[];
}

function toBuilt({ model, labels, masks, tensors }: Made): BuiltModel {
  const ownLayers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  const outputs = new Map(ownLayers.map((layer) => [layer.name, outputOf(layer)]));
  return { model, outputs, masks, labels, tensors };
}

/** Its first one, where a layer is applied several times. */
function outputOf(layer: LayersModel['layers'][number]): SymbolicTensor {
  const [first] = (layer as unknown as { inboundNodes: { outputTensors: SymbolicTensor[] }[] }).inboundNodes;
  return first?.outputTensors[0] as SymbolicTensor;
}

/** What the initializers drew follows the seed. */
function runBuild(build: Build, { recipe, file, wanted, watch }: OpenOptions, tf: unknown): unknown {
  const params = Object.freeze({ ...recipe.params });
  try {
    return watch.limit(() => withSeededChance(deriveSeed(recipe.train.seed), () => build(tf, params, wanted)));
  } catch (error) {
    throw buildFault(file, error);
  }
}

/** Runs `make`, and gives beside its model the tensors that it made and that are no weights: a layer of one's own may need them. */
function collectTensors(make: () => LayersModel): { model: LayersModel; tensors: Tensor[] } {
  engine().startScope('module');
  const { track } = engine().state.activeScope;
  try {
    const model = make();
    const weights = new Set(model.weights.map((weight) => (weight as unknown as { val: Tensor }).val.dataId));
    const tensors = track.filter(({ dataId, kept }) => !kept && !weights.has(dataId)).map((tensor) => keep(tensor));
    return { model, tensors };
  } finally {
    engine().endScope();
  }
}

function embeddingsOf(model: LayersModel, labels: ReadonlyMap<string, string>): ModelModule['embeddings'] {
  const source = applicationOf(model.inputs[0] as SymbolicTensor).outboundLayer;
  return model.layers.flatMap((layer) => {
    const { inputDim, inboundNodes } = layer as unknown as {
      inputDim?: number;
      inboundNodes: { inboundLayers: unknown[] }[];
    };
    const readsData = inboundNodes.some(({ inboundLayers }) => inboundLayers.includes(source));
    return layer.getClassName() === 'Embedding' && inputDim !== undefined && readsData
      ? [{ name: labels.get(layer.name) ?? layer.name, inputDim }]
      : [];
  });
}

function noticesOf(unseeded: readonly string[]): NewEvent[] {
  return unseeded.length === 0
    ? []
    : [
        {
          type: 'notice',
          level: 'info',
          message: `${unseeded.join(', ')} ${unseeded.length === 1 ? 'draws' : 'draw'} noise that follows no seed, so that this run cannot be repeated to the digit.`,
          remedy: 'Use dropout layers, which follow train.seed, where that matters.',
          path: MODULE_FIELD,
        },
      ];
}
