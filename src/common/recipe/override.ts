/** Writes other values into a recipe's text (parameters, epochs, seed, device) and leaves the rest, comments too, as it is. */
import { isMap } from 'yaml';
import { SkilletError } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import { setValue } from './language/edits.ts';
import { applyEdits, readRecipeText } from './language/recipeText.ts';
import type { ParamValue } from './params.ts';
import { printFlow } from './printValue.ts';

export interface Overrides {
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly epochs?: number;
  readonly seed?: number;
  readonly device?: string;
}

/** @throws {SkilletError} A parameter that the recipe does not have, or text that is not a recipe at all. */
export function overrideRecipe(text: string, overrides: Overrides): string {
  const train = { epochs: overrides.epochs, seed: overrides.seed, device: overrides.device };
  const settings = Object.entries(train).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const params = Object.entries(overrides.params ?? {});
  if (settings.length === 0 && params.length === 0) {
    return text;
  }
  const { document } = readRecipeText(text).source;
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new SkilletError('recipe-syntax', 'recipe', {
      message: 'The YAML cannot be read, so no value can be changed.',
      remedy: 'Mend the recipe first.',
    });
  }
  const known = document.get('params');
  const names = isMap(known) ? known.items.map((item) => String(item.key)) : [];
  const unknown = params.find(([name]) => !names.includes(name));
  if (unknown !== undefined) {
    throw unknownParam(unknown[0], names);
  }
  const changes: [string, ParamValue][] = params.map(([name, value]) => [
    `params.${name}`,
    likeBefore(name, document.getIn(['params', name]), value),
  ]);
  return [...changes, ...settings.map(([key, value]): [string, ParamValue] => [`train.${key}`, value])].reduce(
    (changed, [path, value]) => withValue(changed, path, value),
    text,
  );
}

/** Only the value's own letters change, so that comments stay and JSON stays JSON. */
function withValue(text: string, path: string, value: ParamValue): string {
  const recipe = readRecipeText(text);
  const edits = setValue(recipe, path, printFlow(value, recipe));
  if (edits.length === 0) {
    throw new SkilletError('recipe-wrong-type', path, {
      message:
        'Cannot be changed: what it belongs to is no group of settings in this file, or stands for another by an alias.',
      remedy: 'Write the group out.',
    });
  }
  return applyEdits(text, edits);
}

/** Text, as a command line gives it, takes the type of the value that it replaces. */
function likeBefore(name: string, before: unknown, value: ParamValue): ParamValue {
  if (typeof value !== 'string' || typeof before === 'string') {
    return value;
  }
  const read =
    typeof before === 'number' ? Number(value.trim() === '' ? Number.NaN : value) : { true: true, false: false }[value];
  if (read === undefined || Number.isNaN(read)) {
    throw new SkilletError('recipe-wrong-type', `params.${name}`, {
      message: `"${value}" is no ${typeof before === 'number' ? 'number' : 'true or false'}, as ${String(before)} is.`,
      remedy: `Write a value like ${String(before)}.`,
    });
  }
  return read;
}

function unknownParam(name: string, names: readonly string[]): SkilletError {
  const guess = didYouMean(name, names);
  const known = names.length === 0 ? 'The recipe has no params.' : `Its params: ${names.join(', ')}.`;
  return new SkilletError('recipe-unknown-param', `params.${name}`, {
    message: `${name} is no parameter of this recipe.`,
    remedy: guess === null ? known : `Did you mean ${guess}? ${known}`,
  });
}
