/** Names of recipes and runs in any language's text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsIn } from '../../../../src/common/inline/mentions.ts';

const names = (line: string) => mentionsIn(line).map(({ kind, name }) => `${kind} ${name}`);

for (const [line, expected] of [
  [`run = train("boston.recipe.yaml", epochs=3)`, ['recipe boston.recipe.yaml']],
  [`fit <- train('../recipes/boston.recipe.yml')  # R`, ['recipe ../recipes/boston.recipe.yml']],
  ['const r = read(`C:\\data\\net.recipe.json`);', ['recipe C:\\data\\net.recipe.json']],
  ['skillet train größe.recipe.yaml && skillet show', ['recipe größe.recipe.yaml']],
  ['open(".skillet/runs/my-run/model")', ['run my-run']],
  ['runs = ["20261124-121500-boston-housing"]', ['run 20261124-121500-boston-housing']],
  ['a.recipe.yaml b.recipe.json', ['recipe a.recipe.yaml', 'recipe b.recipe.json']],
  ['see boston.recipe.yaml.', ['recipe boston.recipe.yaml']],
] as const) {
  test(`${JSON.stringify(line)} names ${expected.join(' and ')}`, () => {
    assert.deepEqual(names(line), expected);
  });
}

for (const line of [
  '',
  '.recipe.yaml',
  'boston.recipe.yamlx',
  'boston.recipe.toml',
  '20261124-1215-x',
  'recipe.yaml',
  'x'.repeat(5000),
]) {
  test(`${JSON.stringify(line.slice(0, 30))} names nothing`, () => {
    assert.deepEqual(names(line), []);
  });
}

test('a line of data that is very long costs nothing', () => {
  assert.deepEqual(names(`${'1,'.repeat(500_000)}a.recipe.yaml`), []);
});
