/** Runs a network over a series one time step after the other, its recurrent layers' state carried from call to call. */
import { dispose, keep, reshape, type Tensor, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { joinFloats } from '../data/joinFloats.ts';
import { read } from '../training/readTensors.ts';

type TfLayer = LayersModel['layers'][number];

export interface StatefulRun {
  /**
   * Takes up where the call before ended; the first begins from zeros.
   *
   * @param inputs [steps, features], row-major.
   * @returns [steps, outputs], row-major: the same as the network says of all steps at once.
   */
  run(inputs: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/**
 * The network stays as it is: its state is kept here.
 *
 * @param model All its layers keep the time steps apart; see `checkSeries`.
 * @param features Width of the input.
 */
export function createStatefulRun(model: LayersModel, features: number): StatefulRun {
  const states = new Map<string, Tensor[]>();
  const step = (input: Tensor): Tensor => {
    const outputs = new Map<TfLayer, Tensor>();
    let last = input;
    // The layers of a model stand in an order in which each comes after those it reads.
    for (const layer of model.layers) {
      const from = sourcesOf(layer).map((source) => outputs.get(source) ?? input);
      const only = from[0] ?? input;
      if (from.length > 0) {
        last = 'cell' in layer ? recur(layer, only, states) : apply(layer, from.length > 1 ? from : only);
      }
      outputs.set(layer, last);
    }
    return outputs.get(model.outputs[0]?.sourceLayer as TfLayer) ?? last;
  };
  return {
    async run(inputs) {
      const outputs: Float32Array[] = [];
      for (let from = 0; from < inputs.length; from += features) {
        const output = tidy(() => step(tensor(inputs.slice(from, from + features), [1, 1, features])));
        outputs.push(...(await read([output])));
        output.dispose();
      }
      return joinFloats(outputs);
    },
    dispose() {
      dispose([...states.values()]);
      states.clear();
    },
  };
}

/** The layers that a layer reads; none for the input. */
function sourcesOf(layer: TfLayer): TfLayer[] {
  const [node] = layer.inboundNodes as unknown as { readonly inboundLayers: TfLayer[] }[];
  return node?.inboundLayers ?? [];
}

function apply(layer: TfLayer, inputs: Tensor | Tensor[]): Tensor {
  return layer.apply(inputs, { training: false }) as Tensor;
}

interface Cell {
  readonly stateSize: number | number[];
  call(inputs: Tensor[], kwargs: object): Tensor[];
}

/** One step of the layer's own cell. @param input [1, 1, features] @returns [1, 1, units] */
function recur(layer: TfLayer, input: Tensor, states: Map<string, Tensor[]>): Tensor {
  const { cell } = layer as unknown as { cell: Cell };
  const before = states.get(layer.name) ?? [cell.stateSize].flat().map((size) => zeros([1, size]));
  const [output, ...after] = cell.call([reshape(input, [1, -1]), ...before], { training: false }) as [
    Tensor,
    ...Tensor[],
  ];
  // The output is the first of the states too, and must not end with them.
  const shaped = reshape(output, [1, 1, -1]);
  const kept = after.map((state) => keep(state.clone()));
  dispose(states.get(layer.name) ?? []);
  states.set(layer.name, kept);
  return shaped;
}
