/** What may be written at a place of a recipe: keys with their meaning, words of a choice, parameters. */
import { type CursorPlace, cursorPlace } from './cursor.ts';
import { type JsonSchema, schemasAt, toJsonSchema } from './jsonSchema.ts';

export interface Suggestion {
  readonly text: string;
  readonly kind: 'key' | 'word' | 'parameter';
  readonly description: string;
}

/** @param offset Place of the cursor in `text`. */
export function suggest(text: string, offset: number): Suggestion[] {
  const place = cursorPlace(text.slice(0, offset));
  if (place === null) {
    return [];
  }
  const schemas = schemasAt(toJsonSchema(), place.keys);
  const keys = place.wants === 'key' ? keySuggestions(schemas) : [];
  // After a dash stands a key or, in a list of plain values, a value.
  const isPlainItem = keys.length === 0 && typeof place.keys.at(-1) === 'number';
  return place.wants === 'value' || isPlainItem
    ? [...wordSuggestions(schemas), ...parameterSuggestions(text, place)]
    : keys;
}

/** The meaning of the field under the cursor, or null. */
export function describeField(keys: CursorPlace['keys']): string | null {
  const last = keys.at(-1);
  const outer = schemasAt(toJsonSchema(), keys.slice(0, -1));
  const found = outer.flatMap((one) => (last === undefined ? [] : (one.properties?.[last] ?? [])));
  return found.map(meaningOf).find((meaning) => meaning !== '') ?? null;
}

function keySuggestions(schemas: readonly JsonSchema[]): Suggestion[] {
  const properties = new Map(schemas.flatMap((one) => Object.entries(one.properties ?? {})));
  return [...properties].map(([key, schema]) => ({ text: key, kind: 'key', description: meaningOf(schema) }));
}

/** Its own description, or that of its settings where it is a word of a choice. */
function meaningOf(schema: JsonSchema): string {
  return schema.description ?? schema.anyOf?.find((way) => way.properties !== undefined)?.description ?? '';
}

function wordSuggestions(schemas: readonly JsonSchema[]): Suggestion[] {
  const words = schemas.flatMap((one) => {
    const constant = one.const === undefined ? [] : [one.const];
    return one.type === 'boolean' ? ['true', 'false'] : [...(one.enum ?? []), ...constant].map(String);
  });
  return [...new Set(words)].map((text) => ({ text, kind: 'word', description: '' }));
}

/** Read by the line and not by the parser: while somebody types, the YAML is often broken. */
function parameterSuggestions(text: string, { keys }: CursorPlace): Suggestion[] {
  if (keys[0] === 'params' || keys[0] === 'name') {
    return [];
  }
  const block = /^params:(.*(?:\n[ \t]+.*)*)/m.exec(text)?.[1] ?? '';
  return [...block.matchAll(/([A-Za-z_]\w*)\s*:\s*([^,}\n#]+)/g)].map(([, name, value]) => ({
    text: `$${name}`,
    kind: 'parameter',
    description: `now ${value?.trim()}`,
  }));
}
