/** The recipe language as JSON Schema, for completion and hovers in the editor; media/recipe.schema.json is generated from it. */
import { z } from 'zod';
import { recipeSchema } from './schema.ts';

/** As much of JSON Schema as zod writes for a recipe. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** Of a record: what its values are. */
  readonly additionalProperties?: JsonSchema | boolean;
  /** 1 for a choice: exactly one word with its settings. */
  readonly maxProperties?: number;
  readonly enum?: readonly unknown[];
  /** Meaning of each word of `enum`. */
  readonly enumDescriptions?: readonly string[];
  /** A value to begin with; `examples`, JSON Schema's own word, zod drops where a value is transformed. */
  readonly example?: unknown;
  /** What the text names: a column of the CSV, a layer, a measure of training, a CSV file. */
  readonly refersTo?: 'column' | 'layer' | 'measure' | 'csv';
  /** What the number counts or measures. */
  readonly unit?: string;
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  /** Of a choice or an enumeration that the reference page lists once: one of its words is called so. */
  readonly title?: string;
  readonly description?: string;
}

/** Draft 2020-12. Wherever a value stands, `$name` may stand too. */
export function toJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' }) as JsonSchema;
  const { params, ...others } = schema.properties ?? {};
  const properties = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, allowReferences(value)]));
  return {
    ...schema,
    title: 'Skillet recipe',
    properties: { ...properties, ...(params === undefined ? {} : { params }) },
  };
}

/** The alternative that is a parameter. */
export const REFERENCE: JsonSchema = { type: 'string', pattern: '^\\$[A-Za-z_]\\w*$' };

function allowReferences(schema: JsonSchema): JsonSchema {
  if (schema.properties !== undefined) {
    const properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, allowReferences(value)]),
    );
    return { ...schema, properties };
  }
  if (schema.anyOf !== undefined) {
    return { ...schema, anyOf: schema.anyOf.map(allowReferences) };
  }
  if (schema.oneOf !== undefined) {
    return { ...schema, oneOf: schema.oneOf.map(allowReferences) };
  }
  if (schema.items) {
    return { ...schema, items: allowReferences(schema.items) };
  }
  if (schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean' || schema.enum !== undefined) {
    const { description, default: fallback, example, unit, ...rest } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(example === undefined ? {} : { example }),
      ...(unit === undefined ? {} : { unit }),
      anyOf: [rest, REFERENCE],
    };
  }
  return schema;
}

/** The alternatives that the schema has for the field at `keys`; none where no such field is. */
export function schemasAt(schema: JsonSchema, keys: readonly (string | number)[]): JsonSchema[] {
  return fieldsAt(schema, keys).flatMap(alternatives);
}

/** The schemas of the field at `keys` as they are, with what is said of the field itself: its meaning, default, unit. */
export function fieldsAt(schema: JsonSchema, keys: readonly (string | number)[]): JsonSchema[] {
  const [first, ...rest] = keys;
  return first === undefined
    ? [schema]
    : alternatives(schema)
        .flatMap((one) => inner(one, first))
        .flatMap((one) => fieldsAt(one, rest));
}

function inner(schema: JsonSchema, key: string | number): JsonSchema[] {
  if (typeof key === 'number') {
    return [schema.prefixItems?.[key] ?? (schema.items || [])].flat();
  }
  const record = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return [(Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : record) ?? []].flat();
}

/** All keys that may stand in the object at `keys`, over every alternative of the schema. */
export function keysAt(schema: JsonSchema, keys: readonly (string | number)[]): string[] {
  return [...new Set(schemasAt(schema, keys).flatMap((one) => Object.keys(one.properties ?? {})))];
}

/** The ways in which a value may be written, one within another laid flat. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const ways = schema.anyOf ?? schema.oneOf;
  return ways === undefined ? [schema] : ways.flatMap(alternatives);
}

/** The language, made once: it costs some milliseconds. */
export const LANGUAGE = toJsonSchema();
