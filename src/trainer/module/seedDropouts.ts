/** Gives the dropouts of a module's model masks from the run's own random stream, and names what has none. */
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type MaskSource, seedDropout } from '../model/seededDropout.ts';
import { deriveSeed } from '../random/deriveSeed.ts';
import { layersWithin, layerType, type TfLayer } from './layerWords.ts';

export interface Seeded {
  /** By the layer's name. */
  readonly masks: ReadonlyMap<string, MaskSource>;
  /** Names of layers that draw chance numbers of their own in training, and so make a run that cannot be repeated. */
  readonly unseeded: readonly string[];
}

/** Layers that TensorFlow.js gives new noise at each step. */
const NOISY = new Set(['GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'SpatialDropout1D']);

/** @param labels Layer name → name in the graph. */
export function seedDropouts(model: LayersModel, seed: number, labels: ReadonlyMap<string, string>): Seeded {
  const masks = new Map<string, MaskSource>();
  const unseeded: string[] = [];
  const all = [...new Set(model.layers.flatMap(layersWithin))];
  all.forEach((layer, index) => {
    if (isPlainDropout(layer)) {
      const { masks: source } = seedDropout(layer as ReturnType<typeof layers.dropout>, deriveSeed(seed, index, 0));
      masks.set(nameFor(layer, masks, labels), source);
    } else if (isNoisy(layer)) {
      unseeded.push(labels.get(layer.name) ?? layer.name);
    }
  });
  return { masks, unseeded };
}

/** Layers within layers may share a name. */
function nameFor(layer: TfLayer, taken: ReadonlyMap<string, unknown>, labels: ReadonlyMap<string, string>): string {
  const label = labels.get(layer.name) ?? layerType(layer);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? label : `${label} (${number})`;
    if (!taken.has(name)) {
      return name;
    }
  }
}

function isPlainDropout(layer: TfLayer): boolean {
  const { noiseShape } = layer as unknown as { noiseShape?: unknown };
  return layer.getClassName() === 'Dropout' && (noiseShape === undefined || noiseShape === null);
}

function isNoisy(layer: TfLayer): boolean {
  const { cell } = layer as unknown as { cell?: { dropout?: number; recurrentDropout?: number } };
  const isNoisyCell = (cell?.dropout ?? 0) > 0 || (cell?.recurrentDropout ?? 0) > 0;
  return NOISY.has(layer.getClassName()) || layer.getClassName() === 'Dropout' || isNoisyCell;
}
