/** The page of a comparison by itself, fed with made-up runs: what it shows, hides, marks and withstands. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ComparedRun } from '../../src/common/compare/comparedRun.ts';
import type { ToComparePage } from '../../src/common/compareMessages.ts';
import { comparedRun, family, folderAt } from '../fixtures/comparedRuns.ts';
import { waitFor } from '../fixtures/tempFolder.ts';
import { type ComparePage, openComparePage, type PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<ComparePage> {
  const compare = await openComparePage(browser, { width: 1300, ...options });
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `compare-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await compare.page.screenshot({ path: path.join(folder, file), fullPage: options.height === undefined });
    await compare.page.close();
  });
  return compare;
}

const told = (runs: readonly ComparedRun[]): ToComparePage[] => [
  { type: 'runs', runFolders: runs.map(({ runFolder }) => runFolder) },
  ...runs.map((run): ToComparePage => ({ type: 'run', run })),
];

const drawn = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });

/** How many pixels of a chart are nearly of a colour, `rrggbb`. */
async function pixels(page: Page, color: string, chart = 0): Promise<number> {
  await drawn(page);
  return page.evaluate(
    ([hex, index]) => {
      const canvas = document.querySelectorAll('canvas')[Number(index)];
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const wanted = [0, 2, 4].map((at) => Number.parseInt(String(hex).slice(at, at + 2), 16));
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const isNear = wanted.every((value, channel) => Math.abs(value - (data[at + channel] ?? 0)) < 26);
        count += isNear && (data[at + 3] ?? 0) > 150 ? 1 : 0;
      }
      return count;
    },
    [color, chart] as const,
  );
}

/** Of the first and the second run in dark themes. */
const [FIRST, SECOND] = ['56b4e9', 'ff9355'];

const row = (page: Page, name: string) => page.locator('.legend-row', { has: page.getByText(name, { exact: true }) });

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`a family of runs is shown whole (${theme})`, async (t) => {
    const { page, post } = await open(t, { theme });
    await post(...told(family()));
    await page.getByText('6 runs').waitFor();
    assert.equal(await page.locator('canvas').count(), 2);
    assert.equal(await page.locator('.legend-row').count(), 6);
    await page.getByRole('region', { name: 'Results' }).getByText('mean ± s.d. of 2 seeds').waitFor();
  });
}

test('on a narrow page nothing is cut', async (t) => {
  const { page, post } = await open(t, { width: 360, theme: 'light' });
  await post(...told(family()));
  await page.getByText('6 runs').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
});

test('a run that is hidden leaves the charts and keeps its colour when it comes back', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family().slice(0, 2)));
  const before = await pixels(page, FIRST);
  assert.ok(before > 100, `${before} pixels of the first run`);
  await page.getByRole('checkbox').first().click();
  assert.equal(await pixels(page, FIRST), 0);
  assert.ok((await pixels(page, SECOND)) > 100);
  await page.getByRole('checkbox').first().click();
  assert.ok((await pixels(page, FIRST)) > 100);
});

test('forks stand below their parents, and begin at the point where they left them', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family()));
  const names = await page.locator('.legend-row .link').allTextContents();
  assert.deepEqual(names, [
    'units 64, learningRate 0.001, seed 0',
    'units 64, learningRate 0.0001, seed 0',
    'units 64, learningRate 0.00001, seed 0',
    'units 64, learningRate 0.001, seed 1',
    'units 16, learningRate 0.001, seed 0',
    'units 64, learningRate 0.01, seed 0',
  ]);
  const depths = await page.locator('.run-name').evaluateAll((list) => list.map((one) => one.getAttribute('style')));
  assert.deepEqual(
    depths.map((style) => /--depth: ?(\d)/.exec(style ?? '')?.[1]),
    ['0', '1', '2', '0', '0', '0'],
  );
  await page.locator('.legend-row', { hasText: 'from epoch 40' }).waitFor();
  await page.locator('.legend-row', { hasText: 'from epoch 70' }).waitFor();
});

test('fifty runs are drawn and pointed at; those without a colour are grey until they are pinned', async (t) => {
  const { page, post } = await open(t, { height: 1000 });
  const runs = Array.from({ length: 50 }, (_, index) => comparedRun({ number: index + 1, seed: index }));
  const startedAt = Date.now();
  await post(...told(runs));
  await page.getByText('50 runs').waitFor();
  const shownMs = Date.now() - startedAt;
  await page.getByText('42 runs are grey').waitFor();
  const hoverMs = await page.evaluate(async () => {
    const rows = [...document.querySelectorAll('.legend-row')];
    const begun = performance.now();
    for (const one of rows.slice(0, 20)) {
      one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
      one.dispatchEvent(new MouseEvent('mouseenter'));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return (performance.now() - begun) / 20;
  });
  t.diagnostic(`50 runs shown in ${shownMs} ms, ${hoverMs.toFixed(1)} ms a highlight`);
  await page.getByRole('button', { name: 'Pin seed 49' }).click();
  await drawn(page);
  assert.equal(await row(page, 'seed 49').locator('.swatch path').count(), 2);
  assert.equal(await row(page, 'seed 7').locator('.swatch path').count(), 1);
});

test('a run that is highlighted stands out: the others fade', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family().slice(0, 2)));
  const before = await pixels(page, SECOND);
  await page.locator('.legend-row').first().hover();
  const faded = await pixels(page, SECOND);
  assert.ok(faded < before / 4, `${faded} of ${before} pixels`);
  await page
    .getByText(/seed 0 · last: training .*, validation/)
    .first()
    .waitFor();
});

test('results are sorted by a column, the better end first, and the best is marked', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family()));
  const results = page.getByRole('region', { name: 'Results' });
  await results.getByRole('button', { name: /^test rmse/ }).click();
  const values = await results.locator('tbody tr:not(.group) td:nth-child(2)').allTextContents();
  const numbers = values.map(Number).filter(Number.isFinite);
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  assert.equal(values.at(-1), '—', 'a run without a result stands last');
  assert.equal(await results.locator('tbody tr').first().locator('td.best').first().textContent(), values[0]);
  const head = results.locator('th[aria-sort="ascending"]');
  assert.equal(await head.count(), 1);
});

test('settings that differ come first and are marked; the equal ones are folded away', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family()));
  const params = page.getByRole('region', { name: 'Parameters' });
  const names = () => params.locator('tbody th').allTextContents();
  assert.deepEqual(await names(), ['units', 'learningRate', 'train.seed']);
  assert.equal(await params.locator('td.differs').count(), 5);
  await params.getByRole('button', { name: /equal$/ }).click();
  await drawn(page);
  assert.ok((await names()).includes('train.loss'));
});

test('two recipes are compared setting by setting, and opened in the diff editor', async (t) => {
  const { page, post, said } = await open(t);
  await post(...told(family()));
  const recipes = page.getByRole('region', { name: 'Recipes' });
  await recipes.getByRole('combobox', { name: 'and' }).selectOption(folderAt(4));
  await drawn(page);
  const rows = await recipes.locator('tbody tr').allTextContents();
  assert.deepEqual(
    rows.map((text) => text.trim()),
    ['params.learningRate0.0010.01', 'train.optimizer.adam.learningRate0.0010.01'],
  );
  await recipes.getByRole('button', { name: 'Open in Diff Editor' }).click();
  await recipes.getByRole('button', { name: /^Restore/ }).click();
  assert.deepEqual((await said()).slice(1), [
    { type: 'openDiff', base: folderAt(1), other: folderAt(4) },
    { type: 'restore', runFolder: folderAt(4) },
  ]);
});

test('a live run goes on while it is compared', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family()));
  const table = page.getByRole('region', { name: 'Results' });
  await table.getByText('63/100').waitFor();
  const metrics = { loss: 2, rmse: 2, val_loss: 1.5, val_rmse: 1.25 };
  await post({ type: 'epochs', runFolder: folderAt(3), records: [{ epoch: 64, metrics, durationMs: 20 }] });
  await table.getByText('64/100').waitFor();
  await table.getByText('1.250').first().waitFor();
});

test('the numbers behind the charts are a table of a metric', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family()));
  await page.getByRole('button', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: 'Values by epoch' });
  await table.getByRole('combobox', { name: 'Metric' }).selectOption('val_rmse');
  await drawn(page);
  assert.equal(await table.locator('tbody tr').count(), 100);
  const cells = await table.locator('tbody tr').first().locator('td').allTextContents();
  assert.equal(cells.length, 6);
  assert.equal(cells[2], '', 'a run that is at epoch 63 has no value at 100');
});

test('dragging over a chart zooms all, and the logarithmic axis leaves no gap', async (t) => {
  const { page, post } = await open(t);
  await post(...told(family().slice(0, 2)));
  const reset = page.getByRole('button', { name: 'Reset Zoom' });
  assert.equal(await reset.isDisabled(), true);
  const box = await page.locator('.u-over').first().boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + 100, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 220, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await drawn(page);
  assert.equal(await reset.isEnabled(), true);
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  assert.ok((await pixels(page, FIRST)) > 60);
  await reset.click();
});

test('a chart is saved as SVG and as PNG, with the names of its runs', async (t) => {
  const { page, post, said } = await open(t);
  await post(...told(family()));
  await page.getByRole('button', { name: 'Save the chart of loss as SVG' }).click();
  await page.getByRole('button', { name: 'Save the chart of loss as PNG' }).click();
  const pictures = await waitFor('both pictures', async () => {
    const saved = (await said()).filter((message) => message.type === 'save');
    return saved.length === 2 ? saved : null;
  });
  assert.deepEqual(
    pictures.map(({ format, suggestedName }) => [format, suggestedName]),
    [
      ['svg', 'compare-loss'],
      ['png', 'compare-loss'],
    ],
  );
  assert.match(pictures[0]?.content ?? '', /^<svg[\s\S]*learningRate 0\.01/);
  assert.equal(
    Buffer.from(pictures[1]?.content ?? '', 'base64')
      .subarray(1, 4)
      .toString(),
    'PNG',
  );
});

test('no run and one run say what to do next', async (t) => {
  const { page, post, said } = await open(t);
  await post({ type: 'runs', runFolders: [] });
  await page.getByRole('button', { name: 'Add Runs…' }).click();
  await post(...told(family().slice(0, 1)));
  await page.getByRole('button', { name: 'Add runs to compare it with' }).click();
  assert.deepEqual((await said()).slice(1), [{ type: 'addRuns' }, { type: 'addRuns' }]);
});

test('a run that cannot be read says so, and the others are shown', async (t) => {
  const { page, post, said } = await open(t);
  const [first, second] = family();
  assert.ok(first && second);
  await post({ type: 'runs', runFolders: [first.runFolder, second.runFolder] }, { type: 'run', run: first });
  await page.getByText('reading 1 more…').waitFor();
  const problem = {
    code: 'run-unreadable',
    path: second.runFolder,
    message: 'is no run.',
    remedy: 'Name a run folder.',
  } as const;
  await post({ type: 'unreadable', runFolder: second.runFolder, problem });
  await page.getByText('is no run.').waitFor();
  await page.getByRole('button', { name: `Remove ${second.runFolder}` }).click();
  assert.deepEqual((await said()).at(-1), { type: 'removeRuns', runFolders: [second.runFolder] });
});

test('names from files stay text', async (t) => {
  const { page, post } = await open(t);
  const hostile = '<img src=x onerror=alert(1)>';
  const runs = family().slice(0, 2);
  await post(...told([comparedRun({ number: 9 }, { name: hostile, params: { [hostile]: hostile } }), ...runs]));
  await page.getByRole('heading', { level: 1 }).getByText(hostile).waitFor();
  assert.equal(await page.locator('img').count(), 0);
});
