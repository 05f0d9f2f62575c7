/** Saves the trained network as a TensorFlow.js layers model, with what is needed to feed it raw data. */
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { MODEL_FILES, type Sidecar } from '../../common/model/sidecar.ts';
import { type Disk, guard, systemDisk, writeWhole } from './disk.ts';

/**
 * Writes the three files of a model folder (docs/models.md) beside those that are there, and puts them in their place once all
 * are whole.
 *
 * @throws {SkilletError} `run-folder`: what was there is as it was.
 */
export async function saveModel(
  model: LayersModel,
  sidecar: Sidecar,
  { folder, disk = systemDisk }: { readonly folder: string; readonly disk?: Disk | undefined },
): Promise<void> {
  const files = new Map([[MODEL_FILES.sidecar as string, Buffer.from(`${JSON.stringify(sidecar, null, 2)}\n`)]]);
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      const { modelTopology, format, generatedBy, convertedBy, weightSpecs } = artifacts;
      const weightsManifest = [{ paths: [MODEL_FILES.weights], weights: weightSpecs }];
      const text = JSON.stringify({ modelTopology, format, generatedBy, convertedBy, weightsManifest });
      files.set(MODEL_FILES.weights, Buffer.from(io.CompositeArrayBuffer.join(artifacts.weightData)));
      files.set(MODEL_FILES.topology, Buffer.from(text));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  guard(folder, () => putFiles(folder, files, disk));
}

function putFiles(folder: string, files: ReadonlyMap<string, Buffer>, disk: Disk): void {
  mkdirSync(folder, { recursive: true });
  const draft = (name: string) => path.join(folder, `.${name}.part`);
  try {
    for (const [name, bytes] of files) {
      const fd = openSync(draft(name), 'w');
      try {
        writeWhole(disk, fd, bytes);
      } finally {
        closeSync(fd);
      }
    }
    for (const name of files.keys()) {
      renameSync(draft(name), path.join(folder, name));
    }
  } catch (error) {
    for (const name of files.keys()) {
      rmSync(draft(name), { force: true });
    }
    throw error;
  }
}
