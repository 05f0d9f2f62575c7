/** From a name to the place that gives it, and to all places that use it: parameters, layers, anchors. */
import { type Alias, isAlias, isNode } from 'yaml';
import { INPUT } from '../nameLayers.ts';
import { inputFields, type LayerName, layersOf, paramsOf, referenceIn, scalarText } from './names.ts';
import { type Field, fieldAt, type RecipeText, type Span } from './recipeText.ts';

/** A name that stands at the cursor. */
export interface NameAtCursor {
  readonly kind: 'param' | 'layer';
  readonly name: string;
  /** The name's own letters at the cursor, without dollar and quotes. */
  readonly span: Span;
}

export function nameAt(recipe: RecipeText, offset: number): NameAtCursor | null {
  const found = fieldAt(recipe, offset);
  if (found === null) {
    return null;
  }
  const { field, part } = found;
  if (part === 'key') {
    return isParamKey(field) ? { kind: 'param', name: String(field.keys.at(-1)), span: bare(recipe, field.key) } : null;
  }
  const reference = referenceIn(recipe, field);
  if (reference !== null) {
    return { kind: 'param', ...reference };
  }
  const isNaming = layersOf(recipe).some(({ naming }) => naming === field);
  const isInput = inputFields(recipe).includes(field);
  return isNaming || isInput ? { kind: 'layer', name: scalarText(field), span: bare(recipe, field.value) } : null;
}

/** `params.units`, and `tune.params.units` where a study is described. */
function isParamKey({ keys }: Field): boolean {
  const owner = keys.slice(0, -1).join('.');
  return owner === 'params' || owner === 'tune.params';
}

/** A span without the quotes around it. */
function bare(recipe: RecipeText, span: Span | null): Span {
  const { start, end } = span ?? { start: 0, end: 0 };
  const isQuoted = /^["']/.test(recipe.text.slice(start, end));
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** The entry that gives the name: a parameter's key, a layer's name or, where it has none of its own, its word; an anchor. */
export function definitionAt(recipe: RecipeText, offset: number): Span | null {
  const name = nameAt(recipe, offset);
  if (name === null) {
    return anchorAt(recipe, offset);
  }
  return name.kind === 'param' ? paramKey(recipe, name.name) : layerDefinition(recipe, name.name);
}

function paramKey(recipe: RecipeText, name: string): Span | null {
  const param = paramsOf(recipe).find((one) => one.name === name);
  return param === undefined ? null : bare(recipe, param.field.key);
}

function layerDefinition(recipe: RecipeText, name: string): Span | null {
  if (name === INPUT) {
    return recipe.at('data')?.key ?? null;
  }
  const layer = layersOf(recipe).find((one) => one.name === name);
  return layer === undefined ? null : nameSpan(recipe, layer);
}

function nameSpan(recipe: RecipeText, { naming, layer }: LayerName): Span {
  return bare(recipe, naming?.value ?? layer.key ?? layer.value);
}

/** `*small` leads to the value that `&small` stands before. */
function anchorAt(recipe: RecipeText, offset: number): Span | null {
  const node = fieldAt(recipe, offset)?.field.node;
  const target = isAlias(node) ? (node as Alias).resolve(recipe.source.document) : undefined;
  return isNode(target) && target.range ? { start: target.range[0], end: target.range[1] } : null;
}

/** Every place where the name stands, its definition first. */
export function placesOf(recipe: RecipeText, { kind, name }: Pick<NameAtCursor, 'kind' | 'name'>): Span[] {
  if (kind === 'param') {
    const keys = recipe.fields.filter((field) => isParamKey(field) && field.keys.at(-1) === name);
    const uses = recipe.fields.flatMap((field) => referenceIn(recipe, field) ?? []).filter((use) => use.name === name);
    return [...keys.map((field) => bare(recipe, field.key)), ...uses.map(({ span }) => span)];
  }
  const named = layersOf(recipe).filter((layer) => layer.name === name);
  const inputs = inputFields(recipe).filter((field) => scalarText(field) === name);
  return [...named.map((layer) => nameSpan(recipe, layer)), ...inputs.map((field) => bare(recipe, field.value))];
}
