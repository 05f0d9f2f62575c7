/** A piece of the recipe language in plain words: kind of value, limits, default, meaning. Hovers, completion and the reference page share them. */
import { alternatives, type JsonSchema, REFERENCE } from './jsonSchema.ts';
import { printFlow } from './printValue.ts';

/** Its own description, or that of its settings where it is a word of a choice. */
export function meaningOf(schema: JsonSchema): string {
  return schema.description ?? waysOf(schema).find((way) => way.properties !== undefined)?.description ?? '';
}

/** What may stand there, parameters and null aside: a bare word of a choice has settings only in its other form. */
export function waysOf(schema: JsonSchema): JsonSchema[] {
  return alternatives(schema).filter((way) => way.pattern !== REFERENCE.pattern && way.type !== 'null');
}

/** One word with its settings, `{ adam: { … } }`. */
export function isChoice(schema: JsonSchema): boolean {
  return schema.maxProperties === 1;
}

/** What is listed once on the reference page, under its title: a choice, or words that many settings share. */
export function sharedWays(schema: JsonSchema): JsonSchema[] {
  return waysOf(schema).filter((way) => way.title !== undefined);
}

/** The kind of value: `whole number, ≥ 1`; words of a choice are listed. */
export function kindOf(schema: JsonSchema): string {
  const kinds = waysOf(schema).map(wayKind);
  return [...new Set(kinds)].filter((kind) => kind !== '').join(' or ');
}

function wayKind(way: JsonSchema, _index: number, all: readonly JsonSchema[]): string {
  if (isChoice(way)) {
    return way.title ?? 'one word with its settings';
  }
  const isBareChoice = way.enum !== undefined && all.some((other) => isChoice(other));
  if (way.enum !== undefined) {
    return isBareChoice ? '' : way.enum.map((word) => `\`${String(word)}\``).join(' ');
  }
  if (way.const !== undefined) {
    return `\`${String(way.const)}\``;
  }
  if (way.properties !== undefined) {
    return `\`${Object.keys(way.properties).join('` `')}\``;
  }
  return [typeWords(way), limitsOf(way)].filter((text) => text !== '').join(', ');
}

function typeWords(schema: JsonSchema): string {
  if (schema.type === 'array') {
    return schema.prefixItems === undefined
      ? `list of ${kindOf(schema.items || {})}`
      : `list of ${schema.prefixItems.length === 2 ? 'two' : schema.prefixItems.length}`;
  }
  const words: Record<string, string> = {
    integer: 'whole number',
    number: 'number',
    string: 'text',
    boolean: 'true or false',
    object: 'names and values',
    null: 'nothing',
  };
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.map((type) => words[type] ?? type).join(' or ');
}

/** `≥ 1, < 5`; zod's bounds of whole numbers are none that a person meets. */
export function limitsOf(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const isSafe = (limit: number) => Math.abs(limit) >= Number.MAX_SAFE_INTEGER;
  const texts = [
    minimum === undefined || isSafe(minimum) ? '' : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    maximum === undefined || isSafe(maximum) ? '' : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? '' : `< ${exclusiveMaximum}`,
  ];
  return texts.filter((text) => text !== '').join(', ');
}

/** What holds when the setting is absent, as a person writes it; null where nothing does. */
export function defaultOf(schema: JsonSchema): string | null {
  const { default: fallback } = schema;
  if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) {
    return null;
  }
  if (typeof fallback === 'object' && fallback !== null) {
    // Defaults are kept as the parser gives them: `{ type: 'zeros' }`.
    const text = 'type' in fallback ? String(fallback.type) : printFlow(fallback).replace(/^\{ ?| ?\}$/g, '');
    return text === '' ? null : text;
  }
  return printFlow(fallback);
}

/** Word → its meaning, of all words that may stand there alone. */
export function wordsOf(schema: JsonSchema): Map<string, string> {
  const words = waysOf(schema).flatMap((way): [string, string][] => {
    if (way.type === 'boolean') {
      return [
        ['true', ''],
        ['false', ''],
      ];
    }
    const listed = [...(way.enum ?? []), ...(way.const === undefined ? [] : [way.const])];
    return listed.map((word, index) => [String(word), way.enumDescriptions?.[index] ?? '']);
  });
  return new Map(words);
}

/** Word → its settings, from the object form of a choice. */
export function choicesOf(schema: JsonSchema): Map<string, JsonSchema> {
  const object = waysOf(schema).find(isChoice);
  const settings = Object.entries(object?.properties ?? {});
  return new Map(settings.map(([word, one]) => [word, waysOf(one).find((way) => way.properties !== undefined) ?? one]));
}
