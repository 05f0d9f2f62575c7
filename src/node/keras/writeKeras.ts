/** Writes a model for Keras: `.keras` for Keras 3, or the older HDF5 file, which Keras 2 reads too. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type Hdf5File, type Hdf5Group, withHdf5 } from './hdf5.ts';
import { LAYER_CLASSES } from './layerClasses.ts';
import type { LayerSpec, ModelFile, Weight } from './modelSpec.ts';
import { toKerasConfig } from './toKerasConfig.ts';
import { toTopology } from './toTopology.ts';
import { varsPath, weightGroups } from './weightGroups.ts';

/** The version whose files these are like. */
const KERAS_VERSION = '3.15.1';

/** Its ending says which form: `.keras`, or `.h5` and `.hdf5`. Drafts lie beside it; the caller's folder is its alone. */
export async function writeKeras(model: ModelFile, file: string, now: Date): Promise<void> {
  if (file.endsWith('.keras')) {
    await writeArchive(model, file, now);
  } else {
    await withHdf5(file, 'w', (opened) => writeLegacy(model, opened));
  }
}

async function writeArchive({ spec, weights }: ModelFile, file: string, now: Date): Promise<void> {
  const weightsFile = `${file}.weights.h5`;
  await withHdf5(weightsFile, 'w', (opened) => writeGroups(spec.layers, weights, opened));
  const zip = new ZipFile();
  const json = (name: string, value: unknown) => zip.addBuffer(Buffer.from(JSON.stringify(value)), name);
  json('metadata.json', { keras_version: KERAS_VERSION, date_saved: now.toISOString().slice(0, 19).replace('T', '@') });
  json('config.json', toKerasConfig(spec));
  zip.addFile(weightsFile, 'model.weights.h5', { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  await rm(weightsFile);
}

function writeGroups(layers: readonly LayerSpec[], weights: readonly Weight[], opened: Hdf5File): void {
  const root = opened.create_group('layers');
  const groups = weightGroups(layers);
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  for (const layer of layers) {
    const group = root.create_group(groups.get(layer.name) ?? layer.name);
    group.create_group('vars').create_attribute('name', layer.name);
    const wanted = LAYER_CLASSES[layer.className]?.weights(layer.config) ?? [];
    const isInCell = varsPath(layer) !== 'vars';
    const place = isInCell ? group.create_group('cell').create_group('vars') : (group.get('vars') as Hdf5Group);
    for (const [index, name] of wanted.entries()) {
      addWeight(place, String(index), byName.get(`${layer.name}/${name}`));
    }
  }
  opened.create_group('vars').create_attribute('name', 'model');
}

function addWeight(group: Hdf5Group, name: string, weight: Weight | undefined): void {
  if (weight === undefined) {
    throw new Error(`The model has no weight for ${group.path}/${name}`);
  }
  group.create_dataset({ name, data: weight.data, shape: [...weight.shape], dtype: '<f4' });
}

function writeLegacy({ spec, weights }: ModelFile, opened: Hdf5File): void {
  opened.create_attribute('model_config', JSON.stringify(toTopology(spec)));
  opened.create_attribute('keras_version', '2.15.0');
  opened.create_attribute('backend', 'tensorflow');
  const root = opened.create_group('model_weights');
  root.create_attribute(
    'layer_names',
    spec.layers.map(({ name }) => name),
  );
  root.create_attribute('keras_version', '2.15.0');
  root.create_attribute('backend', 'tensorflow');
  for (const layer of spec.layers) {
    const group = root.create_group(layer.name);
    const own = weights.filter(({ name }) => name.startsWith(`${layer.name}/`));
    group.create_attribute(
      'weight_names',
      own.map(({ name }) => name),
      own.length === 0 ? [0] : undefined,
    );
    const inner = own.length === 0 ? null : group.create_group(layer.name);
    own.forEach((weight) => {
      inner?.create_dataset({
        name: weight.name.slice(layer.name.length + 1),
        data: weight.data,
        shape: [...weight.shape],
        dtype: '<f4',
      });
    });
  }
}
