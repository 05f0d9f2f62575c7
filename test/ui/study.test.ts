/** The page of a study by itself, fed with made-up studies: what it shows, how it is brushed, and what it withstands. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { StudyEvent } from '../../src/common/study/studyEvents.ts';
import type { ToStudyPage } from '../../src/common/studyMessages.ts';
import * as made from '../fixtures/studyEvents.ts';
import { openStudyPage, type PageOptions, type StudyPage } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<StudyPage> {
  const study = await openStudyPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `study-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await study.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await study.page.close();
  });
  return study;
}

const shown: ToStudyPage[] = [
  { type: 'study', studyFolder: '/w/.skillet/studies/x' },
  { type: 'recipe', recipe: { file: '/w/boston-housing.recipe.yaml', params: { ...made.trialParams(3), units: 64 } } },
];
const events = (...list: readonly StudyEvent[]): ToStudyPage => ({ type: 'events', events: list });
const alive: ToStudyPage = { type: 'process', alive: true, paused: false };

/** A wish of the person is drawn with the next frame. */
const drawn = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });

async function numbers(page: Page): Promise<string[]> {
  await drawn(page);
  return page.locator('.trial-link').allTextContents();
}

const axis = (page: Page, name: string) => page.getByRole('slider', { name: new RegExp(`^${name},`) });

/** Drags along an axis between two places on it, 0 its lower end and 1 its upper. */
async function brush(page: Page, name: string, from: number, to: number): Promise<void> {
  const box = await axis(page, name).boundingBox();
  assert.ok(box !== null);
  const y = (place: number) => box.y + 6 + (1 - place) * (box.height - 12);
  await page.mouse.move(box.x + box.width / 2, y(from));
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y((from + to) / 2), { steps: 2 });
  await page.mouse.move(box.x + box.width / 2, y(to), { steps: 2 });
  await page.mouse.up();
  await drawn(page);
}

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`a study under way is shown whole (${theme})`, async (t) => {
    const { page, post } = await open(t, { theme, width: 1300 });
    await post(...shown, events(...made.liveStudy), alive, { type: 'epochs', epochs: { 25: 11 } });
    await page.getByText('24/40 trials').waitFor();
    await page.getByText('about 33 s left').waitFor();
    await page.getByText('4 halted · 1 failed').waitFor();
    await page.locator('.bars').getByText('learningRate').waitFor();
    assert.equal(await page.locator('.trial').count(), 26);
    assert.equal(await page.locator('.trial.best').count(), 1);
    await page.locator('.trial.failed').getByText('The loss became NaN in epoch 3').waitFor();
  });
}

test('on a narrow page nothing is cut', async (t) => {
  const { page, post } = await open(t, { width: 360, theme: 'light' });
  await post(...shown, events(...made.liveStudy), alive);
  await page.getByText('24/40 trials').waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(overflow, 0);
});

test('a range brushed on an axis leaves the trials that lie in it, in the picture and in the table', async (t) => {
  const { page, post } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  await brush(page, 'units', 0.75, 1);
  const wanted = Array.from({ length: 26 }, (_, index) => index + 1).filter(
    (trial) => Number(made.trialParams(trial).units) >= 98,
  );
  assert.deepEqual((await numbers(page)).map(Number), wanted);
  const paths = await page
    .locator('svg .line:not(.best)')
    .evaluateAll((list) => list.map((one) => one.getAttribute('d')));
  assert.equal(paths.join('').split('M').length - 1, wanted.length, 'lines drawn in front');
  await page.getByText(`${wanted.length} of 26 trials brushed`).waitFor();
  assert.equal(await axis(page, 'units').getAttribute('aria-valuetext'), '98 to 128');
});

test('several ranges add up on one axis, and axes narrow one another; Clear Brushes gives all back', async (t) => {
  const { page, post } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  await brush(page, 'activation', 0.05, 0.3);
  await brush(page, 'activation', 0.7, 0.95);
  const words = async () => [...new Set(await page.locator('.trial td:nth-child(7)').allTextContents())].sort();
  assert.deepEqual(await words(), ['relu', 'sigmoid']);
  const before = (await numbers(page)).length;
  await brush(page, 'learningRate', 0, 0.5);
  const after = (await numbers(page)).length;
  assert.ok(after > 0 && after < before, `${after} of ${before}`);
  // A click into a range lets it go.
  const box = await axis(page, 'learningRate').boundingBox();
  assert.ok(box !== null);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.75);
  assert.equal((await numbers(page)).length, before);
  await page.getByRole('button', { name: 'Clear Brushes' }).click();
  assert.equal((await numbers(page)).length, 26);
});

test('keys alone brush: a range is set, moved, widened, joined by another, and removed', async (t) => {
  const { page, post } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  const units = axis(page, 'units');
  const says = async () => {
    await drawn(page);
    return units.getAttribute('aria-valuetext');
  };
  await units.focus();
  assert.equal(await says(), 'all values');
  await units.press('ArrowUp');
  assert.equal(await says(), '68 to 128');
  await units.press('ArrowDown');
  assert.equal(await says(), '62 to 122');
  await units.press('Shift+ArrowDown');
  assert.equal(await says(), '65 to 119');
  assert.ok((await numbers(page)).length < 26);
  await units.press('Enter');
  assert.match((await says()) ?? '', /^65 to 119, and /);
  await units.press('Delete');
  assert.equal(await says(), '65 to 119');
  await units.press('Escape');
  assert.equal(await says(), 'all values');
  assert.equal((await numbers(page)).length, 26);
});

test('axes are hidden and moved, and a hidden one takes its brush along', async (t) => {
  const { page, post } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  const names = async () => {
    await drawn(page);
    return page.getByRole('slider').evaluateAll((list) => list.map((one) => one.ariaLabel?.split(',')[0]));
  };
  await brush(page, 'units', 0.5, 1);
  await page.getByText('Axes', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'units' }).uncheck();
  assert.equal((await numbers(page)).length, 26);
  await page.getByRole('button', { name: 'Move val_rmse to the left' }).click();
  assert.deepEqual(await names(), ['learningRate', 'momentum', 'activation', 'val_rmse', 'batchSize']);
});

test('the table is sorted by a click on a column, the better end first, and trials without a value stay last', async (t) => {
  const { page, post } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  const head = page.getByRole('columnheader', { name: 'val_rmse' });
  await head.getByRole('button').click();
  const sorted = await numbers(page);
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  assert.equal(sorted[0], '24');
  assert.deepEqual(sorted.slice(-3), ['5', '25', '26']);
  await head.getByRole('button').click();
  assert.equal((await numbers(page))[0] === '24', false);
  assert.deepEqual((await numbers(page)).slice(-3), ['5', '25', '26']);
});

test('buttons and rows say what they are for', async (t) => {
  const { page, post, said } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Apply the Best' }).click();
  await page.getByRole('button', { name: 'Train the Best Fully' }).click();
  await page.getByRole('button', { name: 'Apply trial 7 to the recipe' }).click();
  await page.getByRole('button', { name: 'Train fully with the values of trial 7' }).click();
  // Anywhere in the row, but for its buttons.
  await page.locator('.trial', { hasText: 'NaN' }).locator('td').nth(2).click({ force: true });
  await page.getByRole('button', { name: 'Study Folder' }).click();
  assert.deepEqual((await said()).slice(1), [
    { type: 'control', command: 'pause' },
    { type: 'control', command: 'stop' },
    { type: 'applyTrial', trial: 24 },
    { type: 'trainTrial', trial: 24 },
    { type: 'applyTrial', trial: 7 },
    { type: 'trainTrial', trial: 7 },
    { type: 'openTrial', trial: 5 },
    { type: 'openStudyFolder' },
  ]);
  await post({ type: 'process', alive: true, paused: true });
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'control', command: 'resume' });
});

test('a line under the pointer is told in words, lights up in the table, and a click opens its run', async (t) => {
  const { page, post, said } = await open(t, { width: 1200 });
  await post(...shown, events(...made.liveStudy), alive);
  const top = async () => (await page.getByRole('heading', { name: 'Best so far' }).boundingBox())?.y;
  const before = await top();
  const [units, rate] = [await axis(page, 'units').boundingBox(), await axis(page, 'learningRate').boundingBox()];
  assert.ok(units !== null && rate !== null);
  const y = (share: number) => units.y + 6 + (1 - share) * (units.height - 12);
  const { units: best } = made.trialParams(24);
  await page.mouse.move(units.x + units.width + 6, y((Number(best) - 8) / 120) + 3);
  await page.getByText('Trial 24', { exact: true }).waitFor();
  assert.equal(await page.locator('.trial.hovered').getAttribute('class'), 'trial completed best hovered');
  assert.equal(await top(), before, 'the page has jumped');
  await page.mouse.down();
  await page.mouse.up();
  assert.deepEqual((await said()).at(-1), { type: 'openTrial', trial: 24 });
});

test('what the recipe holds already is not applied again; without a recipe nothing can be', async (t) => {
  const { page, post, said } = await open(t, { width: 1200 });
  const recipe = (params: Record<string, string | number> | null): ToStudyPage => ({
    type: 'recipe',
    recipe: { file: '/w/boston-housing.recipe.yaml', params: params as Record<string, string | number> | null },
  });
  await post(...shown, events(...made.liveStudy), alive, recipe({ ...made.trialParams(24), other: 1 } as never));
  await page.getByRole('button', { name: 'In the Recipe' }).click({ force: true });
  assert.equal((await said()).length, 1);
  await page.locator('.trial.best').getByText('in the recipe').waitFor();
  await post(recipe(null));
  assert.equal(await page.getByRole('button', { name: 'Apply the Best' }).isDisabled(), true);
  assert.equal(await page.getByRole('button', { name: /^Apply trial/ }).count(), 0);
});

test('a wish that was turned away is told with its field, which leads to the recipe', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown, events(...made.liveStudy), alive, {
    type: 'refused',
    problems: [
      {
        code: 'recipe-unknown-param',
        path: 'params.units',
        message: 'The recipe no longer has the parameter units; nothing was changed.',
        remedy: 'Put it back under params, or tune anew.',
      },
    ],
  });
  await page.getByRole('alert').getByText('nothing was changed').waitFor();
  await page.getByRole('button', { name: 'params.units' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'reveal', path: 'params.units' });
});

test('a study that has only begun, one that is over and one that broke off', async (t) => {
  const { page, post } = await open(t, { width: 1100 });
  await post(...shown, events(made.studyLaunch()), alive);
  await page.getByText('Reading the recipe and choosing the first trials').waitFor();
  await post(events(made.studyStart()));
  await page.getByText('0/40 trials').waitFor();
  await page.getByText('No trial has a value yet').waitFor();
  await page.getByText('It cannot be told yet: 0 of the 15 trials').waitFor();
  const top = async () => (await page.getByRole('heading', { name: 'Best so far' }).boundingBox())?.y;
  const before = await top();
  await post(events(...made.trials(1, 3), made.trialStart(4)));
  await page.getByText('Best so far: val_rmse').waitFor();
  assert.equal(await top(), before, 'the first result has pushed the page');
  await post({ type: 'process', alive: false, paused: false });
  await page.locator('.status', { hasText: 'interrupted' }).waitFor();
  await page.locator('.trial.interrupted', { hasText: 'interrupted' }).waitFor();
  await page.getByRole('button', { name: 'Resume Study' }).waitFor();
  await post(events(made.studyEnd({ status: 'stopped', best: 2, message: 'Stopped by you after 3 of 40 trials.' })));
  await page.locator('.status', { hasText: 'stopped' }).waitFor();
  await page.getByText('Stopped by you after 3 of 40 trials.').waitFor();
  await page.getByText('trial 2').first().waitFor();
});

test('values that run over many powers of ten, and names that are markup, are withstood', async (t) => {
  const { page, post } = await open(t, { theme: 'light', width: 1100 });
  const hostile = '<img src=x onerror=alert(1)>';
  const params = (trial: number) => ({
    [hostile]: trial,
    aVeryLongParameterNameThatGoesOnAndOn: `"${'x'.repeat(60)}"`,
  });
  await post(
    ...shown,
    events(
      made.studyLaunch(),
      made.studyStart({
        name: hostile,
        space: {
          [hostile]: { type: 'int', min: 1, max: 12, scale: 'linear' },
          aVeryLongParameterNameThatGoesOnAndOn: { type: 'categorical', values: [`"${'x'.repeat(60)}"`, true] },
        },
      }),
      ...Array.from({ length: 12 }, (_, index) => index + 1).flatMap((trial) => [
        { ...made.trialStart(trial), params: params(trial) },
        made.trialEnd(trial, { value: 10 ** trial }),
      ]),
    ),
    alive,
  );
  await page.getByRole('slider', { name: 'val_rmse, log scale' }).waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await page.getByRole('heading', { name: `Tuning ${hostile}` }).waitFor();
});

test('five hundred trials stay fluid while they are brushed, and while more of them end', async (t) => {
  const { page, post } = await open(t, { width: 1300 });
  await post(...shown, events(made.studyLaunch(), made.studyStart({ trials: 600 }), ...made.trials(1, 500)), alive);
  await page.getByText('500/600 trials').waitFor();
  await page.locator('.bars').waitFor();
  const box = await axis(page, 'units').boundingBox();
  assert.ok(box !== null);
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + box.height - 10);
  await page.mouse.down();
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames, isOver: false });
    const tick = (now: number) => {
      frames.push(now);
      if (!(window as unknown as { isOver: boolean }).isOver) {
        requestAnimationFrame(tick);
      }
    };
    requestAnimationFrame(tick);
  });
  // Few steps: this browser paints through an emulated graphics card, which takes most of a second a picture.
  await page.mouse.move(x, box.y + 40, { steps: 6 });
  await page.mouse.up();
  await post(events(...made.trials(501, 510)));
  const gaps = await page.evaluate(() => {
    const { frames } = Object.assign(window as unknown as { frames: number[] }, { isOver: true });
    return frames.slice(1).map((at, index) => at - (frames[index] ?? 0));
  });
  const sorted = [...gaps].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  t.diagnostic(`frames: ${gaps.length}, median ${middle.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms`);
  assert.ok((await numbers(page)).length < 510);
  // No bound on one frame: this machine may be busy with other things.
  assert.ok(middle < 100, `a frame took ${middle} ms`);
});
