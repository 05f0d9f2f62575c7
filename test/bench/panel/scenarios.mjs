/** What is done with a page, and what is measured meanwhile. */
import { openBenchPage } from './pages.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('./pages.mjs').Variant} Variant */
/**
 * @typedef {object} Measured
 * @property {number[]} frames Milliseconds from one frame to the next.
 * @property {number[]} longTasks Milliseconds of each task of 50 ms or more.
 * @property {number[]} messageMs Milliseconds in the page's listener, for each message.
 * @property {number[]} latencies Milliseconds from a message's being said to its being painted.
 * @property {number} busy Share of the main thread's time in use.
 */

const GRAPH = { nodes: [{ id: 'input', type: 'input', outputShape: [13], parameterCount: 0 }], edges: [] };

/** @param {{ metrics: string[], epochs: number, stepsPerEpoch: number }} plan */
const runStart = ({ metrics, epochs, stepsPerEpoch }) => ({
  type: 'runStart',
  at: '2026-11-24T12:00:00.000Z',
  name: 'Bench',
  params: {},
  backend: { name: 'wasm', device: 'CPU', reason: 'Made up.', trials: [] },
  seed: 0,
  epochs,
  stepsPerEpoch,
  batchSize: 50,
  metrics,
  graph: GRAPH,
  data: { file: 'x.csv', trainRows: 1, validationRows: 1, testRows: 1, features: ['a'], targets: ['b'] },
});

/** @param {Browser} browser @param {Variant} variant @param {any} plan @param {unknown[]} pastRuns */
async function begin(browser, variant, plan, pastRuns = []) {
  const page = await openBenchPage(browser, variant, plan);
  const recipe = { name: 'Bench', file: '/bench.recipe.yaml', params: [], graph: GRAPH, problems: [] };
  const messages = [
    { type: 'run', runFolder: '/run', params: [] },
    { type: 'events', events: [runStart(plan)] },
    { type: 'alive', alive: true },
  ];
  await page.evaluate(
    ([first, runs, packed, rest]) => {
      const { say } = /** @type {any} */ (window).bench;
      const toSent = (/** @type {any} */ run) => ({
        ...run,
        curves: Object.fromEntries(
          Object.entries(run.curves).map(([name, values]) => [name, packed ? Float32Array.from(values) : values]),
        ),
      });
      say({ type: 'recipe', recipe: first, pastRuns: runs.map(toSent) });
      for (const message of rest) {
        say(message);
      }
    },
    /** @type {const} */ ([recipe, /** @type {any[]} */ (pastRuns), variant.packed, messages]),
  );
  await frames(page, 8);
  return page;
}

/** @param {Page} page @param {number} count */
const frames = (page, count) => page.evaluate((n) => /** @type {any} */ (window).bench.nextFrames(n), count);

/** @param {Page} page @param {object} request */
const ask = (page, request) => page.evaluate((what) => /** @type {any} */ (window).bench.ask(what), request);

/**
 * @param {Page} page
 * @param {() => Promise<unknown>} act
 * @returns {Promise<Measured>}
 */
async function watch(page, act) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const taskSeconds = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  await page.evaluate(() => /** @type {any} */ (window).bench.watch());
  const before = await taskSeconds();
  const begun = performance.now();
  await act();
  await frames(page, 2);
  const busy = ((await taskSeconds()) - before) / ((performance.now() - begun) / 1000);
  const results = await page.evaluate(() => /** @type {any} */ (window).bench.results());
  await client.detach();
  return { ...results, busy };
}

/** @param {Page} page @param {Variant} variant */
async function showSteps(page, variant) {
  if (variant.isPanel) {
    await page.getByRole('button', { name: 'Steps' }).click();
    await frames(page, 8);
  }
}

/** 10,000 steps a second in 20 messages a second, with `past` steps before; by step. */
const million = {
  metrics: ['loss', 'rmse'],
  epochs: 100,
  stepsPerEpoch: 10_000,
  stepsPerMessage: 500,
  stepsPerSecond: 10_000,
};

/** @param {Browser} browser @param {Variant} variant @param {{ ms: number, smoothing?: boolean }} options */
export async function liveMillion(browser, variant, { ms, smoothing = false }) {
  const page = await begin(browser, variant, million);
  await showSteps(page, variant);
  if (smoothing) {
    await page.getByRole('slider').fill('0.9');
  }
  const open = await watch(page, () => ask(page, { type: 'past', steps: 1_000_000 - (ms / 50) * 500 }));
  await frames(page, 20);
  const live = await watch(page, () => ask(page, { type: 'live', ms }));
  await page.close();
  return { open, live };
}

/** From the feeder's word to the pixel on the canvas, one message at a time. @param {Browser} browser @param {Variant} variant */
export async function pixelLatency(browser, variant, count = 100) {
  const page = await begin(browser, variant, { ...million, epochs: 1, stepsPerEpoch: 2000 });
  await showSteps(page, variant);
  await ask(page, { type: 'past', steps: 100 });
  await frames(page, 10);
  const found = await page.evaluate((n) => /** @type {any} */ (window).bench.pixelLatencies(n), count);
  await page.close();
  return /** @type {number[]} */ (found);
}

/** @param {Browser} browser @param {Variant} variant @param {{ ms: number }} options */
export async function manyCharts(browser, variant, { ms }) {
  const metrics = ['loss', ...Array.from({ length: 199 }, (_, index) => `metric_${index + 1}`)];
  const plan = { metrics, epochs: 100, stepsPerEpoch: 1000, stepsPerMessage: 50, stepsPerSecond: 1000 };
  const page = await begin(browser, variant, plan);
  await showSteps(page, variant);
  await ask(page, { type: 'past', steps: 50_000 });
  await frames(page, 20);
  const live = await watch(page, () => ask(page, { type: 'live', ms }));
  const scrolled = await watch(page, () =>
    page.evaluate(async (milliseconds) => {
      const { worker, nextFrames } = /** @type {any} */ (window).bench;
      worker.postMessage({ type: 'live', ms: milliseconds });
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        scrollBy(0, 25);
        await nextFrames(1);
      }
    }, ms),
  );
  const canvases = await page.locator('canvas').count();
  await page.close();
  return { live, scrolled, canvases };
}

/** @param {Browser} browser @param {Variant} variant @param {{ ms: number, runs?: number }} options */
export async function manyRuns(browser, variant, { ms, runs = 50 }) {
  const plan = { metrics: ['loss', 'rmse'], epochs: 2000, stepsPerEpoch: 10, stepsPerMessage: 10, stepsPerSecond: 200 };
  const curve = (/** @type {number} */ run) =>
    Array.from(
      { length: 2000 },
      (_, epoch) => 2 / (1 + epoch / (40 + run)) + 0.05 * Math.sin(epoch / 9 + run) + run / 200,
    );
  const past = Array.from({ length: runs }, (_, run) => ({
    runFolder: `/runs/${run}`,
    label: `run ${run}`,
    params: [],
    firstEpoch: 1,
    curves: { loss: curve(run), rmse: curve(run + 3) },
  }));
  const page = await begin(browser, variant, plan, past);
  await ask(page, { type: 'past', steps: 5000 });
  await frames(page, 20);
  const live = await watch(page, () => ask(page, { type: 'live', ms }));
  const box = await page.locator('.chart .u-over').first().boundingBox();
  const hovered = await watch(page, async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.mouse.move((box?.x ?? 0) + 20 + turn * 10, (box?.y ?? 0) + 40 + ((turn * 7) % 100));
    }
  });
  await page.close();
  return { live, hovered };
}

/** Bytes in use after the garbage is gone: JavaScript's heap and what typed arrays hold. @param {Browser} browser @param {Variant} variant */
export async function memory(browser, variant, /** @type {readonly number[]} */ steps) {
  const page = await begin(browser, variant, { ...million, epochs: 1000 });
  await showSteps(page, variant);
  const client = await page.context().newCDPSession(page);
  const bytes = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const use = /** @type {any} */ (await client.send('Runtime.getHeapUsage'));
    return use.usedSize + (use.backingStorageSize ?? 0);
  };
  const empty = await bytes();
  const found = [];
  let done = 0;
  for (const wanted of steps) {
    await ask(page, { type: 'past', steps: wanted - done });
    await frames(page, 20);
    done = wanted;
    found.push((await bytes()) - empty);
  }
  await page.close();
  return found;
}
