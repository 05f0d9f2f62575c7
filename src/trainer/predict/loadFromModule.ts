/** Makes a saved network anew with the module of its recipe, whose layers nobody else knows, and gives it the saved weights. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { dispose, type io, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { SkilletError } from '../../common/errors.ts';
import type { ModuleSource } from '../../common/model/sidecar.ts';
import { mendStates } from '../model/mendStates.ts';
import { importModule } from '../module/importModule.ts';
import { messageOf } from '../module/moduleFault.ts';
import { fingerprint } from '../module/moduleSource.ts';

/** How long the module may take to be loaded. */
const LIMIT_MS = 60_000;

export interface SavedWeights {
  readonly specs: readonly io.WeightsManifestEntry[];
  /** All of them, float32, in the order of `specs`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Runs the module: where it was when the network was trained, or where it was put beside the saved network.
 *
 * @throws {SkilletError} `model-module`.
 */
export async function loadFromModule(folder: string, source: ModuleSource, saved: SavedWeights): Promise<LayersModel> {
  const file = findModule(folder, source);
  const model = await runModule(file, source);
  try {
    setWeights(model, file, saved);
    mendStates(model);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function findModule(folder: string, { file, sha256 }: ModuleSource): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const places = [file, path.join(folder, name)].filter((place) => existsSync(place));
  const found = places.find((place) => fingerprint(place) === sha256);
  if (found !== undefined) {
    return found;
  }
  throw places[0] === undefined
    ? refuse(
        file,
        `The network has layers of its own, which this module makes, and it is no longer there.`,
        `Put the module back, or a copy of it as ${name} into ${folder}.`,
      )
    : refuse(
        places[0],
        'The network has layers of its own, which this module makes, and the module was changed since the training.',
        `Put the module back as it was, or a copy of that as ${name} into ${folder}, or train again.`,
      );
}

async function runModule(file: string, { params, inputShape, outputs }: ModuleSource): Promise<LayersModel> {
  try {
    const build = await importModule(file, path.basename(file), LIMIT_MS);
    const { moduleTf } = await import('../module/moduleTf.ts');
    const model = build(moduleTf, Object.freeze({ ...params }), { inputShape, outputs });
    if (model instanceof LayersModel) {
      return model;
    }
  } catch (error) {
    throw refuse(file, `The network needs this module, which failed: ${messageOf(error)}.`, 'Mend the module.');
  }
  throw refuse(file, 'The network needs this module, whose build gives no model.', 'Mend the module.');
}

/** In the order in which they were saved, which is the model's own. */
function setWeights(model: LayersModel, file: string, { specs, bytes }: SavedWeights): void {
  const wanted = model.getWeights().map(({ shape }) => shape.join('×'));
  const given = specs.map(({ shape }) => shape.join('×'));
  if (wanted.join() !== given.join()) {
    throw refuse(
      file,
      `The module makes a network with the weights ${wanted.join(', ')}, but those saved are ${given.join(', ')}.`,
      'Put the module back as it was when the network was trained, or train again.',
    );
  }
  let offset = 0;
  const weights: Tensor[] = specs.map(({ shape }) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const values = new Float32Array(bytes.buffer, offset, count);
    offset += 4 * count;
    return tensor(values.slice(), shape);
  });
  model.setWeights(weights);
  dispose(weights);
}

function refuse(file: string, message: string, remedy: string): SkilletError {
  return new SkilletError('model-module', file, { message, remedy });
}
