/** Renames a parameter or a layer wherever it stands, and refuses names that are taken or no names. */
import { INPUT } from '../nameLayers.ts';
import { layersOf, paramsOf } from './names.ts';
import { type NameAtCursor, nameAt, placesOf } from './navigate.ts';
import type { RecipeText, TextEdit } from './recipeText.ts';

export type Renaming = { readonly edits: readonly TextEdit[] } | { readonly refusal: string };

/** The name at the cursor that can be renamed, or why there is none. */
export function renamableAt(recipe: RecipeText, offset: number): NameAtCursor | { readonly refusal: string } {
  const name = nameAt(recipe, offset);
  if (name === null) {
    return { refusal: 'Only parameters and layers can be renamed.' };
  }
  if (name.kind === 'layer' && name.name === INPUT) {
    return { refusal: '`input` is the data itself; it keeps its name.' };
  }
  const layer = name.kind === 'layer' ? layersOf(recipe).find((one) => one.name === name.name) : undefined;
  if (name.kind === 'layer' && layer === undefined) {
    return { refusal: `No layer is called ${name.name}.` };
  }
  if (layer !== undefined && layer.naming === null) {
    return { refusal: `${name.name} is named by its type and number: give the layer a \`name\` first.` };
  }
  return name.kind === 'param' && !paramsOf(recipe).some((one) => one.name === name.name)
    ? { refusal: `$${name.name} has no entry under params.` }
    : name;
}

export function rename(recipe: RecipeText, offset: number, typed: string): Renaming {
  const found = renamableAt(recipe, offset);
  if ('refusal' in found) {
    return found;
  }
  const name = found.kind === 'param' ? typed.replace(/^\$/, '') : typed;
  const refusal =
    found.kind === 'param' ? refuseParam(recipe, found.name, name) : refuseLayer(recipe, found.name, name);
  return refusal === null ? { edits: placesOf(recipe, found).map((span) => ({ ...span, text: name })) } : { refusal };
}

function refuseParam(recipe: RecipeText, before: string, name: string): string | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return `"${name}" is no name for a parameter: it begins with a letter or _ and holds only letters, digits and _.`;
  }
  const isTaken = name !== before && paramsOf(recipe).some((one) => one.name === name);
  return isTaken ? `There is a parameter ${name} already.` : null;
}

function refuseLayer(recipe: RecipeText, before: string, name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    return `"${name}" is no name for a layer: it begins with a letter and holds only letters, digits, _ and -.`;
  }
  const isTaken = name === INPUT || (name !== before && layersOf(recipe).some((one) => one.name === name));
  return isTaken ? `"${name}" is already the name of ${name === INPUT ? 'the data itself' : 'another layer'}.` : null;
}
