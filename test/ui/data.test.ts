/** The page "New Recipe from Data" by itself, fed with profiles of real files: what it shows, says and makes. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { FromDataPage, ToDataPage } from '../../src/common/dataMessages.ts';
import { parseRecipe } from '../../src/common/recipe/parse.ts';
import { profileCsv } from '../../src/node/data/profileCsv.ts';
import { flowersCsv, messyCsv, seriesCsv } from '../fixtures/sampleData.ts';
import { tempFolder } from '../fixtures/tempFolder.ts';
import { type DataPage, openDataPage, type PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<DataPage> {
  const data = await openDataPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `data-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await data.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await data.page.close();
  });
  return data;
}

async function profiled(t: TestContext, csv: string, name = 'houses.csv'): Promise<ToDataPage[]> {
  const file = path.join(tempFolder(t), name);
  writeFileSync(file, csv);
  return [
    { type: 'reading', file },
    { type: 'profile', profile: await profileCsv(file), csv: name },
  ];
}

const recipeOf = async ({ page }: DataPage) => (await page.locator('pre').textContent()) ?? '';
const lastSaid = async ({ said }: DataPage): Promise<FromDataPage | undefined> => (await said()).at(-1);

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`columns, rows and recipe in the theme ${theme}`, async (t) => {
    const data = await open(t, { theme, width: 1500 });
    await data.post(...(await profiled(t, messyCsv)));
    assert.equal(await data.page.getByText('200 rows · 11 columns · semicolon-separated').count(), 1);
    assert.equal(await data.page.getByLabel('Learn from storeys').isChecked(), true);
    assert.equal(await data.page.getByLabel('Learn from $code').count(), 0);
    assert.equal(await data.page.getByLabel('Table of columns').locator('tbody tr').count(), 11);
    assert.equal(await data.page.getByLabel('Table of the first rows').locator('tbody tr').count(), 8);
    assert.equal(await data.page.locator('.remark', { hasText: 'every row has NL' }).count(), 1);
    assert.deepEqual(parseRecipe(await recipeOf(data)).problems, []);
  });
}

test('on a narrow page nothing is cut but what scrolls by itself', async (t) => {
  const data = await open(t, { width: 360, theme: 'light' });
  await data.post(...(await profiled(t, messyCsv)));
  const overflow = await data.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(overflow, 0);
});

test('another target is another task, and the recipe follows; what is made is what is shown', async (t) => {
  const data = await open(t, { width: 1300 });
  const { page } = data;
  await data.post(...(await profiled(t, flowersCsv, 'flowers.csv')));
  assert.equal(await page.getByLabel('Task').inputValue(), 'classification');
  assert.match(await recipeOf(data), /units: 3, activation: softmax/);
  await page.getByLabel('Predict').selectOption('petal width');
  assert.equal(await page.getByLabel('Task').inputValue(), 'regression');
  await page.getByLabel('Learn from species').uncheck();
  await page.getByLabel('Name').fill('Petals');
  await page.locator('pre', { hasText: 'name: Petals' }).waitFor();
  const text = await recipeOf(data);
  assert.match(text, /name: Petals\n/);
  assert.match(text, /features: \[sepal length, sepal width, petal length\]/);
  await page.getByRole('button', { name: 'Create Recipe' }).click();
  const choices = {
    name: 'Petals',
    csv: 'flowers.csv',
    target: 'petal width',
    task: 'regression' as const,
    leaveOut: ['species'],
  };
  assert.deepEqual(await lastSaid(data), { type: 'create', choices, isTrained: false });
  await page.getByRole('button', { name: 'Create and Train' }).click();
  assert.deepEqual(await lastSaid(data), { type: 'create', choices, isTrained: true });
  await data.post({ type: 'created', file: 'petals.recipe.yaml' });
  await page.getByText('petals.recipe.yaml is made.').waitFor();
});

test('without a name or a column to learn from, nothing is made and the reason is told', async (t) => {
  const data = await open(t);
  const { page } = data;
  await data.post(...(await profiled(t, flowersCsv)));
  const before = (await data.said()).length;
  await page.getByLabel('Name').fill(' ');
  await page.getByRole('button', { name: 'Create Recipe' }).press('Enter');
  await page.getByText('Give the recipe a name.').waitFor();
  await page.getByLabel('Name').fill('Flowers');
  for (const box of await page.getByRole('checkbox').all()) {
    await box.uncheck();
  }
  await page.getByText('Choose at least one column to learn from.').waitFor();
  await page.getByRole('button', { name: 'Create and Train' }).press('Enter');
  assert.equal((await data.said()).length, before);
});

test('a series is read as one: its rhythm, its order, a forecast', async (t) => {
  const data = await open(t, { width: 1300, theme: 'light' });
  await data.post(...(await profiled(t, seriesCsv, 'sales.csv')));
  assert.equal(await data.page.getByText('every 1 month', { exact: true }).count(), 1);
  assert.equal(await data.page.getByText('Suggested: month steps evenly by 1 month.').count(), 1);
  assert.match(await recipeOf(data), /lookback: 12/);
});

test('reading shows how far it is and can be cancelled, and begun again', async (t) => {
  const data = await open(t);
  const { page } = data;
  await data.post({ type: 'reading', file: '/data/large.csv' }, { type: 'progress', share: 0.42 });
  await page.getByText('Reading… 42 %').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await lastSaid(data), { type: 'cancel' });
  await data.post({ type: 'failed', message: 'Reading was cancelled.', remedy: 'Read it again to go on.' });
  await page.getByRole('alert').getByText('Reading was cancelled.').waitFor();
  await page.getByRole('button', { name: 'Read Again' }).click();
  assert.deepEqual(await lastSaid(data), { type: 'read', isWhole: false });
});

test('a part of a large file says so, and offers the rest', async (t) => {
  const file = path.join(tempFolder(t), 'large.csv');
  writeFileSync(file, `a,y\n${Array.from({ length: 90_000 }, (_, i) => `${(i * 7) % 31},${i % 89}`).join('\n')}\n`);
  const profile = await profileCsv(file, { maxBytes: 100_000 });
  const data = await open(t);
  await data.post({ type: 'reading', file }, { type: 'profile', profile, csv: 'large.csv' });
  assert.equal(await data.page.getByText(/^about .* rows/).count(), 1);
  assert.equal(await data.page.getByText(/Only the first \d+ % of the file/).count(), 1);
  await data.page.getByRole('button', { name: 'Read the Whole File' }).click();
  assert.deepEqual(await lastSaid(data), { type: 'read', isWhole: true });
});

test('a file without a header is shown, but no recipe can be made of it', async (t) => {
  const data = await open(t, { theme: 'light' });
  await data.post(...(await profiled(t, '5.1,3.5,a\n4.9,3.0,b\n'.repeat(20), 'bare.csv')));
  await data.page.getByRole('alert').getByText('The file has no header').waitFor();
  assert.equal(await data.page.getByRole('button', { name: 'Create Recipe' }).count(), 0);
  assert.equal(await data.page.getByLabel('Table of columns').locator('tbody tr').count(), 3);
});

test('everything is reached with the keyboard in the order of the page, and has a name', async (t) => {
  const data = await open(t, { width: 1300 });
  const { page } = data;
  await data.post(...(await profiled(t, flowersCsv, 'flowers.csv')));
  const names: string[] = [];
  for (let presses = 0; presses < 13; presses += 1) {
    await page.keyboard.press('Tab');
    names.push(
      await page.evaluate(() => {
        const at = document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLElement> }) | null;
        return (at?.ariaLabel ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '').trim();
      }),
    );
  }
  assert.deepEqual(names, [
    'flowers.csv',
    'Predict',
    'Task',
    'Name',
    'Create and Train',
    'Create Recipe',
    'Table of columns',
    'Learn from sepal length',
    'Learn from sepal width',
    'Learn from petal length',
    'Learn from petal width',
    'Table of the first rows',
    'Text of the recipe',
  ]);
  const pictures = await page.getByRole('img').all();
  assert.equal(pictures.length, 5);
  assert.match((await pictures[4]?.getAttribute('aria-label')) ?? '', /^Histogram of species: 3 bars, from setosa/);
});

test('text from the file is text, whatever it holds', async (t) => {
  const data = await open(t);
  const evil = '<img src=x onerror=alert(1)>';
  const csv = `${evil},y\n${Array.from({ length: 30 }, (_, i) => `${['<b>a</b>', 'b'][i % 2]},${(i * 7) % 13}`).join('\n')}\n`;
  await data.post(...(await profiled(t, csv)));
  assert.equal(await data.page.locator('main img, main .values b, main .rows b').count(), 0);
  assert.ok((await recipeOf(data)).includes(evil));
});
