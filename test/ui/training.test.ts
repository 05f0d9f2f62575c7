/** Training, as a person sees it in a real VS Code: the panel follows, steers, survives and tells. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import type { RunEvent } from '../../src/common/run/events.ts';
import { waitFor } from '../fixtures/tempFolder.ts';
import { type Theme, themes, useWorkbench, type Workbench } from './workbench.ts';

const RECIPE = 'boston-housing.recipe.yaml';

/** Replaces a piece of the Boston recipe in the copied workspace; the piece must be there. */
function changeRecipe(folder: string, piece: string, replacement: string): void {
  const file = path.join(folder, RECIPE);
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(piece), piece);
  writeFileSync(file, text.replace(piece, replacement));
}

/** The events of the workspace's only run, or of its newest. */
function eventsOf(folder: string): RunEvent[] {
  const runs = path.join(folder, '.skillet/runs');
  const newest = readdirSync(runs).sort().at(-1) ?? '';
  // What stands behind the last line's end is still being written.
  const lines = readFileSync(path.join(runs, newest, 'events.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

function trainerPid(folder: string): number {
  const launch = eventsOf(folder).findLast((event) => event.type === 'launch');
  assert.ok(launch?.type === 'launch');
  return launch.pid;
}

/** A run that would go on for minutes; the workbench ends its trainer with the test. */
async function startLongRun(workbench: Workbench): Promise<FrameLocator> {
  changeRecipe(workbench.folder, 'epochs: 100', 'epochs: 200000');
  changeRecipe(workbench.folder, 'seed: 0\n', 'seed: 0\n  checkpoint: { everyEpochs: 20 }\n');
  await workbench.runCommand('Skillet: Train Recipe');
  const frame = workbench.webview();
  await epochOf(frame, (epoch) => epoch > 20);
  return frame;
}

/** Of a process on Linux; behind its name, which may hold anything, stand its state and its parent. */
function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')')).split(' ')[2]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Waits until the epoch that the panel shows satisfies `isWanted`, and gives it. */
async function epochOf(frame: FrameLocator, isWanted: (epoch: number) => boolean): Promise<number> {
  const text = frame.getByText(/^epoch [\d,]+\/[\d,]+$/);
  for (;;) {
    const epoch = Number(/^epoch ([\d,]+)/.exec((await text.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
    if (isWanted(epoch)) {
      return epoch;
    }
    await frame.locator('body').evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Waits until the epoch in the status bar, which the extension host writes, satisfies `isWanted`. */
async function untilStatusBarShows({ page }: Workbench, isWanted: (epoch: number) => boolean): Promise<void> {
  const item = page.locator('.statusbar-item', { hasText: 'Boston housing' });
  for (;;) {
    const [text = ''] = await item.allTextContents();
    if (isWanted(Number(/([\d,]+)\/[\d,]+/.exec(text)?.[1]?.replaceAll(',', '')))) {
      return;
    }
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Waits until the run has written an event of a type, and gives the last one. */
async function untilEvent<T extends RunEvent['type']>(
  { page, folder }: Workbench,
  type: T,
): Promise<Extract<RunEvent, { type: T }>> {
  for (;;) {
    const event = eventsOf(folder).findLast((one): one is Extract<RunEvent, { type: T }> => one.type === type);
    if (event !== undefined) {
      return event;
    }
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** How many pixels of a chart's canvas have the colour of the training curve: axes and grid do not count. */
async function inkOf(frame: FrameLocator, chart: string): Promise<number> {
  const canvas = frame.getByRole('region', { name: `Chart of ${chart}` }).locator('canvas');
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const hex = getComputedStyle(document.body).getPropertyValue('--vscode-charts-blue').trim();
    const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    let count = 0;
    for (let at = 0; pixels !== undefined && at < pixels.length; at += 4) {
      const isCurve = wanted.every((value, channel) => Math.abs(value - (pixels[at + channel] ?? 0)) < 40);
      count += isCurve && (pixels[at + 3] ?? 0) > 128 ? 1 : 0;
    }
    return count;
  });
}

for (const theme of Object.keys(themes) as Theme[]) {
  test(`Train Recipe draws the curves and ends with the test error beside its baselines (${theme})`, async (t) => {
    const { page, webview, runCommand } = await useWorkbench(t, {
      theme,
      open: RECIPE,
      viewport: { width: 1600, height: 1000 },
    });
    await page.getByRole('tab', { name: RECIPE }).waitFor();
    await runCommand('Skillet: Train Recipe');
    const frame = webview();
    await frame.getByRole('heading', { name: 'Result' }).waitFor();
    await frame.locator('.status', { hasText: 'completed' }).waitFor();
    assert.match((await frame.locator('.verdict').textContent()) ?? '', /thousand dollars/);
    const standings = await frame.locator('.standings').textContent();
    assert.match(standings ?? '', /9\.149/);
    assert.match(standings ?? '', /4\.816/);
    for (const chart of ['loss', 'rmse']) {
      await waitFor(`a curve of ${chart}`, async () => (await inkOf(frame, chart)) > 200);
    }
    await page.locator('.activitybar a[aria-label^="Skillet"]').click();
    await page.getByRole('treeitem', { name: /Boston housing, completed/ }).waitFor();
  });
}

test('a reload of the window leaves the training alone, and the panel catches up', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE });
  await startLongRun(workbench);
  const pid = trainerPid(workbench.folder);
  const before = await epochOf(workbench.webview(), (epoch) => epoch > 0);
  await workbench.reload();
  const after = await epochOf(workbench.webview(), (epoch) => epoch > before);
  assert.ok(after > before);
  assert.equal(trainerPid(workbench.folder), pid, 'another trainer was started');
  assert.doesNotThrow(() => process.kill(pid, 0), 'the trainer has ended');
});

test('an extension host that is killed takes no run with it: the window brings the panel back, further on', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux tells here which process has started a trainer');
    return;
  }
  const workbench = await useWorkbench(t, { open: RECIPE });
  await startLongRun(workbench);
  const pid = trainerPid(workbench.folder);
  const before = await epochOf(workbench.webview(), (epoch) => epoch > 0);
  const host = parentOf(pid);
  assert.match(readFileSync(`/proc/${host}/cmdline`, 'utf8'), /extensionHost/);
  process.kill(host, 'SIGKILL');
  // VS Code starts another one by itself, which finds the run. A reload before that would race with VS Code's own mending.
  const { epoch: atKill } = eventsOf(workbench.folder).findLast((event) => event.type === 'epochEnd') ?? { epoch: 0 };
  await untilStatusBarShows(workbench, (epoch) => epoch > atKill + 1);
  await workbench.reload();
  assert.ok((await epochOf(workbench.webview(), (epoch) => epoch > before)) > before);
  assert.equal(trainerPid(workbench.folder), pid, 'another trainer was started');
  assert.notEqual(parentOf(pid), host);
});

test('Pause holds the run, Step does one step, Continue and Stop are obeyed', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE });
  const frame = await startLongRun(workbench);
  await frame.getByRole('button', { name: 'Pause' }).click();
  await frame.locator('.status', { hasText: 'paused' }).waitFor();
  const stepsDone = () =>
    eventsOf(workbench.folder).reduce(
      (most, event) => (event.type === 'steps' ? event.first + event.loss.length : most),
      0,
    );
  const before = stepsDone();
  await frame.getByRole('button', { name: 'Step', exact: true }).click();
  while (stepsDone() === before) {
    await workbench.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  assert.equal(stepsDone(), before + 1);
  const held = await epochOf(frame, () => true);
  await frame.getByRole('button', { name: 'Continue' }).click();
  await epochOf(frame, (epoch) => epoch > held + 1);
  await frame.getByRole('button', { name: 'Stop' }).click();
  await frame.locator('.status', { hasText: 'stopped' }).waitFor();
  await frame.getByRole('button', { name: 'Resume Run' }).waitFor();
});

test('a killed trainer is shown as interrupted with all its epochs, and Resume Run goes on from the checkpoint', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE });
  const frame = await startLongRun(workbench);
  kill(trainerPid(workbench.folder));
  await frame.locator('.status', { hasText: 'interrupted' }).waitFor();
  assert.ok((await epochOf(frame, () => true)) > 20);
  await frame.getByRole('button', { name: 'Resume Run' }).click();
  await frame.locator('.status', { hasText: 'training' }).waitFor();
  const resumed = await untilEvent(workbench, 'runResume');
  assert.ok(resumed.epoch >= 20, 'not from a checkpoint');
  await epochOf(frame, (epoch) => epoch > resumed.epoch);
});

test('two panels follow one run', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE, viewport: { width: 1800, height: 900 } });
  await startLongRun(workbench);
  await workbench.runCommand('Skillet: Open Run in Another Panel');
  // The palette's own list may still be there.
  await workbench.page.getByPlaceholder('Which run?').waitFor();
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Boston housing' }).first().waitFor();
  await workbench.page.keyboard.press('Enter');
  await workbench.page.getByRole('tab', { name: 'Boston housing' }).nth(1).waitFor();
  const tabs = workbench.page.getByRole('tab', { name: 'Boston housing' });
  const untilItFollows = async () => {
    const first = await epochOf(workbench.webview(), (epoch) => epoch > 0);
    await epochOf(workbench.webview(), (epoch) => epoch > first);
  };
  await untilItFollows();
  await tabs.first().click();
  await tabs.first().and(workbench.page.locator('[aria-selected="true"]')).waitFor();
  await untilItFollows();
});

test('a faulty recipe is refused in words: in the panel, in a message and in Problems', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE });
  const { page, webview, runCommand, folder } = workbench;
  changeRecipe(folder, 'batchSize: 50', 'batchsize: 50');
  await page.getByText('batchsize: 50').first().waitFor();
  await runCommand('Skillet: Train Recipe');
  const problems = webview().getByRole('alert');
  await problems.getByText('Did you mean batchSize?').waitFor();
  await page.locator('.notification-toast').getByText('train.batchsize').waitFor();
  await page.locator('.notification-toast').getByRole('button', { name: 'Show Problems' }).click();
  await page.locator('.markers-panel').getByText('train.batchsize').first().waitFor();
  assert.throws(() => eventsOf(folder), { code: 'ENOENT' });
});

test('a layer clicked in the graph is selected in the recipe, and the layer under the cursor lights up', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE, viewport: { width: 1600, height: 1000 } });
  const { page, webview, runCommand } = workbench;
  await runCommand('Skillet: Open Panel');
  const frame = webview();
  await frame.getByRole('button', { name: /^dense3/ }).click();
  await page.getByText(/^Ln 14, Col/).waitFor();
  await frame.locator('.layer.selected', { hasText: 'dense3' }).waitFor();
});
