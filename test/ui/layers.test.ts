/** The layers watched in the panel: the button, the figures in the boxes, the epoch slider, the table. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ToPanel } from '../../src/common/panelMessages.ts';
import type { RunEvent } from '../../src/common/run/events.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PanelPage } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const shown = (runFolder = '/run'): ToPanel[] => [
  { type: 'recipe', recipe: made.recipe(), pastRuns: [] },
  { type: 'run', runFolder, params: made.recipe().params },
];
const events = (...list: RunEvent[]): ToPanel => ({ type: 'events', events: list });
const alive: ToPanel = { type: 'alive', alive: true };

async function open(t: TestContext): Promise<PanelPage> {
  const panel = await openPanelPage(browser, { width: 1400, height: 1100 });
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await panel.page.screenshot({ path: path.join(folder, `layers-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`) });
    await panel.page.close();
  });
  return panel;
}

const controlsIn = (said: Awaited<ReturnType<PanelPage['said']>>) =>
  said.flatMap((message) => (message.type === 'control' ? [message.command] : []));

const boxesOf = ({ page }: PanelPage) =>
  page.locator('.layer').evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().toJSON() as object));

test('Watch Layers asks the trainer to look, shows what it says, and asks it to stop; nothing moves', async (t) => {
  const panel = await open(t);
  const { page, post, said } = panel;
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 3)), alive);
  const button = page.getByRole('button', { name: 'Watch Layers' });
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  const before = await boxesOf(panel);
  const heightBefore = await page.locator('.network').evaluate((element) => element.clientHeight);
  await button.click();
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await page.getByText('The first look at the layers comes in a moment.').waitFor();
  await post(events(made.layers(3, { asked: true })));
  await page.getByRole('button', { name: 'dense1 · dense · relu, output [64] · 896 weights, ‖∇‖ 0.00333' }).waitFor();
  assert.deepEqual(await boxesOf(panel), before);
  assert.equal(await page.locator('.network').evaluate((element) => element.clientHeight), heightBefore);
  await button.click();
  assert.equal(await page.locator('.mark').count(), 0);
  assert.deepEqual(controlsIn(await said()), ['observe', 'unobserve']);
});

test('the slider follows the newest look, goes back by keyboard, stays there, and Latest returns', async (t) => {
  const { page, post, said } = await open(t);
  const looks = [1, 2, 4, 8].map((epoch) => made.layers(epoch));
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 8), ...looks), alive);
  await page.getByRole('button', { name: 'Watch Layers' }).click();
  const slider = page.getByRole('slider', { name: 'Epoch to look at' });
  assert.equal(await slider.getAttribute('aria-valuetext'), 'epoch 8 of 100');
  const latest = page.getByRole('button', { name: 'Latest' });
  assert.ok(await latest.isDisabled());
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.getByText('epoch 2 of 100', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^dense3 · dense.* ‖∇‖ 0\.5$/ }).waitFor();
  await post(events(...made.epochs(9, 16), made.layers(16)));
  assert.equal(await slider.getAttribute('aria-valuetext'), 'epoch 2 of 100', 'a new look does not take it away');
  await latest.click();
  assert.equal(await slider.getAttribute('aria-valuetext'), 'epoch 16 of 100');
  await post(events(made.layers(16, { step: 150 })));
  assert.equal(await slider.getAttribute('aria-valuetext'), 'epoch 17 of 100, step 6 of 9');
  assert.equal(await page.locator('.trend').count(), 3);
  assert.deepEqual(controlsIn(await said()), ['observe']);
});

test('layers are compared by each measure, and the table has all figures of the chosen epoch', async (t) => {
  const { page, post } = await open(t);
  await post(...shown(), events(...made.completedRun, made.layers(50), made.layers(100)));
  await page.getByRole('button', { name: 'Watch Layers' }).click();
  for (const [name, text, legend] of [
    ['Activations', '-100 … 300', 'Smallest and largest output'],
    ['Dead Units', '100 % dead', 'Units that gave 0'],
    ['Time', '30 % of time', 'Share of the time'],
    ['Gradients', '‖∇‖ 0.01', 'logarithmic'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('.layer-figure', { hasText: text }).first().waitFor();
    await page.getByText(legend).waitFor();
  }
  await page.getByText('All figures').click();
  const row = page.locator('.figures tbody tr').nth(1);
  assert.deepEqual(await row.locator('th, td').allTextContents(), [
    ...['dense2', '0.001000', '5.000', '0 … 300', '0.5000', '1.500', '100 %', '30 %'],
  ]);
  await page.getByRole('slider', { name: 'Epoch to look at' }).press('Home');
  await page.getByText('Layers after epoch 50 of 100').waitFor();
});

test('an old run without looks says so and is asked for nothing; a run that begins while watching is asked', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(...made.completedRun));
  await page.getByRole('button', { name: 'Watch Layers' }).click();
  await page.getByText('This run kept no looks at its layers.').waitFor();
  assert.deepEqual(controlsIn(await said()), []);
  await post(...shown('/run2'), events(made.launch, made.runStart()), alive);
  assert.deepEqual(controlsIn(await said()), ['observe']);
  await post(events(...made.epochs(1, 3), made.layers(3, { asked: true })));
  assert.deepEqual(controlsIn(await said()), ['observe'], 'once is enough');
});

test('a run that is looked at already, as with skillet train --observe, is shown so; a command toggles too', async (t) => {
  const { page, post, said } = await open(t);
  await post(
    ...shown(),
    events(made.launch, made.runStart(), ...made.epochs(1, 2), made.layers(2, { asked: true })),
    alive,
  );
  const button = page.getByRole('button', { name: 'Watch Layers' });
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await post({ type: 'toggleWatch' });
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  await post({ type: 'toggleWatch' });
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  assert.deepEqual(controlsIn(await said()), ['unobserve', 'observe']);
});

test('a network that branches has room for the figures, and marks only the layers that were looked at', async (t) => {
  const { page, post } = await open(t);
  const graph = made.branchingGraph;
  const [first] = made.layers(1).layers;
  assert.ok(first !== undefined);
  const look = made.layers(1, { layers: [{ ...first, layer: 'wide' }] });
  await post(...shown(), events(made.launch, made.runStart({ graph }), ...made.epochs(1, 1), look), alive);
  await page.getByRole('button', { name: 'Watch Layers' }).click();
  assert.equal(await page.locator('.mark').count(), 1);
});
