/** Gives embeddings that read texts the size of the vocabulary, where the recipe leaves it to the data. */
import type { Recipe } from '../../common/recipe/schema.ts';
import type { EncodedInputs } from './encodeInputs.ts';

export function settleEmbeddings(recipe: Recipe, { text }: EncodedInputs): Recipe {
  if (text === undefined) {
    return recipe;
  }
  const inputDim = text.vocabulary.tokens.length;
  const model = recipe.model.map((layer) =>
    layer.type === 'embedding' && layer.inputDim === undefined ? { ...layer, inputDim } : layer,
  );
  return { ...recipe, model };
}
