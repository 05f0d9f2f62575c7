/** Reads and writes the network of a model folder: `model.json` and its weights, as TensorFlow.js keeps them. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { ModelFile, Weight } from './modelSpec.ts';
import { parseConfig } from './parseConfig.ts';
import { toOwnLayers } from './resetAfterLayers.ts';
import { toTopology } from './toTopology.ts';

const WEIGHTS_FILE = 'weights.bin';

interface ModelJson {
  readonly modelTopology?: unknown;
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  }[];
}

/** @throws {SkilletError} `model-unreadable`, `model-unsupported`. */
export async function readModelFolder(folder: string): Promise<ModelFile> {
  const file = path.join(folder, 'model.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw unreadable(folder, 'has no model.json in it.');
  });
  const json = JSON.parse(text) as ModelJson;
  const weights: Weight[] = [];
  for (const { paths, weights: entries } of json.weightsManifest ?? []) {
    const parts = await Promise.all(paths.map((name) => readFile(path.join(folder, path.basename(name)))));
    const bytes = Buffer.concat(parts);
    let offset = 0;
    for (const { name, shape, dtype } of entries) {
      const count = shape.reduce((product, size) => product * size, 1);
      if (dtype !== 'float32' || offset + count * 4 > bytes.length) {
        throw unreadable(folder, `has a weight ${name} of ${dtype} that its file does not hold.`);
      }
      const data = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + count * 4),
      );
      weights.push({ name, shape, data });
      offset += count * 4;
    }
  }
  return { spec: parseConfig(json.modelTopology), weights };
}

/** Writes into a folder that exists. */
export async function writeModelFolder({ spec, weights }: ModelFile, folder: string): Promise<void> {
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = {
    modelTopology: toTopology(toOwnLayers(spec)),
    format: 'layers-model',
    generatedBy: 'Keras',
    convertedBy: 'Skillet',
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: manifest }],
  };
  const bytes = Buffer.concat(weights.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  await writeFile(path.join(folder, WEIGHTS_FILE), bytes);
  await writeFile(path.join(folder, 'model.json'), `${JSON.stringify(json)}\n`);
}

function unreadable(folder: string, message: string): SkilletError {
  return new SkilletError('model-unreadable', folder, { message, remedy: 'Name the model folder of a completed run.' });
}
