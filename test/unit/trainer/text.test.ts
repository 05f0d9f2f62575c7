/** Recipes over texts: codes by the training rows, what is refused, and a whole run with its saved vocabulary. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { parseRecipe } from '../../../src/common/recipe/parse.ts';
import { encodeText, type TextRule, toVocabulary } from '../../../src/common/text/vocabulary.ts';
import { prepareData } from '../../../src/trainer/data/prepareData.ts';
import { lastOf, makeRun } from './support/testRun.ts';
import { toRecipe } from './support/toRecipe.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'skillet-text-'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Part = Record<string, unknown>;

const MODEL = [
  { embedding: { outputDim: 4 } },
  'globalAveragePooling1d',
  { dense: { units: 2, activation: 'softmax' } },
];

function recipeText(data: Part = {}, model: unknown[] = MODEL, train: Part = {}): string {
  return JSON.stringify({
    name: 'Texts',
    data: {
      csv: 'data.csv',
      target: 'mood',
      categorical: ['mood'],
      text: { column: 'words', length: 4 },
      test: { rows: 1, permutation: 'none' },
      ...data,
    },
    model,
    train: { loss: 'categoricalCrossentropy', metrics: ['accuracy'], ...train },
  });
}

async function prepare(csv: string, data: Part = {}) {
  writeFileSync(path.join(folder, 'data.csv'), csv);
  return prepareData(toRecipe(recipeText(data)), folder);
}

const CSV = 'words,mood\n"Good, good day!",up\nbad day,down\nNA never seen,up\n';

test('codes follow the words of the training rows alone; what the test adds is unknown', async () => {
  const { train, test: held, inputs, summary } = await prepare(CSV);
  assert.deepEqual(inputs.text?.vocabulary.tokens, ['', '[UNK]', 'good', 'day', 'bad']);
  assert.deepEqual(train.inputShape, [4]);
  assert.deepEqual([...train.matrix], [2, 2, 3, 0, 4, 3, 0, 0, 1, 1, 1, 0]);
  assert.equal(held.count, 1);
  assert.deepEqual(summary.classes, ['down', 'up']);
});

test('other columns are no inputs, and words that elsewhere mean a missing value are texts', async () => {
  const { inputs, summary } = await prepare('id,words,mood\nx,NA,up\ny,?!a,down\nz,nan,up\n');
  assert.equal(inputs.width, 4);
  assert.equal(summary.trainRows + summary.testRows, 3);
});

test('what is wrong with texts is told by column, row and remedy', async () => {
  await assert.rejects(prepare('text,mood\na,up\nb,down\n'), {
    code: 'data-unknown-column',
    path: 'data.text.column',
    message: /"words"/,
  });
  const gap = 'words,mood\na,up\n" .. ",down\nb,up\n,down\n';
  await assert.rejects(prepare(gap), {
    code: 'data-missing-value',
    path: 'data.csv: column words',
    message: /Row 2 has no text/,
    remedy: /missing: drop/,
  });
  assert.equal((await prepare(gap, { missing: 'drop' })).droppedRows, 2);
  await assert.rejects(prepare('words,mood\n.,up\n-,down\n', { missing: 'drop' }), { code: 'data-empty' });
});

test('settings that do not go with texts are refused on their field, with a remedy', () => {
  const cases: [Part, unknown[], string, RegExp][] = [
    [{ lookback: 3 }, MODEL, 'data.lookback', /texts are no series/],
    [{ scale: 'standard' }, MODEL, 'data.scale', /would scale the codes/],
    [{ missing: 'mean' }, MODEL, 'data.missing', /no mean of texts/],
    [{ features: ['a'] }, MODEL, 'data.features', /text alone is the input/],
    [{ categorical: ['mood', 'words'] }, MODEL, 'data.categorical', /one-hot as well/],
    [{ target: 'words' }, MODEL, 'data.text.column', /the text and the target/],
    [{ text: { column: 'words', length: 4, vocabulary: 2 } }, MODEL, 'data.text.vocabulary', /2/],
    [{ text: { column: 'words', length: 0 } }, MODEL, 'data.text.length', /0/],
    [{ text: { length: 4 } }, MODEL, 'data.text.column', /./],
    [
      { text: { column: 'words', length: 4, vocabulary: 50 } },
      [{ embedding: { inputDim: 49, outputDim: 4 } }, ...MODEL.slice(1)],
      'model[0].embedding.inputDim',
      /49 is less than the 50 codes/,
    ],
    [{}, [{ dense: { units: 2, activation: 'softmax' } }], 'model[0].dense', /as if they were amounts/],
    [{ text: undefined }, MODEL, 'model[0].embedding.inputDim', /no texts/],
  ];
  for (const [data, model, field, message] of cases) {
    const { recipe, problems } = parseRecipe(recipeText(data, model));
    assert.equal(recipe, null, field);
    const found = problems.find((problem) => problem.path === field);
    assert.match(found?.message ?? JSON.stringify(problems), message);
    assert.ok((found?.remedy ?? '').length > 0, field);
  }
});

test('a run over texts learns, and its saved vocabulary encodes new texts', async (t) => {
  const rows = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `so good ${i},up` : `too bad ${i},down`));
  const run = makeRun(
    t,
    recipeText({ test: { rows: 10 } }, MODEL, {
      epochs: 30,
      optimizer: { adam: { learningRate: 0.05 } },
      device: 'wasm',
    }),
    `words,mood\n${rows.join('\n')}\n`,
  );
  assert.equal(await run.train(), 'completed');
  const start = lastOf(run.events(), 'runStart');
  const sidecar = JSON.parse(readFileSync(path.join(run.folder, 'model/scaler.json'), 'utf8'));
  const saved = sidecar.inputs as TextRule & { tokens: string[] };
  assert.equal(start?.graph.nodes[1]?.parameterCount, 4 * saved.tokens.length);
  assert.equal(lastOf(run.events(), 'evaluation')?.metrics.accuracy, 1);
  const codes = encodeText('Good news', toVocabulary(saved.tokens), saved);
  assert.deepEqual(codes, [saved.tokens.indexOf('good'), 1, 0, 0]);
});

test('an embedding smaller than the vocabulary that is found is refused with its size', async (t) => {
  const model = [{ embedding: { inputDim: 4, outputDim: 4 } }, ...MODEL.slice(1)];
  const run = makeRun(t, recipeText({}, model), CSV);
  assert.equal(await run.train(), 'failed');
  const [problem] = lastOf(run.events(), 'runEnd')?.problems ?? [];
  assert.equal(problem?.path, 'model[0].embedding.inputDim');
  assert.match(problem?.message ?? '', /4 is less than the 5 codes of the texts: 3 different words/);
  assert.match(problem?.remedy ?? '', /inputDim: 5/);
});

test('a number told from texts has no straight line as baseline', async (t) => {
  const model = [{ embedding: { outputDim: 4 } }, 'globalAveragePooling1d', { dense: { units: 1 } }];
  const text = JSON.parse(recipeText({ target: 'mood', categorical: [] }, model)) as { train: Part };
  const run = makeRun(
    t,
    JSON.stringify({ ...text, train: { loss: 'meanSquaredError', epochs: 1, device: 'js' } }),
    'words,mood\ngood,1\nbad,0\nso good,1\ntoo bad,0\n',
  );
  assert.equal(await run.train(), 'completed');
  assert.deepEqual(
    lastOf(run.events(), 'evaluation')?.baselines.map(({ name }) => name),
    ['trainingMean'],
  );
});
