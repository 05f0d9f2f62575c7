/** Writes values into a recipe's text by the short names that a person uses: `learningRate`, `epochs`, `units`. */
import { parse } from 'yaml';
import { SkilletError } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import { setValue } from './language/edits.ts';
import { applyEdits, readRecipeText } from './language/recipeText.ts';
import { OPTIMIZERS } from './optimizers.ts';
import { overrideRecipe } from './override.ts';
import { parseRecipe } from './parse.ts';
import { printFlow } from './printValue.ts';
import { type Recipe, recipeSchema } from './schema.ts';

/**
 * @param fields Name → value as it is typed. A name is a parameter, a setting of `train`, one of its optimizer, or a whole path
 *   (`model[1].dropout.rate`).
 * @param suggested What a mistyped name may have meant; absent: all that can be set.
 * @throws {SkilletError} A name that means nothing here, or a value that cannot be put there.
 */
export function setFields(
  text: string,
  fields: Readonly<Record<string, string>>,
  suggested?: readonly string[],
): string {
  return Object.entries(fields).reduce((changed, field) => setField(changed, field, suggested), text);
}

function setField(text: string, [name, typed]: readonly [string, string], suggested?: readonly string[]): string {
  const { recipe } = parseRecipe(text);
  if (recipe === null) {
    throw new SkilletError('recipe-syntax', 'recipe', {
      message: 'cannot be read, so no value can be changed.',
      remedy: 'Mend the recipe first.',
    });
  }
  if (Object.hasOwn(recipe.params, name)) {
    return overrideRecipe(text, { params: { [name]: typed } });
  }
  const path = pathOf(name, recipe, suggested);
  const source = readRecipeText(text);
  const edits = setValue(source, path, printFlow(toValue(name, typed), source));
  if (edits.length === 0) {
    throw new SkilletError('recipe-wrong-type', name, {
      message: 'cannot be changed: what it belongs to is no group of settings in this file.',
      remedy: 'Write the group out.',
    });
  }
  return applyEdits(text, edits);
}

/** A number, a word, or a group as in a recipe. */
function toValue(name: string, typed: string): unknown {
  try {
    return parse(typed) as unknown;
  } catch {
    throw new SkilletError('recipe-wrong-type', name, {
      message: `"${typed}" is no value.`,
      remedy: 'Write it as in a recipe, for example 0.001.',
    });
  }
}

const TRAIN_KEYS = Object.keys(recipeSchema.shape.train.shape);

/** Names that `setFields` knows of a recipe besides whole paths, those a fork most likely changes first. */
export function settableFields({ params, train }: Recipe): string[] {
  const ofOptimizer = Object.keys(OPTIMIZERS[train.optimizer.type].shape);
  return [...new Set([...Object.keys(params), ...ofOptimizer, ...TRAIN_KEYS])];
}

function pathOf(name: string, recipe: Recipe, suggested: readonly string[] = settableFields(recipe)): string {
  if (/^(?:train|model|data)\b./.test(name)) {
    return name;
  }
  if (TRAIN_KEYS.includes(name)) {
    return `train.${name}`;
  }
  const { type } = recipe.train.optimizer;
  if (Object.hasOwn(OPTIMIZERS[type].shape, name)) {
    return `train.optimizer.${type}.${name}`;
  }
  const guess = didYouMean(name, suggested);
  throw new SkilletError('recipe-unknown-param', name, {
    message: 'is no parameter and no setting of training in this recipe.',
    remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Write a parameter, a setting of train or of its optimizer, or a whole path like model[1].dropout.rate.`,
  });
}
