/** The panel with very much to show: a million steps, two hundred metrics, fifty earlier runs, a hundred thousand epochs. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { PastRun, ToPanel } from '../../src/common/panelMessages.ts';
import type { RunStart } from '../../src/common/run/events.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PageOptions, type PanelPage } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<PanelPage> {
  const panel = await openPanelPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await panel.page.screenshot({ path: path.join(folder, `scale-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`) });
    await panel.page.close();
  });
  return panel;
}

const shown = (start: Partial<RunStart>, pastRuns: readonly PastRun[] = []): ToPanel[] => [
  { type: 'recipe', recipe: made.recipe(), pastRuns },
  { type: 'run', runFolder: '/run', params: [] },
  { type: 'events', events: [made.launch, made.runStart(start)] },
];

/** A noisy fall; the page makes the same up. */
function lossAt(step: number): number {
  return 2 / (1 + step / 40_000) + (Math.abs(Math.sin(step * 12.9898) * 43_758.5453) % 1) * 0.4;
}

/** Says steps as the extension does. */
function sayMillion({ page }: PanelPage): Promise<void> {
  return page.evaluate(() => {
    for (let first = 0; first < 1_000_000; first += 50_000) {
      const loss = Float32Array.from({ length: 50_000 }, (_, index) => {
        const step = first + index;
        return 2 / (1 + step / 40_000) + (Math.abs(Math.sin(step * 12.9898) * 43_758.5453) % 1) * 0.4;
      });
      const metrics = { rmse: loss.map(Math.sqrt) };
      const steps = { type: 'steps', at: '', first, loss, metrics, stepsPerSecond: 10_000 };
      window.postMessage({ type: 'events', events: [steps] }, '*');
    }
  });
}

function pastRuns(count: number, epochs: number): PastRun[] {
  return Array.from({ length: count }, (_, run) => ({
    runFolder: `/runs/${run}`,
    label: `2026-11-23T${String(run).padStart(2, '0')}-boston`,
    params: [],
    firstEpoch: 1,
    curves: {
      loss: Float32Array.from({ length: epochs }, (_, epoch) => 4 + 250 * Math.exp(-epoch / 15) + run * 4),
      rmse: Float32Array.from({ length: epochs }, (_, epoch) => 3 + 20 * Math.exp(-epoch / 20) + run / 5),
    },
  }));
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`a million steps are drawn, and zoomed into tell each step (${theme})`, async (t) => {
    const panel = await open(t, { theme });
    const { page, post } = panel;
    await post(...shown({ epochs: 100, stepsPerEpoch: 10_000 }));
    await sayMillion(panel);
    await page.getByRole('button', { name: 'Steps' }).click();
    await page.getByText('step 1,000,000').first().waitFor();
    const over = page.locator('.chart .u-over').first();
    const box = await over.boundingBox();
    assert.ok(box);
    // A drag over the middle, again and again, until single steps are told.
    for (let turn = 0; turn < 4; turn += 1) {
      await page.mouse.move(box.x + box.width * 0.46, box.y + 30);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.54, box.y + 30, { steps: 3 });
      await page.mouse.up();
      await post();
    }
    const values = page.locator('.chart-values').first();
    const seen = new Map<number, number>();
    for (let place = 2; place < box.width; place += 3) {
      await page.mouse.move(box.x + place, box.y + 60);
      const text = (await values.textContent()) ?? '';
      const step = Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
      seen.set(step, Number(/training ([\d.]+)/.exec(text)?.[1]));
    }
    const steps = [...seen.keys()].sort((one, two) => one - two);
    assert.ok(steps.length >= 3, `${steps.length} steps under the cursor`);
    assert.deepEqual(
      steps,
      steps.map((_, index) => (steps[0] ?? 0) + index),
      'neighbours are single steps',
    );
    for (const [step, value] of seen) {
      assert.ok(Math.abs(value - lossAt(step - 1)) < 0.001, `${value} at step ${step}`);
    }
  });
}

test('of two hundred charts those in view are drawn, wherever one scrolls to, and nothing moves', async (t) => {
  const { page, post } = await open(t);
  const metrics = ['loss', ...Array.from({ length: 199 }, (_, index) => `metric_${index + 1}`)];
  const valuesAt = (epoch: number) => Object.fromEntries(metrics.map((name, index) => [name, index + 10 / epoch]));
  const ends = [1, 2, 3].map((epoch) => ({
    type: 'epochEnd' as const,
    at: '',
    epoch,
    metrics: valuesAt(epoch),
    durationMs: 1,
  }));
  await post(...shown({ metrics }), { type: 'events', events: ends });
  assert.equal(await page.locator('.chart').count(), 200);
  const drawn = () => page.locator('.chart canvas').count();
  const first = await drawn();
  assert.ok(first > 0 && first < 40, `${first} are drawn`);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  const last = page.getByRole('region', { name: 'Chart of metric_199' });
  await last.scrollIntoViewIfNeeded();
  await last.locator('canvas').waitFor();
  await last.getByText('epoch 3').waitFor();
  assert.ok((await drawn()) < 40, `${await drawn()} are drawn`);
  assert.equal(await page.getByRole('region', { name: 'Chart of loss' }).locator('canvas').count(), 0);
  assert.ok(Math.abs((await height()) - before) < 40, `${before} became ${await height()} pixels`);
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`fifty earlier runs stand in grey; the one under the mouse is named; another number is asked for (${theme})`, async (t) => {
    const { page, post, said } = await open(t, { theme });
    const run = { type: 'events' as const, events: made.epochs(1, 60) };
    await post(...shown({}, pastRuns(50, 100)), run);
    await page.getByText('grey: 50 earlier runs').first().waitFor();
    const choice = page.getByRole('combobox', { name: 'Earlier runs' });
    await choice.selectOption('50');
    assert.deepEqual((await said()).at(-1), { type: 'pastRuns', count: 50 });
    assert.equal(await choice.inputValue(), '50');
    const box = await page.locator('.chart .u-over').first().boundingBox();
    assert.ok(box);
    const named = page.locator('.chart-values', { hasText: '2026-11-23T' }).first();
    for (let place = 0.5; place < 0.95 && (await named.count()) === 0; place += 0.05) {
      await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * place);
      await post();
    }
    assert.match((await named.textContent()) ?? '', /2026-11-23T\d\d-boston \d/);
  });
}

test('a page that draws says what it has taken; what is not drawn is not said', async (t) => {
  const { page, post } = await open(t);
  const taken = () => page.evaluate(() => (window as unknown as { taken: number }).taken);
  await post(...shown({}));
  await page.waitForFunction(() => (window as unknown as { taken: number }).taken === 1);
  // A page that cannot be seen has no frames.
  await page.evaluate(() => {
    const waiting: FrameRequestCallback[] = [];
    const native = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => waiting.push(callback);
    Object.assign(window, {
      show() {
        window.requestAnimationFrame = native;
        for (const callback of waiting) {
          native(callback);
        }
      },
    });
    const event = { type: 'epochEnd', at: '', epoch: 1, metrics: { loss: 1 }, durationMs: 1 };
    for (let count = 0; count < 3; count += 1) {
      window.dispatchEvent(new MessageEvent('message', { data: { type: 'events', events: [event] } }));
    }
  });
  assert.equal(await taken(), 1);
  await page.evaluate(() => (window as unknown as { show(): void }).show());
  await page.waitForFunction(() => (window as unknown as { taken: number }).taken === 4);
});

test('the table of a hundred thousand epochs holds the rows in view, and scrolls to the first', async (t) => {
  const { page, post } = await open(t);
  await post(...shown({ epochs: 100_000 }));
  await page.evaluate(() => {
    const events = Array.from({ length: 100_000 }, (_, index) => ({
      type: 'epochEnd',
      at: '',
      epoch: index + 1,
      metrics: { loss: index, rmse: index / 2 },
      durationMs: 1,
    }));
    window.postMessage({ type: 'events', events }, '*');
  });
  await page.getByText('epoch 100000/100000').waitFor();
  await page.getByRole('button', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: 'Values by epoch' });
  await table.getByRole('rowheader', { name: '100000', exact: true }).waitFor();
  assert.ok((await table.getByRole('row').count()) < 100);
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const first = table.getByRole('rowheader', { name: '1', exact: true });
  await first.waitFor();
  assert.ok((await table.getByRole('row').count()) < 100);
  // Newer epochs come in above; what is read stays where it is.
  const before = await first.boundingBox();
  const next = { type: 'epochEnd' as const, at: '', epoch: 100_001, metrics: { loss: 1, rmse: 1 }, durationMs: 1 };
  await post({ type: 'events', events: [next] });
  assert.ok(Math.abs(((await first.boundingBox())?.y ?? 0) - (before?.y ?? 0)) < 2);
});
