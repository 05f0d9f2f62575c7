/** One pass forward and back as in a training step, that leaves the network as it was and keeps what each layer gave. */
import { clone, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from '../training/batches.ts';
import type { Network } from '../training/network.ts';

export type TfLayer = LayersModel['layers'][number];

export interface TrainingPass {
  /** By layer; of one that is applied several times, what it gave first. The caller disposes them. */
  readonly outputs: ReadonlyMap<TfLayer, Tensor>;
  /** By name of the variable; best disposed by a tidy around. */
  readonly gradients: Readonly<Record<string, Tensor>>;
}

/** Moves averages along and draws dropout masks, as a step does: to be run without a trace. */
export function passOnce(network: Network, batch: Batch): TrainingPass {
  const outputs = new Map<TfLayer, Tensor>();
  const release = ownLayers(network).map((layer) => listenTo(layer, outputs));
  try {
    const { gradients } = network.differentiate(batch);
    return { outputs, gradients };
  } finally {
    for (const stop of release) {
      stop();
    }
  }
}

/** All but the model's input, in the order of the recipe. */
export function ownLayers({ built }: Pick<Network, 'built'>): TfLayer[] {
  const layers = new Map(built.model.layers.map((layer) => [layer.name, layer]));
  return [...built.outputs.keys()].flatMap((name) => layers.get(name) ?? []);
}

/** Set on the layer itself, where it hides the method of its class. @returns Takes it away again. */
function listenTo(layer: TfLayer, outputs: Map<TfLayer, Tensor>): () => void {
  const own = Object.getOwnPropertyDescriptor(layer, 'apply');
  const apply = layer.apply.bind(layer);
  layer.apply = (inputs, kwargs) => {
    const given = apply(inputs, kwargs);
    const first = Array.isArray(given) ? given[0] : given;
    if (!outputs.has(layer) && first !== undefined) {
      // Each layer tidies up behind itself, and the pass behind them all.
      outputs.set(layer, keep(clone(first as Tensor)));
    }
    return given;
  };
  return () => {
    if (own === undefined) {
      Reflect.deleteProperty(layer, 'apply');
    } else {
      Object.defineProperty(layer, 'apply', own);
    }
  };
}
