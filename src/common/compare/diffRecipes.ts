/** What is different in two recipes, setting by setting; it does not matter how either is written. */
import { formatPath } from '../recipe/fieldPath.ts';
import { fillParams } from '../recipe/params.ts';
import { printFlow } from '../recipe/printValue.ts';
import { alignLayers, isSameLayer, type LayerPair, type PlacedLayer } from './alignLayers.ts';
import { choiceOf, isPlain } from './settings.ts';

export interface RecipeChange {
  readonly kind: 'changed' | 'added' | 'removed' | 'moved';
  /** Of the setting or the layer, as the second recipe has it where it is there. */
  readonly path: string;
  /** As one would write them; null on the side that does not have it. */
  readonly before: string | null;
  readonly after: string | null;
}

/** @param base, other Plain values as their texts have them; null for a text that could not be read. */
export function diffRecipes(base: unknown, other: unknown): RecipeChange[] {
  const [a, b] = [base, other].map((recipe) => (isPlain(recipe) ? fillParams(recipe).value : {}));
  return isPlain(a) && isPlain(b) ? diffGroup(a, b, '') : [];
}

function diffGroup(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>, path: string) {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key): RecipeChange[] => {
    const inner = path === '' ? key : `${path}.${key}`;
    return inner === 'model' && Array.isArray(a.model) && Array.isArray(b.model)
      ? diffLayers(a.model, b.model)
      : diffValue(a[key], b[key], inner);
  });
}

function diffValue(a: unknown, b: unknown, path: string): RecipeChange[] {
  if (printFlow(a) === printFlow(b)) {
    return [];
  }
  const [left, right] = [asChoice(a, b), asChoice(b, a)];
  const [word, otherWord] = [choiceOf(left), choiceOf(right)];
  if (word !== null && otherWord !== null && word !== otherWord) {
    return [change(path, a, b)];
  }
  if (isPlain(left) && isPlain(right)) {
    return diffGroup(withoutNull(left), withoutNull(right), path);
  }
  return [change(path, a, b)];
}

/** `adam` beside `{ adam: { … } }` is the same choice without settings. */
function asChoice(value: unknown, beside: unknown): unknown {
  return typeof value === 'string' && choiceOf(beside) !== null ? { [value]: {} } : value;
}

/** `flatten:` with nothing behind it is a word with no settings. */
const withoutNull = (value: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner === null ? {} : inner]));

function change(path: string, a: unknown, b: unknown): RecipeChange {
  const kind = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
  return { kind, path, before: a === undefined ? null : printFlow(a), after: b === undefined ? null : printFlow(b) };
}

function diffLayers(base: readonly unknown[], other: readonly unknown[]): RecipeChange[] {
  const pairs = alignLayers(base, other);
  const moved = movedLayers(pairs);
  return pairs.flatMap(([a, b]): RecipeChange[] => {
    if (a !== null && b !== null) {
      return diffGroup(a.settings, b.settings, layerPath(b));
    }
    const layer = a ?? b;
    if (layer === null) {
      return [];
    }
    const partner = moved.get(layer);
    if (partner !== undefined) {
      // Told once, where it stands now.
      return b === null ? [] : [{ kind: 'moved', path: layerPath(b), before: place(partner), after: place(b) }];
    }
    const text = layerText(layer);
    return [
      a === null
        ? { kind: 'added', path: layerPath(layer), before: null, after: text }
        : { kind: 'removed', path: layerPath(layer), before: text, after: null },
    ];
  });
}

/** A layer taken away here and put in there, with nothing else changed, has moved. */
function movedLayers(pairs: readonly LayerPair[]): Map<PlacedLayer, PlacedLayer> {
  const moved = new Map<PlacedLayer, PlacedLayer>();
  const added = pairs.flatMap(([a, b]) => (a === null && b !== null ? [b] : []));
  for (const [a, b] of pairs) {
    const partner = a === null || b !== null ? undefined : added.find((one) => !moved.has(one) && isSameLayer(a, one));
    if (a !== null && partner !== undefined) {
      moved.set(a, partner);
      moved.set(partner, a);
    }
  }
  return moved;
}

const place = ({ index }: PlacedLayer) => `layer ${index + 1}`;

function layerPath({ index, type }: PlacedLayer): string {
  return `${formatPath(['model', index])}.${type}`;
}

function layerText({ type, settings }: PlacedLayer): string {
  return Object.keys(settings).length === 0 ? type : printFlow({ [type]: settings });
}
