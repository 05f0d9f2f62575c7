/** What the formatter changes, and that it never changes what a recipe means. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { formatRecipe } from '../../../../src/common/recipe/language/format.ts';
import { generateNumbers, randomRecipe } from './randomRecipe.ts';

const boston = readFileSync(
  path.resolve(import.meta.dirname, '../../../../recipes/boston-housing.recipe.yaml'),
  'utf8',
);

test('indentation, spaces and blank lines are put in order; comments, numbers and quotes stay', () => {
  const text = `

# head
name:   "My  recipe"   # title
params: {units: 64,   rate: 1e-4 }


data:
    csv:  'a.csv'
    # of the training rows

    scale: standard     # tail
model:
- dense: {units: $units}
-   dropout:
        rate: .5
        # last
-   flatten
train:
   loss: huber
   optimizer: &rule { adam: {learningRate: 1E-4} }
# end


`;
  assert.equal(
    formatRecipe(text),
    `# head
name: "My  recipe" # title
params: { units: 64, rate: 1e-4 }

data:
  csv: 'a.csv'
  # of the training rows

  scale: standard # tail
model:
  - dense: { units: $units }
  - dropout:
      rate: .5
      # last
  - flatten
train:
  loss: huber
  optimizer: &rule { adam: { learningRate: 1E-4 } }
# end
`,
  );
});

test('braces of more than 120 columns are wrapped behind their commas, shorter ones are joined', () => {
  const long = `model:\n  - dense: { ${Array.from({ length: 12 }, (_, index) => `setting${index}: ${index}`).join(', ')} }\n`;
  const formatted = formatRecipe(long);
  assert.deepEqual(
    formatted.split('\n').map((line) => line.length <= 120),
    [true, true, true, true],
  );
  assert.match(formatted, /,\n {8}setting/);
  assert.equal(formatRecipe('train: { loss: huber,\n    epochs: 3 }\n'), 'train: { loss: huber, epochs: 3 }\n');
});

test('braces that were opened with a line break, and those with comments, keep one entry a line', () => {
  const text = 'train: {\n  loss: huber, # why\n  # before\n    epochs: 3 }\n';
  assert.equal(formatRecipe(text), 'train: {\n    loss: huber, # why\n    # before\n    epochs: 3\n  }\n');
});

test('JSON keeps its lines, its spelling of numbers and its quotes', () => {
  const text = '{\n"name":"x", "params": {"rate":1e-4},\n    "model": [\n{"dense":{"units": 1}}, "flatten" ]}';
  assert.equal(
    formatRecipe(text),
    '{\n  "name": "x",\n  "params": { "rate": 1e-4 },\n  "model": [\n    { "dense": { "units": 1 } },\n    "flatten"\n  ]\n}\n',
  );
});

test('texts of several lines keep their words', () => {
  const text = 'description: |\n      one\n        two\n\n      three\nname: >-\n   a\n   b\n';
  assert.equal(formatRecipe(text), 'description: |\n  one\n    two\n\n  three\nname: >-\n  a\n  b\n');
  assert.deepEqual(parse(formatRecipe('name: a\n    b\n   c\n')), { name: 'a b c' });
});

test('broken and rare text is left alone', () => {
  for (const text of [
    'data: {csv: [\n',
    'a:\n  b: 1\n c: 2\n',
    '? a\n:   b\n',
    'a:   1\n---\nb:   2\n',
    'a:   *gone\n',
    '',
  ]) {
    assert.equal(formatRecipe(text), text);
  }
});

test('ends of lines as on Windows stay', () => {
  assert.equal(formatRecipe('a:   1\r\nb: 2\r\n'), 'a: 1\r\nb: 2\r\n');
});

test("the book's recipe is formatted but for its one line that is too long", () => {
  const lines = formatRecipe(boston).split('\n');
  assert.deepEqual(
    boston
      .split('\n')
      .filter((line) => !lines.includes(line))
      .map((line) => line.length > 120),
    [true],
  );
});

test('400 random recipes mean the same before and after, and formatting twice is formatting once', () => {
  const next = generateNumbers(7);
  let changed = 0;
  for (let round = 0; round < 400; round += 1) {
    const text = randomRecipe(next);
    const formatted = formatRecipe(text);
    assert.deepEqual(parse(formatted), parse(text), text);
    assert.equal(formatRecipe(formatted), formatted, text);
    assert.equal(formatted.match(/#c\d+/g)?.join(), text.match(/#c\d+/g)?.join(), text);
    changed += formatted === text ? 0 : 1;
  }
  assert.ok(changed > 300, `only ${changed} were changed`);
});

test('text with a carriage return that ends no line stays as it is', () => {
  for (const text of ['model:\r\r\n  - dense:   { units: 1 }\r\n', 'name:   a\rb\n']) {
    assert.equal(formatRecipe(text), text);
  }
});
