/** The reference page of the recipe language, written from its JSON Schema. */
import { type JsonSchema, toJsonSchema } from './jsonSchema.ts';

/** Markdown: a table per group of settings, one per layer and one per optimizer. */
export function referencePage(): string {
  const schema = toJsonSchema();
  const part = (name: string): JsonSchema => schema.properties?.[name] ?? {};
  const train = part('train').properties ?? {};
  const layers = choices(part('model').items ?? {});
  const optimizers = choices(train.optimizer ?? {});
  return [
    '# The recipe language',
    '',
    'Every key of a recipe, with what may stand there and what holds when it is absent. Wherever a value stands, `$name` may stand for an entry of `params`.',
    '',
    ...table('A recipe', { ...schema, properties: omit(schema.properties, ['data', 'model', 'train', 'tune']) }),
    ...table('data', { ...part('data'), properties: omit(part('data').properties, ['test']) }),
    ...(part('data').properties?.test?.anyOf ?? []).flatMap((way) =>
      table(`data.test, by ${way.required?.[0] ?? ''}`, way),
    ),
    ...table('train', { ...part('train'), properties: omit(train, ['optimizer', 'earlyStopping', 'checkpoint']) }),
    ...table('train.earlyStopping', train.earlyStopping ?? {}),
    ...table('train.checkpoint', train.checkpoint ?? {}),
    ...tuneTables(part('tune')),
    '## model: the layers',
    '',
    'A list of layers; each entry is one word with its settings. Every layer also takes `name` and `inputs`.',
    '',
    ...Object.entries(layers).flatMap(([name, layer]) =>
      table(
        name,
        {
          ...layer,
          properties: omit(layer.properties, layer.required?.includes('inputs') ? ['name'] : ['name', 'inputs']),
        },
        '###',
      ),
    ),
    '## train.optimizer: the update rules',
    '',
    ...Object.entries(optimizers).flatMap(([name, rule]) => table(name, rule, '###')),
    '## Learning-rate schedules',
    '',
    "In place of a number `learningRate` may be one of Keras's schedules, as in `learningRate: { cosineDecay: { initialLearningRate: 0.001, decaySteps: 2000 } }`. Each update takes its rate from the number of updates done before it, over all epochs; a resumed run goes on where it was.",
    '',
    ...Object.entries(choices(optimizers.sgd?.properties?.learningRate ?? {})).flatMap(([name, schedule]) =>
      table(name, schedule, '###'),
    ),
    '## Initializers',
    '',
    'A word, or a word with its settings; seeded by `train.seed` and the place of the layer.',
    '',
    ...Object.entries(choices(layers.dense?.properties?.kernelInitializer ?? {})).map(
      ([name, settings]) => `- \`${name}\`${settingsOf(settings)}`,
    ),
    '',
    '## Activations',
    '',
    describe(layers.activation?.properties?.activation?.anyOf?.[0] ?? {}),
    '',
  ].join('\n');
}

function tuneTables(tune: JsonSchema): string[] {
  const { objective, params, halving } = tune.properties ?? {};
  const range = typeof params?.additionalProperties === 'object' ? params.additionalProperties : {};
  return [
    ...table('tune', { ...tune, properties: omit(tune.properties, ['objective', 'halving']) }),
    ...table('tune.objective', objective ?? {}),
    ...table('tune.params, for each name', range),
    ...table('tune.halving', halving ?? {}),
  ];
}

function table(title: string, schema: JsonSchema, mark = '##'): string[] {
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) =>
    row(key, value, schema.required?.includes(key) ?? false),
  );
  const head = [`${mark} ${title}`, '', ...(mark === '###' && schema.description ? [schema.description, ''] : [])];
  return rows.length === 0
    ? [...head, 'No settings.', '']
    : [...head, '| key | value | when absent | |', '|---|---|---|---|', ...rows, ''];
}

function row(key: string, schema: JsonSchema, isRequired: boolean): string {
  const fallback =
    schema.default === undefined
      ? isRequired
        ? '**required**'
        : ''
      : `\`${JSON.stringify(inWords(schema.default))}\``;
  return `| \`${key}\` | ${describe(schema)} | ${fallback} | ${schema.description ?? ''} |`;
}

/** Defaults are kept as the parser gives them; the page shows them as a person writes them. */
function inWords(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : value;
}

/** Words that many rows share are listed once, at the end of the page. */
function shared(schema: JsonSchema): string | null {
  const words = schema.anyOf?.flatMap((way) => [...(way.enum ?? []), ...Object.keys(way.properties ?? {})]) ?? [];
  if (words.includes('glorotUniform')) {
    return '[initializer](#initializers)';
  }
  if (Object.hasOwn(schema.properties ?? {}, 'cosineDecay')) {
    return '[schedule](#learning-rate-schedules)';
  }
  return words.includes('relu') ? '[activation](#activations)' : null;
}

function describe(schema: JsonSchema): string {
  const link = shared(schema);
  if (link !== null) {
    return link;
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((word) => `\`${word}\``).join(' ');
  }
  if (schema.const !== undefined) {
    return `\`${schema.const}\``;
  }
  if (schema.anyOf !== undefined) {
    const ways = schema.anyOf.filter((way) => way.pattern !== '^\\$[A-Za-z_]\\w*$').map(describe);
    return [...new Set(ways)].join(' or ');
  }
  if (schema.type === 'object' && schema.properties !== undefined) {
    return Object.keys(schema.properties)
      .map((word) => `\`${word}\``)
      .join(' ');
  }
  return [typeWords(schema), limits(schema)].filter((text) => text !== '').join(', ');
}

function typeWords(schema: JsonSchema): string {
  if (schema.type === 'array') {
    return schema.prefixItems === undefined ? `list of ${describe(schema.items ?? {})}` : 'list of two';
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

function limits(schema: JsonSchema): string {
  const texts = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.exclusiveMinimum === undefined ? '' : `> ${schema.exclusiveMinimum}`,
    schema.maximum === undefined || schema.maximum >= Number.MAX_SAFE_INTEGER ? '' : `≤ ${schema.maximum}`,
    schema.exclusiveMaximum === undefined ? '' : `< ${schema.exclusiveMaximum}`,
  ];
  return texts.filter((text) => text !== '').join(', ');
}

function settingsOf(schema: JsonSchema): string {
  const settings = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => `${key}: ${value.default ?? describe(value)}`,
  );
  return settings.length === 0 ? '' : ` { ${settings.join(', ')} }`;
}

/** Word → its settings, from the object form of a choice. */
function choices(schema: JsonSchema): Record<string, JsonSchema> {
  const object = schema.properties === undefined ? schema.anyOf?.find((way) => way.properties !== undefined) : schema;
  const settings = Object.entries(object?.properties ?? {});
  return Object.fromEntries(
    settings.map(([word, inner]) => [word, inner.anyOf?.find((way) => way.properties !== undefined) ?? inner]),
  );
}

function omit(properties: JsonSchema['properties'], names: readonly string[]): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !names.includes(name)));
}
