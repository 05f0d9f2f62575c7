/** Saves the trained network as a TensorFlow.js layers model, with what is needed to feed it raw data. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { MODEL_FILES, type Sidecar } from '../../common/model/sidecar.ts';
import { guard } from './eventLog.ts';

/**
 * Writes the three files of a model folder (docs/models.md), over those that are there.
 *
 * @throws {SkilletError} `run-folder`.
 */
export async function saveModel(model: LayersModel, sidecar: Sidecar, folder: string): Promise<void> {
  guard(folder, () => mkdirSync(folder, { recursive: true }));
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      const { modelTopology, format, generatedBy, convertedBy, weightSpecs } = artifacts;
      const weightsManifest = [{ paths: [MODEL_FILES.weights], weights: weightSpecs }];
      const text = JSON.stringify({ modelTopology, format, generatedBy, convertedBy, weightsManifest });
      const weights = io.CompositeArrayBuffer.join(artifacts.weightData);
      guard(folder, () => {
        writeFileSync(path.join(folder, MODEL_FILES.weights), new Uint8Array(weights));
        writeFileSync(path.join(folder, MODEL_FILES.topology), text);
      });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  guard(folder, () => {
    writeFileSync(path.join(folder, MODEL_FILES.sidecar), `${JSON.stringify(sidecar, null, 2)}\n`);
  });
}
