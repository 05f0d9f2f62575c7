/** Asking a saved network in the panel, and the page of a model without a run. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ModelView } from '../../src/common/model/predictMessages.ts';
import { parseMxSymbol } from '../../src/common/mxnet/symbol.ts';
import { vizOf } from '../../src/common/mxnet/viz.ts';
import type { ToPanel } from '../../src/common/panelMessages.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PanelPage } from './panelPage.ts';
import type { Theme } from './workbench.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(
  t: TestContext,
  options: { theme?: Theme; width?: number; height?: number } = {},
): Promise<PanelPage> {
  const panel = await openPanelPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const name = `predict-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await panel.page.screenshot({ path: path.join(folder, name), fullPage: true });
    await panel.page.close();
  });
  return panel;
}

const completed: ToPanel[] = [
  { type: 'recipe', recipe: made.recipe(), pastRuns: [] },
  { type: 'run', runFolder: '/run', params: [] },
  { type: 'events', events: [...made.completedRun] },
];

const numbers: Record<string, string> = {
  crim: '0.26888',
  zn: '0',
  indus: '9.69',
  chas: '0',
  nox: '0.538',
  rm: '6.2',
  lstat: '11.4',
};
const view = (part: Partial<ModelView> = {}): ModelView => ({
  name: 'Boston housing',
  folder: '/run/model',
  origin: 'Trained by Skillet from data/boston_housing.csv.',
  needs: 'A row needs crim, zn, indus, chas, nox, rm, lstat.',
  graph: null,
  form: [
    ...Object.entries(numbers).map(([name, typical]) => ({ kind: 'number' as const, name, typical })),
    { kind: 'category', name: 'a_column_with_a_long_name', typical: 'green', categories: ['blue', 'green', 'red'] },
  ],
  targets: ['medv'],
  unit: 'thousand dollars',
  ...part,
});
const value = (number: number): ToPanel => ({
  type: 'prediction',
  prediction: { kind: 'values', values: [{ target: 'medv', value: number }] },
});

test('a finished run offers to predict, and starts from the usual row', async (t) => {
  const { page, post, said } = await open(t);
  await post(...completed);
  await page.getByRole('button', { name: 'Predict…', exact: true }).click();
  assert.deepEqual((await said()).at(-1), { type: 'openPredict' });
  await page.getByText('Reading the network…').waitFor();
  await post({ type: 'model', model: view() });
  const row = { ...numbers, a_column_with_a_long_name: 'green' };
  assert.deepEqual((await said()).at(-1), { type: 'predictRow', fields: row });
  await post(value(23.417));
  await page.getByText('23.42').waitFor();
  await page.getByText('thousand dollars').last().waitFor();
});

test('each change is asked at once, Reset goes back, and a bad field says what is wrong with it', async (t) => {
  const { page, post, said } = await open(t, { theme: 'light' });
  await post(...completed, { type: 'model', model: view() }, value(23));
  await page.getByLabel('rm', { exact: true }).fill('7');
  await page.getByLabel('a_column_with_a_long_name').selectOption('red');
  await post(); // A frame later the page has asked.
  const last = (await said()).at(-1);
  assert.ok(last?.type === 'predictRow');
  assert.deepEqual([last.fields.rm, last.fields.a_column_with_a_long_name], ['7', 'red']);
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await post();
  assert.deepEqual((await said()).at(-1), {
    type: 'predictRow',
    fields: { ...numbers, a_column_with_a_long_name: 'green' },
  });
  await page.getByLabel('rm', { exact: true }).fill('six');
  await post({
    type: 'noPrediction',
    problem: {
      code: 'data-not-a-number',
      path: 'row: column rm',
      message: 'Row 1 has "six" where a number belongs.',
      remedy: 'Mend the field: the network was trained on numbers there.',
    },
  });
  await page.getByText('rm has "six" where a number belongs.').waitFor();
  assert.equal(await page.getByLabel('rm', { exact: true }).getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('zn').getAttribute('aria-invalid'), 'false');
});

test('classes show the likeliest first, with their probabilities', async (t) => {
  const { page, post } = await open(t, { theme: 'highContrast' });
  const shares = [0.02, 0.9, 0.08];
  await post(
    ...completed,
    { type: 'model', model: view({ targets: ['kind'], unit: null }) },
    {
      type: 'prediction',
      prediction: {
        kind: 'classes',
        target: 'kind',
        predicted: 'b',
        probabilities: shares.map((probability, i) => ({ name: 'abc'[i] ?? '', probability })),
      },
    },
  );
  await page.getByText('90.0 %').waitFor();
  assert.deepEqual(await page.locator('.answer tbody th').allTextContents(), ['b', 'c', 'a']);
});

test('a CSV file shows its rows while it is read, then where its predictions lie', async (t) => {
  const { page, post, said } = await open(t);
  await post(...completed, {
    type: 'model',
    model: view({ form: null, needs: 'Each prediction looks back over 12 rows of sales, the oldest first.' }),
  });
  await page.getByText('looks back over 12 rows').waitFor();
  await page.getByRole('button', { name: 'Predict a CSV…' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'predictCsv' });
  await post({ type: 'predictedFile', state: { phase: 'reading', name: 'rows.csv', rows: 40_960 } });
  await page.getByText('rows.csv: 40,960 rows…').waitFor();
  const file = '/data/rows.predictions.csv';
  await post({
    type: 'predictedFile',
    state: { phase: 'done', file, rows: 50_000, predicted: 49_988, ahead: 1, gaps: 'without a whole window before' },
  });
  await page.getByText('49,989 predictions (12 without a whole window before, 1 for steps to come)').waitFor();
  await page.getByRole('button', { name: 'rows.predictions.csv' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'openFile', file });
});

test('a refused file and a network that cannot be read say why', async (t) => {
  const { page, post } = await open(t);
  const problem = {
    code: 'model-unreadable',
    path: '/run',
    message: 'has no model yet.',
    remedy: 'Let it end.',
  } as const;
  await post(...completed, { type: 'noModel', problem });
  await page.getByText('/run: has no model yet. Let it end.').waitFor();
  await post(
    { type: 'model', model: view() },
    { type: 'predictedFile', state: { phase: 'refused', problem: { ...problem, message: 'is bad.' } } },
  );
  await page.getByText('/run: is bad. Let it end.').waitFor();
});

test('another run closes the form', async (t) => {
  const { page, post } = await open(t);
  await post(...completed, { type: 'model', model: view() }, value(23));
  await page.getByLabel('rm', { exact: true }).waitFor();
  await post({ type: 'run', runFolder: '/other', params: [] }, { type: 'events', events: [...made.completedRun] });
  await page.getByRole('button', { name: 'Predict…', exact: true }).waitFor();
});

/** The graph of a golden checkpoint, with made-up shapes. */
function vizView(name: string): ModelView {
  const file = path.join(root, `test/fixtures/goldens/mxnet/${name}-symbol.json`);
  const { nodes } = parseMxSymbol(readFileSync(file, 'utf8'), name);
  const shown = nodes.filter((node, index) => node.op !== 'null' || index === 0);
  const places = new Set(shown.map((node) => nodes.indexOf(node)));
  const graph = {
    nodes: shown.map((node) => ({
      id: node.name,
      type: node.op,
      outputShape: [64],
      parameterCount: 896,
      viz: vizOf(node),
    })),
    edges: shown.flatMap((node) =>
      node.inputs
        .filter((input) => places.has(input.node))
        .map((input) => ({ from: nodes[input.node]?.name ?? '', to: node.name, shape: [64] })),
    ),
  };
  return view({
    name,
    origin: `Imported from ${name}-symbol.json and ${name}-0001.params (mxnet).`,
    folder: `/models/${name}-model`,
    graph,
    unit: null,
  });
}

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`the page of a model shows its graph as graph.viz does, and asks it (${theme})`, async (t) => {
    const { page, post, said } = await open(t, { theme, width: 1300 });
    await post(
      { type: 'model', model: vizView(theme === 'light' ? 'images' : theme === 'dark' ? 'boston_r' : 'branches') },
      value(23.4),
    );
    await page
      .getByRole('heading', { name: theme === 'light' ? 'images' : theme === 'dark' ? 'boston_r' : 'branches' })
      .waitFor();
    assert.equal(
      await page.locator('.layer.viz.weights').first().locator('text').first().textContent(),
      theme === 'light' ? 'Convolution' : 'FullyConnected',
    );
    assert.equal(await page.locator('.layer.viz.loss').count(), 1);
    await page.locator('.layer.viz').first().click();
    assert.ok(
      (await said()).every(({ type }) => type !== 'reveal'),
      'there is no recipe to show',
    );
  });
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`a network over texts has one field for a text, as wide as the form, ${theme}`, async (t) => {
    const { page, post, said } = await open(t, { theme, width: 900 });
    const text = 'All human beings are born free and equal in dignity and rights.';
    const form = [{ kind: 'text' as const, name: 'sentence', typical: text }];
    await post(...completed, { type: 'model', model: view({ form, targets: ['language'] }) });
    await page.getByLabel('sentence').fill('Tous les êtres humains');
    await post(); // A frame later the page has asked.
    assert.deepEqual((await said()).at(-1), { type: 'predictRow', fields: { sentence: 'Tous les êtres humains' } });
  });
}
