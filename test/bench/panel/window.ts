/** The panel in a real VS Code: from a line in the run's file to the pixel, and what a hidden panel costs. Prints JSON. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import type { RunEvent, Steps } from '../../../src/common/run/events.ts';
import { epochs, launch, runStart } from '../../fixtures/runEvents.ts';
import { toLines, writeRun } from '../../fixtures/runFolders.ts';
import { openWorkbench } from '../../ui/workbench.ts';

const LATENCIES = 60;
const WATCH_MS = 8000;
const TICKS_PER_SECOND = 100;
const STEPS_PER_LINE = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface BenchRun {
  readonly file: string;
  append(count: number): void;
}

/** A run that this program writes, as a trainer of another machine would. */
function writeBenchRun(folder: string): BenchRun {
  const recipeFile = path.join(folder, 'boston-housing.recipe.yaml');
  const runFolder = path.join(folder, '.skillet/runs/2026-11-24T12-00-00-bench');
  mkdirSync(path.dirname(runFolder), { recursive: true });
  const first = { ...launch, host: 'elsewhere', recipeFile };
  const start = runStart({ epochs: 1, stepsPerEpoch: 2000 });
  writeRun(runFolder, [first, start, ...epochs(1, 1, { stepsPerEpoch: 100 }).slice(0, 1)] as RunEvent[]);
  const file = path.join(runFolder, 'events.jsonl');
  let next = 100;
  return {
    file,
    append(count) {
      const loss = Array.from({ length: count }, (_, index) => 1 + ((next + index) % 7) / 10);
      const event: Steps = {
        type: 'steps',
        at: new Date().toISOString(),
        first: next,
        loss,
        metrics: { rmse: loss },
        stepsPerSecond: 10_000,
      };
      next += count;
      appendFileSync(file, toLines([event]));
    },
  };
}

/** Notes in the page when the curve's right edge has moved on; the clock is the machine's. */
function watchEdge(frame: FrameLocator) {
  return frame
    .locator('.chart canvas')
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d');
      const found: number[] = [];
      let edge = 0;
      const look = () => {
        const from = edge + 1;
        const width = Math.max(1, canvas.width - from);
        const data = context?.getImageData(from, 0, width, canvas.height).data ?? [];
        let next = edge;
        for (let place = 0; place < data.length; place += 4) {
          const [red = 0, , blue = 0, alpha = 0] = [data[place], data[place + 1], data[place + 2], data[place + 3]];
          const isCurve = blue > 150 && red < 140 && alpha > 100 && blue - red > 60;
          next = isCurve ? Math.max(next, from + ((place / 4) % width)) : next;
        }
        if (next > edge) {
          edge = next;
          found.push(performance.timeOrigin + performance.now());
        }
        const channel = new MessageChannel();
        channel.port1.onmessage = look;
        requestAnimationFrame(() => channel.port2.postMessage(null));
      };
      Object.assign(window, { edges: found });
      look();
    });
}

const edgesOf = (frame: FrameLocator) =>
  frame.locator('body').evaluate(() => (window as unknown as { edges: number[] }).edges);

async function measureLatency(frame: FrameLocator, run: BenchRun): Promise<number[]> {
  await watchEdge(frame);
  const found: number[] = [];
  for (let turn = 0; turn < LATENCIES; turn += 1) {
    await pause(60 + ((turn * 37) % 90));
    const seen = (await edgesOf(frame)).length;
    const begun = performance.timeOrigin + performance.now();
    run.append(10);
    for (;;) {
      const edge = (await edgesOf(frame))[seen];
      if (edge !== undefined) {
        found.push(edge - begun);
        break;
      }
      await pause(5);
    }
  }
  return found;
}

/** Processor seconds of this program's extension hosts so far. */
function hostSeconds(): number {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const isHost = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('type=extensionHost');
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return isHost ? Number(fields[11]) + Number(fields[12]) : 0;
      } catch {
        return 0;
      }
    });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** What a window receives while a fast run writes: bytes over its socket, and the extension host's share of a core. */
async function measureFeed(run: BenchRun, received: () => number): Promise<{ bytes: number; hostShare: number }> {
  const [bytes, seconds, begun] = [received(), hostSeconds(), performance.now()];
  while (performance.now() - begun < WATCH_MS) {
    run.append(STEPS_PER_LINE);
    await pause(50);
  }
  const share = (hostSeconds() - seconds) / ((performance.now() - begun) / 1000);
  return { bytes: received() - bytes, hostShare: share };
}

function countReceived(page: Page): () => number {
  let bytes = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      bytes += payload.length;
    });
  });
  return () => bytes;
}

async function main() {
  const workbench = await openWorkbench({ viewport: { width: 1600, height: 1000 } });
  try {
    const { page, folder, runCommand, webview, reload } = workbench;
    const run = writeBenchRun(folder);
    const received = countReceived(page);
    await reload(); // Its socket is then counted.
    await page.keyboard.press('Control+p');
    await page.locator('.quick-input-widget input').fill('boston-housing.recipe.yaml');
    await page.locator('.quick-input-list .monaco-list-row.focused').waitFor();
    await page.keyboard.press('Enter');
    await runCommand('Skillet: Open Panel');
    await webview().getByText('epoch 0/1').waitFor();
    await webview().getByRole('button', { name: 'Steps' }).click();
    await webview().locator('.chart canvas').first().waitFor();
    await pause(1000);
    const latencies = await measureLatency(webview(), run);
    const visible = await measureFeed(run, received);
    // The recipe's own editor over the panel.
    await runCommand('View: Join All Editor Groups');
    await page.getByRole('tab', { name: 'boston-housing.recipe.yaml' }).click();
    await page.locator('iframe.webview.ready').first().waitFor({ state: 'hidden' });
    await pause(1000);
    const hidden = await measureFeed(run, received);
    await runCommand('View: Close All Editors');
    await pause(1000);
    const closed = await measureFeed(run, received);
    console.log(JSON.stringify({ latencies, visible, hidden, closed }));
  } finally {
    await workbench.close();
  }
}

await main();
