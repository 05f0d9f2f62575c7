/** Looks at every layer of a network under training, and leaves no trace in it. */
import { concat, dispose, fill, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import type { LayerStatistics } from '../../common/run/events.ts';
import { withoutTrace } from '../compiled/networkState.ts';
import { activationOf, layerType } from '../module/layerWords.ts';
import type { Batch } from '../training/batches.ts';
import type { Network } from '../training/network.ts';
import { read } from '../training/readTensors.ts';
import { ACTIVATION_PARTS, activationParts, NORM_PARTS, normParts, toActivation, toFigure, toNorm } from './figures.ts';
import { timeLayers } from './forwardTimes.ts';
import { ownLayers, passOnce, type TfLayer } from './trainingPass.ts';

/** Activations, and layers that are one, that give 0 and pass no gradient on for half of all inputs. */
const CAN_DIE = new Set(['relu', 'relu6', 'reLU', 'thresholdedReLU']);

/**
 * Gradients are those of the whole loss, with its weight and penalties, before they are clipped; activations those of the same
 * pass, with dropout, and with the batch's own averages where a layer normalises by them.
 *
 * @param network Its variables must be up to date; see `Stepper.settle`.
 */
export async function lookAtLayers(
  network: Network,
  batch: Batch,
  monotonicMs: () => number,
): Promise<LayerStatistics[]> {
  const times = await timeLayers(network, batch, monotonicMs);
  const layers = ownLayers(network);
  const figures = await figuresOf(network, batch, layers);
  const totalMs = layers.reduce((sum, layer) => sum + (times.get(layer) ?? 0), 0);
  return layers.map((layer, index) => ({
    layer: network.built.labels?.get(layer.name) ?? layer.name,
    ...(figures[index] ?? NO_FIGURES),
    timeShare: toFigure((times.get(layer) ?? 0) / totalMs),
  }));
}

type Figures = Omit<LayerStatistics, 'layer' | 'timeShare'>;
const NO_FIGURES: Figures = { gradientNorm: null, weightNorm: null, activation: null, deadShare: null };

async function figuresOf(network: Network, batch: Batch, layers: readonly TfLayer[]): Promise<Figures[]> {
  // Not within a tidy: the state is put back behind the pass, and must outlive it.
  const parts = withoutTrace(network, () =>
    tidy(() => {
      const { outputs, gradients } = passOnce(network, batch);
      try {
        return concat(layers.flatMap((layer) => partsOf(layer, outputs.get(layer), gradients)) as Tensor1D[]);
      } finally {
        dispose([...outputs.values()]);
      }
    }),
  );
  try {
    const [values = new Float32Array()] = await read([parts]);
    let place = 0;
    const take = (count: number) => {
      place += count;
      return Array.from(values.subarray(place - count, place));
    };
    return layers.map((layer) => toFigures(layer, take));
  } finally {
    parts.dispose();
  }
}

/** As many numbers for a layer each time: `toFigures` takes them in this order. */
function partsOf(layer: TfLayer, output: Tensor | undefined, gradients: Readonly<Record<string, Tensor>>): Tensor[] {
  const weights = trainedWeights(layer);
  return [
    output === undefined ? unknown(ACTIVATION_PARTS) : activationParts(output),
    ...weights.flatMap((weight) => {
      const gradient = gradients[weight.name]; // None where a module's layer has a weight that nothing uses.
      return [gradient === undefined ? unknown(NORM_PARTS) : normParts(gradient), normParts(weight)];
    }),
  ];
}

const unknown = (count: number) => fill([count], Number.NaN);

function toFigures(layer: TfLayer, take: (count: number) => number[]): Figures {
  const activation = take(ACTIVATION_PARTS);
  const norms = trainedWeights(layer).map(() => ({ gradient: takePair(take), weight: takePair(take) }));
  return {
    gradientNorm: toNorm(norms.map(({ gradient }) => gradient)),
    weightNorm: toNorm(norms.map(({ weight }) => weight)),
    ...toActivation(activation, CAN_DIE.has(activationOf(layer) ?? layerType(layer))),
  };
}

function takePair(take: (count: number) => number[]): [number, number] {
  const [first = Number.NaN, second = Number.NaN] = take(NORM_PARTS);
  return [first, second];
}

/** The layers' wrapper hides the engine's variable, which gradients are named after. */
function trainedWeights({ trainableWeights }: TfLayer): (Tensor & { readonly name: string })[] {
  return trainableWeights.map((weight) => (weight as unknown as { val: Tensor & { name: string } }).val);
}
