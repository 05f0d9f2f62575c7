/** Refuses what a module built where the trainer or the recipe cannot use it. */
import { LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { SkilletError } from '../../common/errors.ts';
import { formatShape } from '../../common/format.ts';
import { isClassification } from '../../common/recipe/checkTraining.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { activationOf, layersWithin } from './layerWords.ts';
import { lineIn, messageOf, moduleFault } from './moduleFault.ts';

export interface Wanted {
  readonly inputShape: readonly number[];
  readonly outputs: number;
}

/** @throws {SkilletError} `recipe-module`. */
export function checkModel(found: unknown, recipe: Recipe, { inputShape, outputs }: Wanted): LayersModel {
  if (found instanceof Promise) {
    throw moduleFault(
      'build gives a promise.',
      'Give the model itself; what must be awaited belongs at the top of the module.',
    );
  }
  if (!(found instanceof LayersModel)) {
    throw moduleFault(
      `build gives ${inWords(found)}, which is no model of the tf that it was given.`,
      'Give back tf.model(…) or tf.sequential(…), made with the tf that build is called with.',
    );
  }
  const { inputs, outputs: ends } = found as Partial<Pick<LayersModel, 'inputs' | 'outputs'>>;
  if (inputs === undefined || ends === undefined || inputs.length === 0) {
    throw moduleFault('build gives a model whose input has no shape yet.', 'Give its first layer inputShape.');
  }
  if (inputs.length !== 1 || ends.length !== 1) {
    throw moduleFault(
      `build gives a model of ${inputs.length} inputs and ${ends.length} outputs.`,
      'Give a model of one input and one output; cut the input apart within it.',
    );
  }
  checkShape(inputs[0] as SymbolicTensor, inputShape, 'takes', 'inputShape');
  checkShape(ends[0] as SymbolicTensor, [outputs], 'gives', 'outputs');
  checkWeights(found);
  checkEnd(found, recipe);
  checkSaving(found);
  return found;
}

function checkShape({ shape }: SymbolicTensor, wanted: readonly number[], verb: string, word: string): void {
  const own = shape.slice(1);
  const fits = own.length === wanted.length && own.every((size, axis) => size === null || size === wanted[axis]);
  if (!fits) {
    throw moduleFault(
      `build gives a model that ${verb} the shape ${formatShape(own)}, but the data has ${formatShape(wanted)}.`,
      `Use the ${word} that build is called with.`,
    );
  }
}

function checkWeights({ trainableWeights }: LayersModel): void {
  if (trainableWeights.length === 0) {
    throw moduleFault('build gives a model without trainable weights.', 'Add a dense layer, or set trainable: true.');
  }
}

/** The loss over classes is computed from what goes into the last activation. */
function checkEnd(model: LayersModel, recipe: Recipe): void {
  if (!isClassification(recipe)) {
    return;
  }
  const { loss } = recipe.train;
  const wanted = loss === 'binaryCrossentropy' ? 'sigmoid' : 'softmax';
  const last = model.layers.at(-1);
  const activation = last === undefined ? undefined : activationOf(last);
  if (activation !== wanted) {
    throw moduleFault(
      `build gives a model that ends with activation ${activation ?? 'linear'}, but ${loss} needs probabilities.`,
      `End it with a dense layer of activation ${wanted}, or choose another loss.`,
    );
  }
  const { inboundNodes } = last as unknown as { inboundNodes: readonly unknown[] };
  if (inboundNodes.length > 1) {
    throw moduleFault(
      'build gives a model whose last layer is applied several times.',
      'Give the output a layer of its own.',
    );
  }
}

/** A model that cannot be written must not be found out about after hours of training. */
function checkSaving(model: LayersModel): void {
  const nameless = model.layers.flatMap(layersWithin).find((layer) => typeof layer.getClassName() !== 'string');
  if (nameless !== undefined) {
    throw moduleFault(
      `the class ${nameless.constructor.name} of the layer ${nameless.name} has no className, so that the model cannot be saved.`,
      `Write static className = '${nameless.constructor.name || 'MyLayer'}'; in it.`,
    );
  }
  try {
    model.toJSON(null, false);
  } catch (error) {
    throw moduleFault(
      `build gives a model that cannot be saved: ${messageOf(error)}.`,
      'Mend getConfig of the layers of your own.',
    );
  }
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) {
    return 'nothing';
  }
  return typeof value === 'object'
    ? `an object of ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`
    : `the ${typeof value} ${String(value).slice(0, 40)}`;
}

/** What `build` threw. */
export function buildFault(file: string, error: unknown): SkilletError {
  const message = messageOf(error);
  return moduleFault(`build failed${lineIn(file, error)}: ${message}.`, remedyFor(message));
}

/** The two faults that are hardest to guess from what TensorFlow.js says. */
function remedyFor(message: string): string {
  if (/\.\w+ is not a function/.test(message)) {
    return 'Operations are functions of tf, as in tf.add(x, y); tensors have no methods for them.';
  }
  return /undefined \(reading 'replace'\)/.test(message)
    ? "Write static className = 'MyLayer'; in each layer class of your own."
    : 'Mend the module; docs/modules.md says what build is given.';
}
