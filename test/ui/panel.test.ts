/** The panel by itself, fed with made-up runs: what it draws, says, and withstands. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ToPanel } from '../../src/common/panelMessages.ts';
import * as made from '../fixtures/runEvents.ts';
import { openPanelPage, type PanelPage } from './panelPage.ts';
import type { Theme } from './workbench.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const shown = (runFolder: string | null = '/run', part: Parameters<typeof made.recipe>[0] = {}): ToPanel[] => [
  { type: 'recipe', recipe: made.recipe(part), pastRuns: [] },
  { type: 'run', runFolder, params: made.recipe(part).params },
];
const events = (...list: (typeof made.completedRun)[number][]): ToPanel => ({ type: 'events', events: list });

/** Opens the panel for one test, keeps a screenshot in the test's name, and closes it. */
async function open(
  t: TestContext,
  options: { theme?: Theme; width?: number; height?: number } = {},
): Promise<PanelPage> {
  const panel = await openPanelPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await panel.page.screenshot({
      path: path.join(folder, `panel-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`),
      fullPage: true,
    });
    await panel.page.close();
  });
  return panel;
}

test('without a run it says the one next step', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(null));
  await page.getByText('Nothing was trained yet. Press Train').waitFor();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  assert.deepEqual((await said()).at(-1), { type: 'train', params: made.recipe().params });
});

test('a run that trains shows its progress and the buttons that steer it', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 63, { validation: true })), {
    type: 'alive',
    alive: true,
  });
  await page.getByText('epoch 63/100').waitFor();
  for (const name of ['Pause', 'Stop']) {
    await page.getByRole('button', { name }).click();
  }
  assert.deepEqual((await said()).slice(-2), [
    { type: 'control', command: 'pause' },
    { type: 'control', command: 'stop' },
  ]);
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`a completed run is shown whole (${theme})`, async (t) => {
    const { page, post } = await open(t, { theme, width: 1500, height: 950 });
    await post(...shown(), events(...made.completedRun));
    await page.getByText('better than linear regression').waitFor();
    assert.equal(await page.locator('.scatter circle').count(), 102);
    assert.equal(await page.locator('.worst tbody tr').count(), 5);
  });
}

test('a network that loses to a baseline is marked so', async (t) => {
  const { page, post } = await open(t);
  const lost = made.evaluation({
    metrics: { rmse: 5.2 },
    verdict: 'Test rmse 5.20: linear regression (4.82) is better.',
  });
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 100), lost, made.runEnd));
  assert.equal(await page.locator('.verdict.lost').count(), 1);
});

test('classes are shown as a confusion matrix', async (t) => {
  const { page, post } = await open(t);
  const evaluation = made.evaluation({
    metrics: { loss: 0.2, accuracy: 0.94 },
    baselines: [{ name: 'majorityClass', label: 'the commonest class alone', metrics: { accuracy: 0.36 } }],
    primary: { metric: 'accuracy', better: 'higher' },
    verdict: 'Test accuracy 0.940: better than the commonest class (0.36).',
    predictions: {
      kind: 'classes',
      classes: ['setosa', 'versicolor', 'virginica'],
      confusion: [
        [18, 0, 0],
        [0, 15, 2],
        [0, 1, 14],
      ],
    },
  });
  await post(
    ...shown(),
    events(
      made.launch,
      made.runStart({ metrics: ['loss', 'accuracy'] }),
      ...made.epochs(1, 40, { metric: 'accuracy' }),
      evaluation,
      made.runEnd,
    ),
  );
  assert.equal(await page.locator('.confusion td.right').count(), 3);
  assert.equal(await page.locator('.confusion td.wrong').count(), 2);
});

test('a failed run says what, where and what to do; a click asks for the line', async (t) => {
  const { page, post, said } = await open(t);
  const problems = [
    {
      code: 'run-not-finite' as const,
      path: 'model[1].dense',
      message: 'The output became NaN in epoch 3, step 21.',
      remedy: 'Lower the learning rate.',
    },
  ];
  await post(
    ...shown(),
    events(made.launch, made.runStart(), ...made.epochs(1, 2), {
      ...made.runEnd,
      status: 'failed',
      message: 'Stopped in epoch 3: a layer gave NaN.',
      problems,
    }),
  );
  await page.getByText('Lower the learning rate.').waitFor();
  await page.getByRole('button', { name: 'model[1].dense' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'reveal', path: 'model[1].dense' });
});

test('a run whose trainer is gone without an end is interrupted and can be resumed', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 30)), { type: 'alive', alive: false });
  await page.getByText('interrupted', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume Run' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'resumeRun' });
});

test('the table holds the same numbers as the chart', async (t) => {
  const { page, post } = await open(t);
  await post(...shown(), events(made.launch, made.runStart(), ...made.epochs(1, 5)));
  await page.getByRole('button', { name: 'Table' }).click();
  const last = made.epochs(5, 5)[1];
  assert.ok(last?.type === 'epochEnd');
  const row = await page.getByRole('row').nth(1).getByRole('cell').allTextContents();
  assert.deepEqual(row.slice(0, 2), [last.metrics.loss?.toPrecision(4), last.metrics.rmse?.toPrecision(4)]);
});

test('problems of the recipe are listed before anything is trained', async (t) => {
  const { page, post } = await open(t);
  const problems = [
    {
      code: 'recipe-bad-choice' as const,
      path: 'train.loss',
      message: '"mse" is not one of the words allowed here.',
      remedy: 'Did you mean meanSquaredError?',
    },
  ];
  await post(...shown(null, { problems, graph: null }));
  await page.getByRole('alert').getByText('Did you mean meanSquaredError?').waitFor();
});

test('a drag over a layer moves the network and opens nothing', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(...made.completedRun));
  const layer = page.locator('.layer', { hasText: 'dense2' });
  await layer.scrollIntoViewIfNeeded();
  const before = await layer.boundingBox();
  assert.ok(before);
  await page.mouse.move(before.x + 40, before.y + 20);
  await page.mouse.down();
  await page.mouse.move(before.x + 100, before.y + 20, { steps: 4 });
  await page.mouse.up();
  const after = await layer.boundingBox();
  assert.ok(Math.abs((after?.x ?? 0) - before.x - 60) < 3, `${before.x} to ${after?.x}`);
  assert.ok(!(await said()).some(({ type }) => type === 'reveal'));
});

test('the charts follow a switch of the theme', async (t) => {
  const { page, post } = await open(t);
  await post(...shown(), events(...made.completedRun));
  const redder = () =>
    page
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let at = 0; at < pixels.length; at += 4) {
          count += (pixels[at] ?? 0) > 200 && (pixels[at + 1] ?? 0) < 60 && (pixels[at + 3] ?? 0) > 200 ? 1 : 0;
        }
        return count;
      });
  assert.equal(await redder(), 0);
  await page.evaluate(() => document.documentElement.style.setProperty('--vscode-charts-blue', '#ff0000'));
  await post({ type: 'selectLayer', layer: null });
  assert.ok((await redder()) > 100);
});

test('a parameter that is no number is refused in place; a changed one is sent', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(...made.completedRun));
  const field = page.getByRole('textbox', { name: 'units' });
  await field.fill('many');
  await page.getByText('"many" is no number.').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Train Again' }).isDisabled());
  await field.fill('32');
  await page.getByRole('button', { name: 'Train Again' }).click();
  assert.deepEqual((await said()).at(-1), {
    type: 'train',
    params: [
      { name: 'units', value: 32 },
      { name: 'learningRate', value: 0.001 },
    ],
  });
});

test('a branching network is laid out side by side, walked by arrow keys, and opened by Enter', async (t) => {
  const { page, post, said } = await open(t);
  await post(
    ...shown('/run', { graph: made.branchingGraph }),
    events(made.launch, made.runStart({ graph: made.branchingGraph })),
  );
  const columns = await page
    .locator('.layer')
    .evaluateAll((layers) => new Set(layers.map((layer) => Math.round(layer.getBoundingClientRect().x))).size);
  assert.ok(columns > 1, 'all layers stand in one column');
  await page.locator('.layer').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.deepEqual((await said()).at(-1), { type: 'reveal', path: 'model[1].maxPooling2d' });
});

test('the network is exported as a picture that needs no style sheet', async (t) => {
  const { page, post, said } = await open(t);
  await post(...shown(), events(...made.completedRun));
  await page.getByRole('button', { name: 'SVG' }).click();
  const svg = (await said()).at(-1);
  assert.ok(svg?.type === 'save' && svg.format === 'svg');
  assert.match(svg.content, /^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.match(svg.content, /dense2/);
  assert.doesNotMatch(svg.content, /var\(--|class=/);
  await page.getByRole('button', { name: 'PNG' }).click();
  await page.waitForFunction(
    () => (window as unknown as { said: { format?: string }[] }).said.at(-1)?.format === 'png',
  );
  const png = (await said()).at(-1);
  assert.ok(png?.type === 'save');
  assert.deepEqual([...Buffer.from(png.content, 'base64').subarray(1, 4)], [...Buffer.from('PNG')]);
});

test('names from recipes and data are text, never markup', async (t) => {
  const hostile = '<img src=x onerror="window.hacked = true">';
  const { page, post } = await open(t);
  const graph = { ...made.chainGraph, nodes: made.chainGraph.nodes.map((node) => ({ ...node, detail: hostile })) };
  const end = { ...made.runEnd, message: hostile };
  await post(
    ...shown('/run', { name: hostile, graph, params: [{ name: 'units', value: hostile }] }),
    events(
      made.launch,
      made.runStart({ name: hostile, graph }),
      made.evaluation({ unit: hostile, verdict: hostile }),
      end,
    ),
  );
  await page.getByRole('heading', { name: hostile }).waitFor();
  assert.equal(await page.locator('#app img').count(), 0);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
});

test('a narrow panel stacks and needs no sideways scrolling', async (t) => {
  const { page, post } = await open(t, { width: 420, height: 1200 });
  await post(...shown(), events(...made.completedRun));
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= client, `${scroll} px of content in ${client} px`);
});

test('1,000 epochs of 50 steps are taken in and drawn, by step too, with every step counted', async (t) => {
  const { page, post } = await open(t);
  const start = made.runStart({ epochs: 1000, stepsPerEpoch: 50 });
  const all = made.epochs(1, 1000, { stepsPerEpoch: 50 });
  await post(...shown(), events(made.launch, start));
  for (let first = 0; first < all.length; first += 100) {
    await post(events(...all.slice(first, first + 100)));
  }
  await page.getByText('epoch 1000/1000').waitFor();
  await page.getByRole('button', { name: 'Steps' }).click();
  await page.getByText('step 50,000').first().waitFor();
});

for (const theme of ['dark', 'light', 'highContrast'] as const satisfies readonly Theme[]) {
  test(`a fork shows the run that it stands on, and a full disk says that it waits, ${theme}`, async (t) => {
    const { page, post, said } = await open(t, { theme });
    const loss = Float32Array.from({ length: 40 }, (_, i) => 2 / (i + 1));
    const before = {
      runFolder: '/parent',
      label: 'parent until epoch 40',
      params: [],
      firstEpoch: 1,
      curves: { loss },
    };
    await post(
      { type: 'recipe', recipe: made.recipe(), pastRuns: [before] },
      { type: 'run', runFolder: '/run', params: made.recipe().params },
      events(
        made.launch,
        { ...made.runStart(), fork: { run: 'parent', epoch: 40, step: 360 } },
        ...made.epochs(41, 63, { validation: true }),
        { type: 'state', state: 'paused', step: 567, because: 'diskFull', at: made.launch.at },
      ),
      { type: 'alive', alive: true },
    );
    await page.getByText('epoch 63/100').waitFor();
    await page.getByText('paused: the disk is full').waitFor();
    await page.getByText('forked from parent after epoch 40').waitFor();
    assert.equal(await page.locator('.head .buttons').getByRole('button', { name: 'Step' }).count(), 0);
    await page.getByRole('button', { name: 'Try Again Now' }).click();
    assert.deepEqual((await said()).at(-1), { type: 'control', command: 'resume' });
    await page.getByRole('button', { name: 'Fork…' }).click();
    assert.deepEqual((await said()).at(-1), { type: 'forkRun' });
  });
}
