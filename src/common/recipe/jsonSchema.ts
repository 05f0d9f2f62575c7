/** The recipe language as JSON Schema, for completion and hovers in the editor; media/recipe.schema.json is generated from it. */
import { z } from 'zod';
import { recipeSchema } from './schema.ts';

/** As much of JSON Schema as zod writes for a recipe. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Of a group whose names are free. */
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
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

const REFERENCE: JsonSchema = { type: 'string', pattern: '^\\$[A-Za-z_]\\w*$' };

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
  if (schema.items !== undefined) {
    return { ...schema, items: allowReferences(schema.items) };
  }
  if (schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean' || schema.enum !== undefined) {
    const { description, default: fallback, ...rest } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      anyOf: [rest, REFERENCE],
    };
  }
  return schema;
}

/** The alternatives that the schema has for the field at `keys`; none where no such field is. */
export function schemasAt(schema: JsonSchema, keys: readonly (string | number)[]): JsonSchema[] {
  const here = alternatives(schema);
  const [first, ...rest] = keys;
  if (first === undefined) {
    return here;
  }
  return here
    .flatMap((one) => (typeof first === 'number' ? one.items : (one.properties?.[first] ?? freeEntry(one))) ?? [])
    .flatMap((inner) => schemasAt(inner, rest));
}

function freeEntry({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** All keys that may stand in the object at `keys`, over every alternative of the schema. */
export function keysAt(schema: JsonSchema, keys: readonly (string | number)[]): string[] {
  return [...new Set(schemasAt(schema, keys).flatMap((one) => Object.keys(one.properties ?? {})))];
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
}
