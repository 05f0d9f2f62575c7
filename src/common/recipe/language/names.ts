/** The names that a recipe gives and uses: parameters and layers, also in text that is no valid recipe yet. */
import { isScalar } from 'yaml';
import { fieldsAt, LANGUAGE } from '../jsonSchema.ts';
import { INPUT } from '../nameLayers.ts';
import type { Field, RecipeText, Span } from './recipeText.ts';
import { textOf } from './recipeText.ts';

export interface Param {
  readonly name: string;
  readonly field: Field;
  /** As it stands in the file. */
  readonly value: string;
}

export function paramsOf(recipe: RecipeText): Param[] {
  return recipe.fields
    .filter(({ keys }) => keys.length === 2 && keys[0] === 'params')
    .map((field) => ({ name: String(field.keys[1]), field, value: textOf(recipe, field.value) }));
}

/** The place of `name` in a field whose value is `$name`, without the dollar and quotes; null where it is none. */
export function referenceIn(recipe: RecipeText, field: Field): { name: string; span: Span } | null {
  const written = isScalar(field.node) && field.keys[0] !== 'params' ? textOf(recipe, field.value) : '';
  const found = /^(["']?)\$([A-Za-z_]\w*)\1$/.exec(written);
  if (found === null || field.value === null) {
    return null;
  }
  const start = field.value.start + (found[1]?.length ?? 0) + 1;
  const name = found[2] ?? '';
  return { name, span: { start, end: start + name.length } };
}

export interface LayerName {
  readonly name: string;
  /** The field of the layer itself, `model[2].dense` or `model[2]` for a bare word. */
  readonly layer: Field;
  /** The field that names it; null where it is named by type and number. */
  readonly naming: Field | null;
  readonly index: number;
  readonly type: string;
}

/** Every layer with its name, given or counted, as `nameLayers` does for recipes that are valid. */
export function layersOf(recipe: RecipeText): LayerName[] {
  const layers = recipe.fields.filter(isLayer).map((field) => {
    const type = typeof field.keys[2] === 'string' ? field.keys[2] : scalarText(field);
    const naming = recipe.at(`${field.path}.name`) ?? null;
    return {
      layer: field,
      type,
      index: Number(field.keys[1]),
      naming,
      given: naming === null ? '' : scalarText(naming),
    };
  });
  const taken = new Set([INPUT, ...layers.flatMap(({ given }) => (given === '' ? [] : [given]))]);
  return layers.map(({ given, ...layer }) => {
    const name = given === '' ? freeName(layer.type, taken) : given;
    taken.add(name);
    return { ...layer, name, naming: given === '' ? null : layer.naming };
  });
}

function isLayer({ keys, node }: Field): boolean {
  const isBareWord = keys.length === 2 && isScalar(node) && typeof node.value === 'string';
  return keys[0] === 'model' && typeof keys[1] === 'number' && (isBareWord || keys.length === 3);
}

/** The first of `type1`, `type2`, … that is not taken. */
export function freeName(type: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${type}${number}`)) {
    number += 1;
  }
  return `${type}${number}`;
}

/** The text of a plain value; empty for groups, lists and nothing. */
export function scalarText({ node }: Field): string {
  return isScalar(node) && node.value !== null ? String(node.value) : '';
}

/** What a field's text names: a column, a layer, a measure; an entry of a list as its list. */
export function refersTo(keys: Field['keys']): 'column' | 'layer' | 'measure' | 'csv' | null {
  const owner = typeof keys.at(-1) === 'number' ? keys.slice(0, -1) : keys;
  return fieldsAt(LANGUAGE, owner).find((one) => one.refersTo !== undefined)?.refersTo ?? null;
}

/** Where a layer is read: plain values under `inputs`. */
export function inputFields(recipe: RecipeText): Field[] {
  return recipe.fields.filter((field) => scalarText(field) !== '' && refersTo(field.keys) === 'layer');
}
