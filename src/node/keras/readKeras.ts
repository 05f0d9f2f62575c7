/** Reads a model that Keras saved: `.keras` of Keras 3, or the older HDF5 file. */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { floatsAt, groupAt, type Hdf5, type Hdf5File, type Hdf5Group, textAttribute, withHdf5 } from './hdf5.ts';
import { LAYER_CLASSES } from './layerClasses.ts';
import type { LayerSpec, ModelFile, Weight } from './modelSpec.ts';
import { parseConfig } from './parseConfig.ts';
import { unzipModel } from './unzipModel.ts';
import { varsPath, weightGroups } from './weightGroups.ts';

/** @throws {SkilletError} `model-unreadable`, `model-unsupported`. */
export async function readKeras(file: string): Promise<ModelFile> {
  return (await isZip(file)) ? readArchive(file) : withHdf5(file, 'r', readLegacy);
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch((error: Error) => {
    throw new SkilletError('model-unreadable', file, {
      message: `cannot be read: ${error.message}.`,
      remedy: 'Check the path.',
    });
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt32BE(0) === 0x504b0304;
  } finally {
    await handle.close();
  }
}

async function readArchive(file: string): Promise<ModelFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'skillet-keras-'));
  try {
    await unzipModel(file, folder);
    const spec = parseConfig(parseJson(await readFile(path.join(folder, 'config.json'), 'utf8')));
    const weights = await withHdf5(path.join(folder, 'model.weights.h5'), 'r', (opened, hdf5) =>
      readGroups(spec.layers, opened, hdf5),
    );
    return { spec, weights };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SkilletError('model-unreadable', 'config.json', {
      message: 'is no JSON.',
      remedy: 'Save the model again with model.save.',
    });
  }
}

function readGroups(layers: readonly LayerSpec[], opened: Hdf5File, hdf5: Hdf5): Weight[] {
  const root = groupAt(opened, 'layers', hdf5) ?? groupAt(opened, '_layer_checkpoint_dependencies', hdf5) ?? opened;
  const counted = weightGroups(layers);
  const named = new Map(
    root.keys().flatMap((key) => {
      const vars = groupAt(root, `${key}/vars`, hdf5);
      const name = vars === null ? null : textAttribute(vars, 'name');
      return name === null ? [] : [[name, key] as const];
    }),
  );
  return layers.flatMap((layer) => {
    const group = named.get(layer.name) ?? counted.get(layer.name) ?? '';
    return weightsOf(layer).map((weight, place) => ({
      name: `${layer.name}/${weight}`,
      ...floatsAt(root, `${group}/${varsPath(layer)}/${place}`, hdf5),
    }));
  });
}

function weightsOf({ className, config }: LayerSpec): readonly string[] {
  return LAYER_CLASSES[className]?.weights(config) ?? [];
}

/** Weights lie under the name of their layer; their own names end in the weight's, as in `g/gru_cell/kernel:0`. */
function readLegacy(opened: Hdf5File, hdf5: Hdf5): ModelFile {
  const config = textAttribute(opened, 'model_config');
  const root = groupAt(opened, 'model_weights', hdf5);
  if (config === null || root === null) {
    throw new SkilletError('model-unreadable', opened.filename, {
      message: 'holds no whole model.',
      remedy: 'Save it with model.save, not model.save_weights.',
    });
  }
  const spec = parseConfig(parseJson(config));
  const weights = spec.layers.flatMap((layer) => {
    const wanted = weightsOf(layer);
    const group = wanted.length === 0 ? null : groupAt(root, layer.name, hdf5);
    const names = group === null ? [] : weightNames(group);
    return wanted.map((weight) => {
      const found = names.find((name) => name.replace(/:0$/, '').split('/').at(-1) === weight) ?? weight;
      return { name: `${layer.name}/${weight}`, ...floatsAt(root, `${layer.name}/${found}`, hdf5) };
    });
  });
  return { spec, weights };
}

function weightNames(group: Hdf5Group): string[] {
  const value = group.attrs.weight_names?.value;
  return Array.isArray(value) ? value.map(String) : [];
}
