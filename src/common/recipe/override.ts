/** Writes other values into a recipe's text (parameters, epochs, seed, device) and leaves the rest, comments too, as it is. */
import { isMap, parseDocument } from 'yaml';
import { SkilletError } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import type { ParamValue } from './params.ts';

export interface Overrides {
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly epochs?: number;
  readonly seed?: number;
  readonly device?: string;
}

/** @throws {SkilletError} A parameter that the recipe does not have, or text that is not a recipe at all. */
export function overrideRecipe(text: string, overrides: Overrides): string {
  const train = { epochs: overrides.epochs, seed: overrides.seed, device: overrides.device };
  const settings = Object.entries(train).filter(([, value]) => value !== undefined);
  const params = Object.entries(overrides.params ?? {});
  if (settings.length === 0 && params.length === 0) {
    return text;
  }
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new SkilletError('recipe-syntax', 'recipe', {
      message: 'The YAML cannot be read, so no value can be changed.',
      remedy: 'Mend the recipe first.',
    });
  }
  const known = document.get('params');
  const names = isMap(known) ? known.items.map((item) => String(item.key)) : [];
  for (const [name, value] of params) {
    if (!names.includes(name)) {
      throw unknownParam(name, names);
    }
    document.setIn(['params', name], likeBefore(name, document.getIn(['params', name]), value));
  }
  for (const [key, value] of settings) {
    document.setIn(['train', key], value);
  }
  return document.toString({ lineWidth: 0 });
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
