/** Finds the lines of a recipe that say what a run measured: its training, its metrics and its parameters. */
import { isCollection } from 'yaml';
import type { Field, RecipeText } from '../recipe/language/recipeText.ts';

export interface RecipePlace {
  /** From 0. */
  readonly line: number;
  /** Whether `train` stands on it. */
  readonly hasTrain: boolean;
  /** Metrics that stand on it, in their order. */
  readonly metrics: readonly string[];
  /** Names of the parameters that stand on it, in their order. */
  readonly params: readonly string[];
}

/** In the order of the lines, one entry a line; also of text that is not finished, as far as it can be told. */
export function findPlaces(recipe: RecipeText): RecipePlace[] {
  const places = new Map<number, { hasTrain: boolean; metrics: string[]; params: string[] }>();
  const at = (field: Field) => {
    const start = field.key?.start ?? field.value?.start ?? 0;
    const line = recipe.source.range(start, start).line - 1;
    const place = places.get(line) ?? { hasTrain: false, metrics: [], params: [] };
    places.set(line, place);
    return place;
  };
  for (const field of recipe.fields) {
    const [first, second, third] = field.keys;
    const depth = field.keys.length;
    if (first === 'train' && depth === 1) {
      at(field).hasTrain = true;
    } else if (first === 'train' && second === 'metrics' && depth === 2) {
      const elsewhere = listElsewhere(recipe, field);
      if (elsewhere.length > 0) {
        at(field).metrics.push(...elsewhere);
      }
    } else if (first === 'train' && second === 'metrics' && depth === 3 && typeof third === 'number') {
      const name: unknown = field.node?.toJSON();
      if (typeof name === 'string') {
        at(field).metrics.push(name);
      }
    } else if (first === 'params' && depth === 2 && typeof second === 'string' && second !== '') {
      at(field).params.push(second);
    }
  }
  return [...places].map(([line, place]) => ({ line, ...place })).sort((a, b) => a.line - b.line);
}

/** Metrics that an alias stands for: they are written where its anchor is. */
function listElsewhere(recipe: RecipeText, field: Field): string[] {
  if (field.node === null || isCollection(field.node)) {
    return [];
  }
  const train = (recipe.source.value as { train?: { metrics?: unknown } } | null)?.train;
  const metrics = train?.metrics;
  return Array.isArray(metrics) ? metrics.filter((name) => typeof name === 'string') : [];
}
