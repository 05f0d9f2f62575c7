/** Reads a model folder: the network, ready to predict, and what stands beside it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { SkilletError } from '../../common/errors.ts';
import {
  MODEL_FILES,
  type ModuleSource,
  type OldModel,
  parseSidecar,
  type Sidecar,
} from '../../common/model/sidecar.ts';
import { parseRecipe } from '../../common/recipe/parse.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { mendStates } from '../model/mendStates.ts';
import { registerOwnLayers } from '../model/ownLayers.ts';
import { loadFromModule } from './loadFromModule.ts';

export interface LoadedModel {
  /** The model folder itself, also where its run's folder was named. */
  readonly folder: string;
  /** The caller's to dispose. */
  readonly model: LayersModel;
  readonly sidecar: Sidecar;
}

/**
 * @param named A model folder, or the folder of a run, whose model is meant.
 * @throws {SkilletError} `model-unreadable`.
 */
export async function readModelFolder(named: string): Promise<LoadedModel> {
  const folder = findModelFolder(named);
  const sidecarFile = path.join(folder, MODEL_FILES.sidecar);
  const topology = readJson(path.join(folder, MODEL_FILES.topology)) as io.ModelJSON;
  const value = readJson(sidecarFile);
  const source = moduleOf(value, sidecarFile);
  const model = await loadNetwork(folder, topology, source);
  try {
    return { folder, model, sidecar: parseSidecar(value, sidecarFile, describeOld(folder, model)) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** A folder of version 1, of which the network must be known first, has no module. */
function moduleOf(value: unknown, file: string): ModuleSource | null {
  const hasOne = typeof value === 'object' && value !== null && 'module' in value;
  return hasOne ? (parseSidecar(value, file, { name: '', sample: null }).module ?? null) : null;
}

function findModelFolder(named: string): string {
  const folders = [named, path.join(named, RUN_FILES.model)];
  const found = folders.find((folder) => existsSync(path.join(folder, MODEL_FILES.topology)));
  if (found !== undefined) {
    return found;
  }
  const isRun = existsSync(path.join(named, RUN_FILES.events));
  throw new SkilletError('model-unreadable', named, {
    message: isRun
      ? 'has no model yet: a run saves it when it ends.'
      : existsSync(named)
        ? 'holds no model: there is no model.json in it.'
        : 'does not exist.',
    remedy: isRun
      ? 'Let the run train to its end, or stop it.'
      : 'Name the folder of a finished run, its model folder, or a folder that skillet import has made.',
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw unreadable(file, isAbsent ? 'is not there.' : `cannot be read: ${describe(error)}.`);
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

function unreadable(file: string, message: string): SkilletError {
  return new SkilletError('model-unreadable', file, {
    message,
    remedy: 'Save the model again: train the recipe, or import it anew.',
  });
}

/** The network alone, of a folder without a sidecar. @throws {SkilletError} `model-unreadable`. */
export async function loadNetworkFolder(folder: string): Promise<LayersModel> {
  return loadNetwork(folder, readJson(path.join(folder, MODEL_FILES.topology)) as io.ModelJSON, null);
}

async function loadNetwork(
  folder: string,
  { modelTopology, weightsManifest }: io.ModelJSON,
  source: ModuleSource | null,
): Promise<LayersModel> {
  registerOwnLayers();
  const specs = (weightsManifest ?? []).flatMap(({ weights }) => weights);
  const file = path.join(folder, MODEL_FILES.weights);
  const bytes = readBytes(file);
  const wanted = specs.reduce((sum, { shape }) => sum + 4 * shape.reduce((product, length) => product * length, 1), 0);
  if (bytes.byteLength !== wanted) {
    throw unreadable(file, `holds ${bytes.byteLength} bytes, but the network's weights take ${wanted}.`);
  }
  if (source?.needed) {
    return loadFromModule(folder, source, { specs, bytes });
  }
  try {
    const model = await loadLayersModel(
      io.fromMemory({ modelTopology: modelTopology as object, weightSpecs: specs, weightData: bytes.buffer }),
    );
    mendStates(model);
    return model;
  } catch (error) {
    if (source !== null) {
      return loadFromModule(folder, source, { specs, bytes });
    }
    throw unreadable(path.join(folder, MODEL_FILES.topology), `is no network: ${describe(error)}.`);
  }
}

/** In a buffer of its own: a small file's bytes would lie in one that is shared. */
function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw unreadable(file, `cannot be read: ${describe(error)}.`);
  }
}

/** What a folder of version 1 leaves to the network and to its run's recipe. */
function describeOld(folder: string, model: LayersModel): OldModel {
  const file = path.join(path.dirname(folder), RUN_FILES.recipe);
  const recipe = existsSync(file) ? parseRecipe(readFileSync(file, 'utf8')).recipe : null;
  const shape = model.inputs[0]?.shape.slice(1).map((length) => length ?? 1) ?? [];
  const [lookback = 1] = shape;
  const isWindow = shape.length === 2;
  return {
    name: recipe?.name ?? path.basename(folder),
    sample: isWindow
      ? { kind: 'window', lookback, horizon: recipe?.data.horizon ?? 1 }
      : shape.length === 0
        ? null
        : { kind: 'row', shape },
  };
}
