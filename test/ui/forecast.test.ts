/** The forecast in the panel, fed with made-up runs: what it draws, says, and withstands. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { Forecast, RunEvent } from '../../src/common/run/events.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PageOptions, type PanelPage } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Opens the panel with a completed run of these forecasts, and keeps a screenshot in the test's name. */
async function open(t: TestContext, forecasts: readonly Forecast[], options: PageOptions = {}): Promise<PanelPage> {
  const panel = await openPanelPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const name = `forecast-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await panel.page.screenshot({ path: path.join(folder, name), fullPage: true });
    await panel.page.close();
  });
  const events: RunEvent[] = [
    made.launch,
    made.runStart(),
    ...made.epochs(1, 100, { validation: true }),
    ...forecasts,
    made.evaluation(),
    made.runEnd,
  ];
  await panel.post(
    { type: 'recipe', recipe: made.recipe(), pastRuns: [] },
    { type: 'run', runFolder: '/run', params: [] },
    { type: 'events', events },
  );
  return panel;
}

const chart = (page: Page) => page.locator('.forecast-plot .u-over').first();

/** How many pixels of the chart have about this colour. */
const pixels = (page: Page, [red, green, blue]: readonly [number, number, number]) =>
  page
    .locator('.forecast-plot canvas')
    .first()
    .evaluate(
      (element, wanted) => {
        const canvas = element as HTMLCanvasElement;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const isNear = wanted.every((value, part) => Math.abs(value - (data[at + part] ?? 0)) < 24);
          count += isNear && (data[at + 3] ?? 0) > 200 ? 1 : 0;
        }
        return count;
      },
      [red, green, blue],
    );

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`a forecast is drawn with its ranges, numbers and remarks (${theme})`, async (t) => {
    const { page } = await open(t, [made.forecast()], { theme, width: 1500, height: 1300 });
    const rows = await page.locator('.forecast-scores tr').allTextContents();
    assert.equal(rows.length, 3);
    assert.match(rows[0] ?? '', /^prediction/);
    assert.match(rows[1] ?? '', /^last value/);
    await page.getByText('so the forecast has seen its future').waitFor();
    const labels = await page.locator('.forecast-legend .value').allTextContents();
    assert.deepEqual(
      labels.map((label) => label.trim()),
      ['actual', 'fit', 'prediction', 'continued'],
    );
  });
}

test('all four curves are drawn in their own colours', async (t) => {
  const { page } = await open(t, [made.forecast()]);
  const colors = [
    [0xcc, 0xcc, 0xcc],
    [0x59, 0xa4, 0xf9],
    [0xea, 0x5c, 0x00], // the theme's, without its transparency
    [0x89, 0xd1, 0x85],
  ] as const;
  for (const color of colors) {
    const count = await pixels(page, color);
    assert.ok(count > 40, `${color.join(' ')}: ${count}`);
  }
});

test('the values at the cursor are said with the name of their step and its range', async (t) => {
  const forecast = made.forecast();
  const { page } = await open(t, [forecast]);
  const box = await chart(page).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
  await page
    .locator('.forecast-legend')
    .getByText(`${forecast.steps.at(-1)}, ahead`)
    .waitFor();
  const [actual, , , continued] = await page.locator('.forecast-legend b').allTextContents();
  assert.deepEqual([actual, continued], ['—', forecast.continued.at(-1)?.toPrecision(4)]);
});

test('a drag over the chart zooms in, a double click shows all again', async (t) => {
  const { page } = await open(t, [made.forecast()]);
  const whole = page.getByRole('button', { name: 'Whole Series' });
  const box = await chart(page).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 40, { steps: 5 });
  await page.mouse.up();
  assert.equal(await whole.getAttribute('aria-pressed'), 'false');
  await page.mouse.dblclick(box.x + 100, box.y + 40);
  assert.equal(await whole.getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'From the Test On' }).click();
  assert.equal(await whole.getAttribute('aria-pressed'), 'false');
});

test('the table holds the same numbers, latest step first', async (t) => {
  const forecast = made.forecast();
  const { page } = await open(t, [forecast]);
  const section = page.getByRole('region', { name: 'Forecast of sales' });
  await section.getByRole('button', { name: 'Table' }).click();
  const last = forecast.actual.findLastIndex((value) => value !== null);
  const row = section.getByRole('row').filter({ hasText: forecast.steps[last] ?? '' });
  assert.deepEqual(await row.getByRole('cell').allTextContents(), [
    'test',
    forecast.actual[last]?.toPrecision(4),
    '—',
    forecast.predicted[last]?.toPrecision(4),
    forecast.continued[last]?.toPrecision(4),
  ]);
});

test('each target has a forecast of its own', async (t) => {
  const { page } = await open(t, [made.forecast(), made.forecast({ target: 'stock' })]);
  assert.equal(await page.getByRole('region', { name: /^Forecast of / }).count(), 2);
});

test('the chart is saved as a picture', async (t) => {
  const { page, said } = await open(t, [made.forecast()]);
  await page.getByRole('region', { name: 'Forecast of sales' }).getByRole('button', { name: 'PNG' }).click();
  const saved = (await said()).at(-1);
  assert.ok(saved?.type === 'save' && saved.format === 'png' && saved.suggestedName === 'sales forecast');
  const bytes = Buffer.from(saved.content, 'base64');
  assert.deepEqual([...bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  mkdirSync(path.join(root, 'out/screenshots'), { recursive: true });
  writeFileSync(path.join(root, 'out/screenshots/forecast-saved.png'), bytes);
});

test('a forecast follows a switch of the theme', async (t) => {
  const { page, post } = await open(t, [made.forecast()]);
  assert.equal(await pixels(page, [255, 0, 0]), 0);
  await page.evaluate(() => document.documentElement.style.setProperty('--vscode-charts-orange', '#ff0000'));
  await post({ type: 'selectLayer', layer: null });
  assert.ok((await pixels(page, [255, 0, 0])) > 40);
});

test('100,000 steps are drawn, zoomed and read, and the table opens on its latest page', async (t) => {
  const { page } = await open(t, [made.forecast({}, { count: 100_000, ahead: 50 })]);
  await page.getByRole('button', { name: 'From the Test On' }).click();
  const box = await chart(page).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await page.locator('.forecast-legend').getByText(', test').waitFor();
  const section = page.getByRole('region', { name: 'Forecast of sales' });
  await section.getByRole('button', { name: 'Table' }).click();
  assert.equal(await section.locator('tbody').first().locator('tr').count(), 200);
});

test('a narrow panel holds a forecast without sideways scrolling', async (t) => {
  const forecast = made.forecast({
    target: 'a_rather_long_name_of_a_column',
    steps: made.forecast().steps.map((step) => `${step}-01T00:00:00Z`),
  });
  const { page } = await open(t, [forecast], { width: 420, height: 1200 });
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= client, `${scroll} px of content in ${client} px`);
});

test('names of steps and remarks are text, never markup', async (t) => {
  const hostile = '<img src=x onerror="window.hacked = true">';
  const forecast = made.forecast();
  const { page } = await open(t, [
    { ...forecast, target: hostile, unit: hostile, remarks: [hostile], steps: forecast.steps.map(() => hostile) },
  ]);
  assert.equal(await page.locator('#app img').count(), 0);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
});

test('a forecast of which nothing is known but the series is drawn as that', async (t) => {
  const forecast = made.forecast();
  const none = forecast.steps.map(() => null);
  const { page } = await open(t, [{ ...forecast, fitted: none, predicted: none, continued: none, remarks: [] }]);
  assert.equal(await page.locator('.forecast-legend .value').count(), 1);
  assert.equal(await page.locator('.forecast-scores').count(), 0);
});
