/** Makes a model folder of a network of Keras's that was converted to TensorFlow.js's files. */
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SkilletError } from '../../common/errors.ts';
import type { ImportTask } from '../../common/model/importMessages.ts';
import { SCALE_RULE, SIDECAR_VERSION, type Sidecar } from '../../common/model/sidecar.ts';
import { namedInputs } from '../imported/namedInputs.ts';
import { fillFolder, type Imported, refuseTaken } from '../imported/newFolder.ts';
import { plainTargets } from '../imported/plainTargets.ts';
import { graphOfModel } from '../module/graphOfModel.ts';
import { activationOf, labelLayers, layerType } from '../module/layerWords.ts';
import { loadNetworkFolder } from '../predict/readModelFolder.ts';
import { toPlainGraph } from '../run/describeModel.ts';
import { saveModel } from '../run/saveModel.ts';

type KerasTask = Extract<ImportTask, { kind: 'keras' }>;

/** @throws {SkilletError} `import-*`, `data-*`, `model-output`; nothing was made then. */
export async function importKeras({ file, networkFolder, outFolder, training }: KerasTask): Promise<Imported> {
  const stem = file.replace(/\.(keras|h5|hdf5)$/i, '');
  const folder = outFolder ?? `${stem}-model`;
  refuseTaken(folder);
  const model = await loadNetworkFolder(networkFolder);
  try {
    const shape = shapeOf(model, file);
    const [width = 1, ...more] = shape;
    const sidecar: Sidecar = {
      version: SIDECAR_VERSION,
      name: path.basename(stem),
      source: { kind: 'keras', files: [path.basename(file)] },
      inputs:
        training === null
          ? { encoding: 'positions', shape }
          : await namedInputs(more.length === 0 ? width : null, training),
      targets: plainTargets({ ...outputsOf(model, file), target: training?.target ?? null }),
      states: [],
      graph: toPlainGraph(graphOfModel(model, labelLayers(model.layers))),
      rule: SCALE_RULE,
    };
    await fillFolder(folder, (draft) => saveModel(model, sidecar, { folder: draft }));
    return { folder, sidecar, notes: [], recipeFile: null };
  } finally {
    model.dispose();
  }
}

/** @throws {SkilletError} `import-unsupported`: samples of any length, which rows of a CSV file cannot be. */
function shapeOf(model: LayersModel, file: string): number[] {
  return sizesOf(model.inputs[0]?.shape.slice(1) ?? [], `${path.basename(file)}: input`);
}

function sizesOf(shape: readonly (number | null)[], field: string): number[] {
  return shape.map((size) => {
    if (size === null) {
      throw new SkilletError('import-unsupported', field, {
        message: `has the shape (${['batch', ...shape.map((length) => length ?? 'None')].join(', ')}): its length is left open.`,
        remedy: 'Build the model with an input of a fixed shape, keras.Input((12, 3)) for example, and save it again.',
      });
    }
    return size;
  });
}

/** A softmax over one dimension tells classes, and a single sigmoid two. */
function outputsOf(model: LayersModel, file: string): { isOverClasses: boolean; outputs: number } {
  const sizes = sizesOf(model.outputs[0]?.shape.slice(1) ?? [], `${path.basename(file)}: output`);
  const outputs = sizes.reduce((product, size) => product * size, 1);
  const last = model.outputs[0]?.sourceLayer as LayersModel['layers'][number];
  const ending = layerType(last) === 'softmax' ? 'softmax' : activationOf(last);
  const isOverClasses = sizes.length === 1 && (ending === 'softmax' || (ending === 'sigmoid' && outputs === 1));
  return { isOverClasses, outputs };
}
