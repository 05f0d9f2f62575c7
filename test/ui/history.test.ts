/** The run history by itself, with up to 10,000 made-up runs: what it shows, how it is steered, and what it costs. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { FromHistoryPage, ToHistoryPage } from '../../src/common/historyMessages.ts';
import type { RunSummary } from '../../src/common/run/runSummary.ts';
import { annotationsOf, runSummaries, runSummary } from '../fixtures/manyRuns.ts';
import { type HistoryWebview, openHistoryPage, type PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<HistoryWebview> {
  const history = await openHistoryPage(browser, { width: 1300, height: 700, ...options });
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `history-${t.name.replaceAll(/[^\w-]+/g, '-').slice(0, 80)}.png`;
    await history.page.screenshot({ path: path.join(folder, file) });
    await history.page.close();
  });
  return history;
}

/** Newest first, as the extension sends them. */
const newestFirst = (count: number) => runSummaries(count).toReversed();
const all = (runs: readonly RunSummary[]): ToHistoryPage => ({ type: 'runs', runs, isFirst: true, isLast: true });

const drawn = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });

const grid = (page: Page) => page.getByRole('grid', { name: 'Runs' });
const filter = (page: Page) => page.getByRole('textbox', { name: 'Filter runs' });
const count = (page: Page) => page.locator('.count').textContent();

/** Texts of a column's cells, as they stand in sight from the top. */
async function column(page: Page, name: string): Promise<string[]> {
  await drawn(page);
  const at = await page.locator('.grid-head .cell').evaluateAll((heads, wanted) => {
    return heads.findIndex((head) => head.textContent === wanted);
  }, name);
  assert.ok(at >= 0, `no column ${name}`);
  return page
    .locator('.grid-row')
    .evaluateAll(
      (rows, cell) =>
        rows
          .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
          .map((row) => row.children[cell]?.textContent ?? ''),
      at,
    );
}

async function said<Type extends FromHistoryPage['type']>(
  history: HistoryWebview,
  type: Type,
): Promise<Extract<FromHistoryPage, { type: Type }>[]> {
  return (await history.said()).filter((one): one is Extract<FromHistoryPage, { type: Type }> => one.type === type);
}

const SHOWN = 1000 - Math.ceil(1000 / 31);

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`a thousand runs are shown (${theme})`, async (t) => {
    const { page, post } = await open(t, { theme });
    const runs = newestFirst(1000);
    const live = { ...runs[0], status: 'running', epochsDone: 37, result: null } as RunSummary;
    await post(all([live, ...runs.slice(1)]));
    assert.equal(await count(page), `${SHOWN} of 1,000`);
    assert.equal(await grid(page).getAttribute('aria-rowcount'), String(SHOWN + 1));
    const inPage = await page.locator('.grid-row').count();
    assert.ok(inPage > 10 && inPage < 80, `${inPage} rows are drawn`);
    await page.locator('.grid-row').nth(2).locator('.cell').first().click();
    await page.locator('.grid-row').nth(4).locator('.cell').first().click();
    await page.getByText('2 selected').waitFor();
  });
}

test('on a narrow panel nothing is cut but what scrolls', async (t) => {
  const { page, post } = await open(t, { width: 360, theme: 'light' });
  await post(all(newestFirst(200)));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(overflow, 0);
  assert.ok(await grid(page).isVisible());
});

test('without a run the page says what to do', async (t) => {
  const history = await open(t);
  await history.page.getByText('Reading the runs…').waitFor();
  await history.post(all([]));
  await history.page.getByRole('button', { name: 'Train a Recipe' }).click();
  assert.deepEqual((await history.said()).at(-1), { type: 'train' });
});

test('a click on a head sorts, a second one the other way; the head tells which', async (t) => {
  const { page, post } = await open(t);
  await post(all(newestFirst(300)));
  const head = page.getByRole('columnheader', { name: 'units' });
  await head.click();
  const up = (await column(page, 'units')).map(Number);
  assert.deepEqual(
    up,
    up.toSorted((a, b) => a - b),
  );
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  await head.click();
  const down = (await column(page, 'units')).map(Number);
  assert.deepEqual(
    down,
    down.toSorted((a, b) => b - a),
  );
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.equal(await page.locator('[aria-sort="ascending"], [aria-sort="descending"]').count(), 1);
});

test('a filter leaves what fits, says how many, and tells a wrong one without losing what was shown', async (t) => {
  const { page, post } = await open(t);
  await post(all(newestFirst(1000)));
  await filter(page).fill('units > 100 rmse < 4');
  const wanted = runSummaries(1000).filter(
    (run, number) => !annotationsOf(number).archived && Number(run.params.units) > 100 && (run.result?.value ?? 9) < 4,
  );
  await drawn(page);
  assert.equal(await count(page), `${wanted.length} of 1,000`);
  assert.ok((await column(page, 'units')).every((text) => Number(text) > 100));
  await filter(page).fill('units > 100 rmse < 4 untis >');
  await page.getByText('untis: has nothing behind >').waitFor();
  assert.equal(await count(page), `${wanted.length} of 1,000`);
  await filter(page).press('Escape');
  await drawn(page);
  assert.equal(await count(page), `${1000 - 33} of 1,000`);
  await filter(page).fill('is:archived');
  await drawn(page);
  assert.equal(await count(page), '33 of 1,000');
  await filter(page).fill('nobody-wrote-this');
  await page.getByText('No run fits.').waitFor();
});

test('runs are selected by box, in ranges, all at once, and acted on together', async (t) => {
  const history = await open(t);
  const { page } = history;
  const runs = newestFirst(100);
  await history.post(all(runs));
  const shown = runs.filter(({ annotations }) => !annotations.archived).map(({ runFolder }) => runFolder);
  const box = (row: number) => page.locator(`[aria-rowindex="${row + 2}"] .cell`).first();
  await box(1).click();
  await box(4).click({ modifiers: ['Shift'] });
  await page.getByText('4 selected').waitFor();
  await page.getByRole('button', { name: 'Compare' }).click();
  assert.deepEqual(await said(history, 'compare'), [{ type: 'compare', runFolders: shown.slice(1, 5) }]);
  await page.getByRole('button', { name: 'Archive' }).click();
  await page.getByRole('button', { name: 'Tag…' }).click();
  assert.deepEqual((await history.said()).slice(-2), [
    { type: 'annotate', runFolders: shown.slice(1, 5), change: { archived: true } },
    { type: 'ask', what: 'tags', runFolders: shown.slice(1, 5) },
  ]);
  await grid(page).press('Control+a');
  await page.getByText(`${shown.length} selected`).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  assert.equal((await said(history, 'delete'))[0]?.runFolders.length, shown.length);
  await page.getByText('None selected').waitFor();
});

test('runs that a filter hides are not deleted with the rest', async (t) => {
  const history = await open(t);
  await history.post(all(newestFirst(100)));
  await grid(history.page).press('Control+a');
  await filter(history.page).fill('status = failed');
  await drawn(history.page);
  const left = await column(history.page, 'status');
  await history.page.getByText(`${left.length} selected`).waitFor();
  await history.page.getByRole('button', { name: 'Delete' }).click();
  assert.equal((await said(history, 'delete'))[0]?.runFolders.length, left.length);
});

test('a run that trains cannot be deleted', async (t) => {
  const history = await open(t);
  await history.post(all([runSummary(1, { status: 'running' }), runSummary(2)]));
  await grid(history.page).press('Control+a');
  assert.equal(await history.page.getByRole('button', { name: 'Delete' }).isDisabled(), true);
});

test('keys alone sort, move columns, select, star, open and delete', async (t) => {
  const history = await open(t);
  const { page } = history;
  const runs = newestFirst(60).filter(({ annotations }) => !annotations.archived);
  await history.post(all(runs));
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  await grid(page).focus();
  await press('ArrowDown', 'ArrowDown', ' ', 'Shift+ArrowDown');
  await page.getByText('2 selected').waitFor();
  await press('Escape', 'ArrowDown', 'Enter');
  assert.deepEqual(await said(history, 'open'), [{ type: 'open', runFolder: runs[3]?.runFolder }]);
  await press('ArrowLeft', 'Enter');
  assert.deepEqual(await said(history, 'annotate'), [
    { type: 'annotate', runFolders: [runs[3]?.runFolder], change: { starred: true } },
  ]);
  await press('Control+End');
  await drawn(page);
  const active = await grid(page).getAttribute('aria-activedescendant');
  assert.equal(active, `cell-${runs.length - 1}-1`);
  assert.equal(await page.locator(`#${active}`).isVisible(), true);
  await press('Control+Home', 'ArrowUp', 'ArrowRight', 'Enter');
  await page.locator('[role=columnheader][aria-sort=ascending]').waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'name' }).getAttribute('aria-sort'), 'ascending');
  await press('Alt+ArrowRight');
  await drawn(page);
  const heads = await page.locator('.grid-head .cell').allTextContents();
  assert.deepEqual(heads.slice(2, 4), ['status', 'name']);
  await press('ArrowDown', ' ', 'Delete');
  assert.equal((await said(history, 'delete'))[0]?.runFolders.length, 1);
});

test('note and tags are written in their cells; Escape leaves them', async (t) => {
  const history = await open(t, { width: 1900 });
  const { page } = history;
  await history.post(all([runSummary(11)]));
  const editable = page.locator('[aria-rowindex="2"] .editable');
  await editable.nth(1).dblclick();
  const field = page.getByRole('textbox', { name: /^note of/ });
  await field.fill('written here');
  await field.press('Enter');
  await field.waitFor({ state: 'detached' });
  await editable.nth(0).dblclick();
  const tags = page.getByRole('textbox', { name: /^tags of/ });
  assert.equal(await tags.inputValue(), 'baseline');
  await tags.fill('baseline, #new');
  await tags.press('Enter');
  await editable.nth(1).dblclick();
  await field.fill('not kept');
  await field.press('Escape');
  const { runFolder } = runSummary(11);
  assert.deepEqual(await said(history, 'annotate'), [
    { type: 'annotate', runFolders: [runFolder], change: { note: 'written here' } },
    { type: 'annotate', runFolders: [runFolder], change: { tags: ['baseline', 'new'] } },
  ]);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
});

test('columns are hidden and moved, and the page asks to keep that', async (t) => {
  const history = await open(t);
  const { page } = history;
  await history.post({ type: 'view', view: { hidden: ['seed'], order: ['status'] } }, all(newestFirst(20)));
  const heads = async () => {
    await drawn(page);
    return (await page.locator('.grid-head .cell').allTextContents()).slice(2);
  };
  assert.deepEqual((await heads()).slice(0, 2), ['status', 'name']);
  assert.equal((await heads()).includes('seed'), false);
  await page.getByText('Columns').click();
  await page.getByRole('checkbox', { name: 'duration' }).uncheck();
  await page.getByRole('button', { name: 'Move name to the left' }).click();
  assert.deepEqual((await heads()).slice(0, 4), ['name', 'status', 'result', 'started']);
  const kept = (await said(history, 'keep')).at(-1)?.view as { hidden: string[]; order: string[] };
  assert.deepEqual(kept.hidden, ['seed', 'duration']);
  assert.deepEqual(kept.order.slice(0, 2), ['name', 'status']);
});

test('a page that is brought back shows what it showed, though the extension has not heard of it; a new one what the extension kept', async (t) => {
  const { page, post } = await open(t);
  const older: ToHistoryPage = { type: 'view', view: { filter: 'recipe = shampoo' } };
  await post(older, all(newestFirst(100)));
  assert.equal(await filter(page).inputValue(), 'recipe = shampoo');
  await filter(page).fill('recipe = digits');
  await page.reload();
  await post(older, all(newestFirst(100)));
  assert.equal(await filter(page).inputValue(), 'recipe = digits');
  assert.ok((await column(page, 'recipe')).every((text) => text === 'digits'));
});

test('a filter that was asked for from outside is set', async (t) => {
  const { page, post } = await open(t);
  await post({ type: 'filter', text: 'recipe = digits' }, all(newestFirst(100)));
  assert.equal(await filter(page).inputValue(), 'recipe = digits');
  assert.ok((await column(page, 'recipe')).every((text) => text === 'digits'));
});

test('a live run changes in place, and new runs above do not move what is read', async (t) => {
  const { page, post } = await open(t);
  const runs = newestFirst(500).filter(({ annotations }) => !annotations.archived);
  const live = { ...runs[0], status: 'running', epochsDone: 1 } as RunSummary;
  await post(all([live, ...runs.slice(1)]));
  await page.getByRole('columnheader', { name: 'epochs' }).click();
  const before = await column(page, 'started');
  await post({ type: 'changed', runs: [{ ...live, epochsDone: 99 }], gone: [] });
  assert.deepEqual(await column(page, 'started'), before);
  assert.ok((await column(page, 'epochs')).includes('99/100'));
  await page.getByRole('columnheader', { name: 'started' }).click();
  await page.getByRole('columnheader', { name: 'started' }).click();
  const scrollTo = (top: number) => grid(page).evaluate((box, to) => box.scrollTo(0, to), top);
  await scrollTo(5213);
  await drawn(page);
  const topRow = () =>
    grid(page).evaluate((box) => {
      const { top } = box.getBoundingClientRect();
      const rows = [...box.querySelectorAll('.grid-row')].map((row) => ({
        text: row.textContent,
        y: Math.round(row.getBoundingClientRect().top - top),
      }));
      return rows.filter(({ y }) => y >= 28).sort((a, b) => a.y - b.y)[0];
    });
  const read = await topRow();
  const more = [runSummary(12_001), runSummary(12_002)].map((run) => ({ ...run, annotations: annotationsOf(1) }));
  await post({ type: 'changed', runs: more, gone: [runs[3]?.runFolder ?? ''] });
  await drawn(page);
  const after = await topRow();
  assert.deepEqual(after, read);
});

test('a run that is gone is gone from the table and from the selection', async (t) => {
  const { page, post } = await open(t);
  const runs = newestFirst(3).map((run) => ({ ...run, annotations: annotationsOf(1) }));
  await post(all(runs));
  await grid(page).press('Control+a');
  await page.getByText('3 selected').waitFor();
  await post({ type: 'changed', runs: [], gone: [runs[1]?.runFolder ?? ''] });
  await page.getByText('2 selected').waitFor();
  assert.equal(await count(page), '2');
});

test('names are text, whatever stands in them', async (t) => {
  const { page, post } = await open(t);
  const name = '<img src=x onerror="document.title=\'broken\'">';
  const note = '"quotes" & <b>tags</b>';
  await post(all([runSummary(1, { name, params: { '<i>': '<u>' }, annotations: { ...annotationsOf(1), note } })]));
  assert.deepEqual(await column(page, 'name'), [name]);
  assert.deepEqual(await column(page, 'note'), [note]);
  assert.deepEqual(await column(page, '<i>'), ['<u>']);
  assert.equal(await page.title(), 'Skillet');
});

/** Computing time of the page's main thread, in ms: what other processes do to the clock is not in it. */
async function meter(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  let last = await read();
  return async () => {
    const now = await read();
    const spent = now - last;
    last = now;
    return spent;
  };
}

test('ten thousand runs load, scroll, sort and filter, with some forty rows in the page', async (t) => {
  const { page } = await open(t);
  const spent = await meter(page);
  const runs = newestFirst(10_000);
  const pieces: ToHistoryPage[] = Array.from({ length: 20 }, (_, piece) => ({
    type: 'runs',
    runs: runs.slice(piece * 500, piece * 500 + 500),
    isFirst: piece === 0,
    isLast: piece === 19,
  }));
  await page.evaluate((text) => {
    for (const message of JSON.parse(text)) {
      window.postMessage(message, '*');
    }
  }, JSON.stringify(pieces));
  await page.getByText(`${(10_000 - Math.ceil(10_000 / 31)).toLocaleString('en-US')} of 10,000`).waitFor();
  t.diagnostic(`load: ${(await spent()).toFixed(0)} ms of computing`);
  const height = await page.locator('.grid-body').evaluate((body) => body.getBoundingClientRect().height);
  assert.equal(height, (10_000 - Math.ceil(10_000 / 31)) * 26);

  const scroll = (by: number) =>
    grid(page).evaluate(async (box, step) => {
      for (let frame = 0; frame < 60; frame += 1) {
        box.scrollTop += step;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }, by);
  await spent();
  await scroll(60);
  t.diagnostic(`scroll by 60 pixels: ${((await spent()) / 60).toFixed(1)} ms of computing a frame`);
  await scroll(2000);
  t.diagnostic(`scroll by 2,000 pixels: ${((await spent()) / 60).toFixed(1)} ms of computing a frame`);
  const inPage = await page.locator('.grid-row').count();
  assert.ok(inPage > 10 && inPage < 80, `${inPage} rows are drawn`);
  for (const name of ['name', 'result', 'units', 'tags']) {
    await page.getByRole('columnheader', { name, exact: true }).click();
    await drawn(page);
    t.diagnostic(`sort by ${name}: ${(await spent()).toFixed(0)} ms of computing`);
  }
  for (const text of ['boston', 'units > 64 rmse < 3', '']) {
    await filter(page).fill(text);
    await drawn(page);
    t.diagnostic(`filter "${text}": ${(await spent()).toFixed(0)} ms of computing, ${await count(page)}`);
  }
});
