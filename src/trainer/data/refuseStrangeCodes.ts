/** Refuses inputs that an embedding has no row for: TensorFlow.js would read past its table without a word. */
import { SkilletError } from '../../common/errors.ts';
import { INPUT } from '../../common/recipe/nameLayers.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { PreparedData } from './prepareData.ts';

/** @throws {SkilletError} `recipe-out-of-range`: an input is no whole number from 0 to inputDim − 1. */
export function refuseStrangeCodes(recipe: Recipe, { inputs }: PreparedData): void {
  recipe.model.forEach((layer, index) => {
    if (layer.type !== 'embedding' || !layer.inputs.includes(INPUT)) {
      return;
    }
    const inputDim = layer.inputDim ?? 0;
    const codes = inputs.text?.vocabulary.tokens.length ?? 0;
    if (inputDim < codes) {
      throw new SkilletError('recipe-out-of-range', `model[${index}].embedding.inputDim`, {
        message: `${inputDim} is less than the ${codes} codes of the texts: ${codes - 2} different ${inputs.text?.rule.by} in the training rows, padding and unknown.`,
        remedy: `Set inputDim: ${codes}, or leave it out, or set data.text.vocabulary: ${inputDim}.`,
      });
    }
    const odd = inputs.values.findIndex((code) => !Number.isInteger(code) || code < 0 || code >= inputDim);
    if (odd !== -1) {
      const code = inputs.values[odd];
      throw new SkilletError('recipe-out-of-range', `model[${index}].embedding.inputDim`, {
        message: `The column ${inputs.names[odd % inputs.width]} holds ${code}, but the embedding ${layer.name} takes whole numbers from 0 to ${inputDim - 1}.`,
        remedy: Number.isInteger(code)
          ? 'Raise inputDim, or renumber the codes.'
          : 'Feed it codes; set data.scale: none.',
      });
    }
  });
}
