/** Refuses inputs that an embedding has no row for: TensorFlow.js would read past its table without a word. */
import { SkilletError } from '../../common/errors.ts';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { EncodedInputs } from './encodeInputs.ts';
import type { PreparedData } from './prepareData.ts';

/** @throws {SkilletError} `recipe-out-of-range`: an input is no whole number from 0 to inputDim − 1. */
export function refuseStrangeCodes(recipe: Recipe, { inputs }: PreparedData): void {
  recipe.model.forEach((layer, index) => {
    if (layer.type === 'embedding' && layer.inputs.includes(INPUT)) {
      const { name, inputDim = 0 } = layer;
      refuseCodesBeyond({ name, inputDim, field: `model[${index}].embedding.inputDim` }, inputs);
    }
  });
}

/** @throws {SkilletError} `recipe-out-of-range`. */
export function refuseCodesBeyond(
  { name, inputDim, field }: { readonly name: string; readonly inputDim: number; readonly field: string },
  inputs: EncodedInputs,
): void {
  const codes = inputs.text?.vocabulary.tokens.length ?? 0;
  if (inputDim < codes) {
    throw new SkilletError('recipe-out-of-range', field, {
      message: `${inputDim} is less than the ${codes} codes of the texts: ${codes - 2} different ${inputs.text?.rule.by} in the training rows, padding and unknown.`,
      remedy: `Set inputDim: ${codes}, or leave it out, or set data.text.vocabulary: ${inputDim}.`,
    });
  }
  const odd = inputs.values.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= inputDim);
  if (odd !== -1) {
    const code = inputs.values[odd];
    throw new SkilletError('recipe-out-of-range', field, {
      message: `The column ${inputs.names[odd % inputs.width]} holds ${code}, but the embedding ${name} takes whole numbers from 0 to ${inputDim - 1}.`,
      remedy: Number.isInteger(code)
        ? 'Raise inputDim, or renumber the codes.'
        : 'Feed it codes; set data.scale: none.',
    });
  }
}
