/** The language explains itself: every key and word has a meaning, and the page about it holds together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type JsonSchema, LANGUAGE } from '../../../src/common/recipe/jsonSchema.ts';
import { isRecipeFile, recipeFileName } from '../../../src/common/recipe/recipeFile.ts';
import { referencePage } from '../../../src/common/recipe/referencePage.ts';
import { anchorOf } from '../../../src/common/recipe/referenceSections.ts';
import { meaningOf, waysOf, wordsOf } from '../../../src/common/recipe/schemaWords.ts';

/** Every key of the language with its schema. */
function keysOf(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  return waysOf(schema).flatMap((way) => {
    const items = way.type === 'array' && way.items ? keysOf(way.items, `${path}[]`) : [];
    const own = Object.entries(way.properties ?? {}).map(([key, one]): [string, JsonSchema] => [`${path}.${key}`, one]);
    return [...own, ...own.flatMap(([key, one]) => keysOf(one, key)), ...items];
  });
}

test('every key and every word of the language has a meaning', () => {
  const keys = keysOf(LANGUAGE);
  assert.ok(keys.length > 200, `only ${keys.length} keys seen`);
  const dumb = keys.filter(([, schema]) => meaningOf(schema) === '').map(([path]) => path);
  assert.deepEqual(dumb, []);
  const isTruth = (word: string) => word === 'true' || word === 'false';
  const words = keys.flatMap(([path, schema]) =>
    [...wordsOf(schema)]
      .filter(([word, meaning]) => meaning === '' && !isTruth(word))
      .map(([word]) => `${path} ${word}`),
  );
  assert.deepEqual(words, ['.train.shuffle once']);
});

function links(page: string): { wanted: string[]; headings: string[] } {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchorOf(title ?? ''));
  return { headings, wanted: [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor ?? '') };
}

test('every link of the page leads to a heading, and no two headings are one', () => {
  const { headings, wanted } = links(referencePage());
  assert.ok(wanted.length > 20);
  assert.deepEqual(
    wanted.filter((anchor) => !headings.includes(anchor)),
    [],
  );
  assert.equal(new Set(headings).size, headings.length);
});

test('new parts of the language get sections of their own: unions, records, nested groups and choices', () => {
  const range = z.strictObject({ int: z.array(z.int()).describe('From and to.') });
  const words = z.strictObject({ choice: z.array(z.string()).describe('One of these.') });
  const tune = z.strictObject({
    trials: z.int().describe('How many.').meta({ unit: 'trials' }),
    params: z.record(z.string(), z.union([range, words])).describe('What is varied.'),
    nested: z
      .strictObject({ deep: z.strictObject({ key: z.boolean().describe('Deep.') }).describe('Deeper.') })
      .describe('Nested.'),
    kind: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('a'), one: z.int().describe('One.') }),
      z.strictObject({ type: z.literal('b'), two: z.int().describe('Two.') }),
    ]),
  });
  const page = referencePage(z.toJSONSchema(z.strictObject({ tune }), { io: 'input' }) as JsonSchema);
  const { headings, wanted } = links(page);
  const sections = [
    'tune',
    'tuneparamsname-with-int',
    'tuneparamsname-with-choice',
    'tunenested',
    'tunenesteddeep',
    'tunekind-with-one',
    'tunekind-with-two',
  ];
  assert.deepEqual(
    sections.filter((anchor) => !headings.includes(anchor)),
    [],
    page,
  );
  assert.deepEqual(
    wanted.filter((anchor) => !headings.includes(anchor)),
    [],
  );
  assert.match(page, /whole number, in trials/);
});

test('recipes are told by their names', () => {
  for (const name of ['a.recipe.yaml', 'a/b.recipe.yml', 'C:\\x\\a.recipe.json']) {
    assert.ok(isRecipeFile(name), name);
  }
  for (const name of ['recipe.yaml', 'a.json', 'a.recipe.jsonc', 'a.recipe.yaml.bak']) {
    assert.ok(!isRecipeFile(name), name);
  }
  assert.equal(recipeFileName('/x/boston.recipe.json'), 'boston');
});
