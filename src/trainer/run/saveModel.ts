/** Saves the trained network as a TensorFlow.js layers model, with what is needed to feed it raw data. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PreparedData } from '../data/prepareData.ts';
import { guard } from './eventLog.ts';

const WEIGHTS_FILE = 'weights.bin';

/** @throws {SkilletError} `run-folder`. */
export async function saveModel(model: LayersModel, { inputs, targets }: PreparedData, folder: string): Promise<void> {
  guard(folder, () => mkdirSync(folder, { recursive: true }));
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      const { modelTopology, format, generatedBy, convertedBy, weightSpecs } = artifacts;
      const weightsManifest = [{ paths: [WEIGHTS_FILE], weights: weightSpecs }];
      const text = JSON.stringify({ modelTopology, format, generatedBy, convertedBy, weightsManifest });
      const weights = io.CompositeArrayBuffer.join(artifacts.weightData);
      guard(folder, () => {
        writeFileSync(path.join(folder, WEIGHTS_FILE), new Uint8Array(weights));
        writeFileSync(path.join(folder, 'model.json'), text);
      });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const scaler = {
    inputs: { names: inputs.names, categories: inputs.categories, ...inputs.scaler },
    targets: { names: targets.names, classes: targets.classes, ...targets.scaler },
    rule: 'input = (value - offset) / factor; value = output * factor + offset',
    ...(targets.difference === 0 ? {} : { difference: targets.difference, of: differenceRule(targets.difference) }),
  };
  guard(folder, () => writeFileSync(path.join(folder, 'scaler.json'), `${JSON.stringify(scaler, null, 2)}\n`));
}

function differenceRule(rows: number): string {
  return `The targets, among the inputs too, are changes: value(row) - value(row - ${rows}).`;
}
