/** A recipe's outline: its groups, parameters, data and layers by name. */
import { isScalar } from 'yaml';
import { layersOf } from './names.ts';
import { type Field, type RecipeText, type Span, textOf } from './recipeText.ts';

export interface OutlineItem {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'group' | 'parameter' | 'layer' | 'setting';
  /** The whole entry. */
  readonly span: Span;
  /** What is selected when it is clicked. */
  readonly nameSpan: Span;
  readonly children: readonly OutlineItem[];
}

export function outlineOf(recipe: RecipeText): OutlineItem[] {
  return recipe.fields
    .filter(({ keys, key }) => keys.length === 1 && key !== null)
    .map((field) => toItem(recipe, field));
}

function toItem(recipe: RecipeText, field: Field): OutlineItem {
  const [group] = field.keys;
  const children = group === 'model' ? layerItems(recipe) : settingItems(recipe, field);
  const kind = group === 'params' && field.keys.length === 2 ? 'parameter' : children.length > 0 ? 'group' : 'setting';
  return { name: String(field.keys.at(-1)), detail: detailOf(recipe, field), kind, ...spansOf(field), children };
}

/** Two levels are enough: what is deeper is read faster in the text. */
function settingItems(recipe: RecipeText, field: Field): OutlineItem[] {
  const inner = recipe.fields.filter(({ keys, key }) => key !== null && keys.length === 2 && keys[0] === field.keys[0]);
  return field.keys.length > 1 ? [] : inner.map((one) => toItem(recipe, one));
}

function layerItems(recipe: RecipeText): OutlineItem[] {
  return layersOf(recipe).map(({ name, type, layer, naming }) => ({
    name,
    detail: type,
    kind: 'layer',
    ...spansOf(layer),
    nameSpan: naming?.value ?? spansOf(layer).nameSpan,
    children: [],
  }));
}

function detailOf(recipe: RecipeText, { node, value }: Field): string {
  return isScalar(node) ? textOf(recipe, value).slice(0, 80) : '';
}

function spansOf({ key, value }: Field): { span: Span; nameSpan: Span } {
  const nameSpan = key ?? value ?? { start: 0, end: 0 };
  return { nameSpan, span: { start: nameSpan.start, end: Math.max(nameSpan.end, value?.end ?? 0) } };
}
