/** The result over classes in the panel: scores by class, and the worst mistakes as pictures and as a table. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { Evaluation, Mistake } from '../../src/common/run/events.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PanelPage } from './panelPage.ts';
import type { Theme } from './workbench.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

type Classes = Extract<Evaluation['predictions'], { kind: 'classes' }>;

/** Of 30 rows, one 8 was taken for 3 and one 3 for 8. */
const classes = (part: Partial<Classes>): Evaluation =>
  made.evaluation({
    metrics: { accuracy: 28 / 30 },
    baselines: [{ name: 'majorityClass', label: 'always saying 3', metrics: { accuracy: 0.5 } }],
    primary: { metric: 'accuracy', better: 'higher' },
    verdict: "The network's accuracy of 93.3 % beats the best baseline.",
    predictions: {
      kind: 'classes',
      classes: ['3', '8'],
      confusion: [
        [14, 1],
        [1, 14],
      ],
      ...part,
    },
  });

/** A ring on 8 × 8 pixels. */
const ring = Array.from({ length: 64 }, (_, place) => {
  const far = Math.hypot((place % 8) - 3.5, Math.floor(place / 8) - 3.5);
  return Math.max(0, 1 - Math.abs(far - 2.6));
});
const drawn: Mistake[] = [
  { row: 812, actual: 1, predicted: 0, probability: 0.9712, pixels: ring },
  { row: 40, actual: 0, predicted: 1, probability: 0.5504, pixels: ring.map((value) => 1 - value) },
];

async function open(t: TestContext, evaluation: Evaluation, theme: Theme = 'dark'): Promise<PanelPage> {
  const panel = await openPanelPage(browser, { theme, width: 1200, height: 900 });
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const name = `panel-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await panel.page.screenshot({ path: path.join(folder, name), fullPage: true });
    await panel.page.close();
  });
  await panel.post(
    { type: 'recipe', recipe: made.recipe(), pastRuns: [] },
    { type: 'run', runFolder: '/run', params: [] },
    { type: 'events', events: [made.launch, made.runStart(), ...made.epochs(1, 9), evaluation, made.runEnd] },
  );
  return panel;
}

/** Red, green, blue and opacity of a pixel of a picture. */
const pixelAt = (panel: PanelPage, picture: number, place: number) =>
  panel.page
    .locator('canvas.picture')
    .nth(picture)
    .evaluate((canvas, at) => {
      const context = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
      return [...context.getImageData(at % 8, Math.floor(at / 8), 1, 1).data];
    }, place);

for (const [theme, ink] of [
  ['dark', [204, 204, 204]],
  ['light', [59, 59, 59]],
  ['highContrast', [255, 255, 255]],
  ['highContrastLight', [41, 41, 41]],
] as const) {
  test(`mistakes are drawn as what the network saw, in the theme's ink (${theme})`, async (t) => {
    const panel = await open(t, classes({ mistakes: drawn, image: [8, 8, 1] }), theme);
    const names = ['Row 812: 8 taken for 3, 97 %', 'Row 40: 3 taken for 8, 55 %'];
    for (const name of names) {
      assert.equal(await panel.page.getByRole('img', { name }).count(), 1);
    }
    assert.deepEqual(await panel.page.locator('.pictures figcaption').allTextContents(), [
      '8 taken for 3, 97 %',
      '3 taken for 8, 55 %',
    ]);
    // The corner of the second picture is full of ink, that of the first has none.
    assert.deepEqual(await pixelAt(panel, 1, 0), [...ink, 255]);
    assert.equal((await pixelAt(panel, 0, 0))[3], 0);
  });
}

test('colour images keep their colours', async (t) => {
  const pixels = Array.from({ length: 64 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const mistakes = [{ row: 1, actual: 1, predicted: 0, probability: 0.9, pixels }];
  const panel = await open(t, classes({ mistakes, image: [8, 8, 3] }));
  assert.deepEqual(await pixelAt(panel, 0, 9), [255, 0, 0, 255]);
});

test('behind the pictures is a table, reached by the keyboard', async (t) => {
  const { page } = await open(t, classes({ mistakes: drawn, image: [8, 8, 1] }));
  await page.getByRole('button', { name: 'Table of Mistakes' }).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await page.locator('.mistakes tbody tr').allTextContents(), ['8128397 %', '403855 %']);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('canvas.picture').count(), 2);
});

test('rows without images are listed with their values; scores stand beside the confusion matrix', async (t) => {
  const mistakes = [{ row: 135, actual: 1, predicted: 0, probability: 0.709, values: [6.1, 2.6] }];
  const { page } = await open(t, classes({ mistakes, inputs: ['length', 'width'] }));
  assert.deepEqual(await page.locator('.mistakes thead th').allTextContents(), [
    ...['row', 'actual', 'predicted', 'sure'],
    ...['length', 'width'],
  ]);
  assert.deepEqual(await page.locator('.mistakes tbody td').allTextContents(), ['8', '3', '71 %', '6.1', '2.6']);
  assert.deepEqual(await page.locator('.class-scores tbody td').allTextContents(), [
    ...['15', '93.3 %', '93.3 %'],
    ...['15', '93.3 %', '93.3 %'],
  ]);
});

test('a run of before mistakes were kept shows its confusion matrix alone', async (t) => {
  const { page } = await open(t, classes({}));
  await page.locator('.confusion').waitFor();
  assert.equal(await page.locator('.mistakes').count(), 0);
});
