/** The page "This Machine" by itself, fed with made-up checks: what it shows, says, and how it waits. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { Check, MachineReport } from '../../src/common/machine/check.ts';
import { planChecks } from '../../src/common/machine/planChecks.ts';
import { summarise } from '../../src/common/machine/summarise.ts';
import type { ToMachinePage } from '../../src/common/machineMessages.ts';
import { type MachinePage, openMachinePage, type PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<MachinePage> {
  const machine = await openMachinePage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `machine-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await machine.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await machine.page.close();
  });
  return machine;
}

const plan = planChecks('linux');
const begin: ToMachinePage = { type: 'begin', plan };

/** A machine with two cards, a driver that is too old, and no TensorFlow yet. */
const found: Record<string, Omit<Check, 'id' | 'title'>> = {
  os: { status: 'ok', detail: 'Ubuntu 24.04.1 LTS, kernel 6.8.0-45-generic, x64', remedy: null },
  processor: { status: 'ok', detail: 'AMD Ryzen 9 7950X 16-Core Processor, 32 cores, AVX-512', remedy: null },
  libc: { status: 'ok', detail: 'glibc 2.39', remedy: null },
  node: { status: 'ok', detail: '22.19.0 in Electron 37.2.3, the editor’s own', remedy: null },
  memory: { status: 'ok', detail: '48 GiB free of 63 GiB', remedy: null },
  disk: {
    status: 'warn',
    detail: '5.2 GB free at ~/.cache/skillet; setting up takes up to 7.4 GB',
    remedy: { text: 'Make room on that disk.' },
  },
  cards: {
    status: 'ok',
    detail:
      'NVIDIA GeForce GTX 1060 6GB, 5.8 GiB free of 5.9 GiB, 45 °C, 2 % busy\nAMD Navi 31 [Radeon RX 7900 XT/7900 XTX]',
    remedy: null,
  },
  driver: {
    status: 'fail',
    detail: '470.182.03 is too old: CUDA 12 needs 525.60.13 or newer',
    remedy: {
      text: 'Install NVIDIA’s current driver, then restart the machine.',
      command: 'sudo ubuntu-drivers install',
      link: 'https://www.nvidia.com/en-us/drivers/',
    },
  },
  capability: {
    status: 'info',
    detail: 'NVIDIA GeForce GTX 1060 6GB: not told by this driver; TensorFlow needs 6.0 or newer',
    remedy: null,
  },
  runtime: {
    status: 'warn',
    detail: 'not set up; recipes train without it, large ones slowly',
    remedy: { text: 'Set TensorFlow up. It is fetched once, checked, and kept for all recipes.', action: 'setUp' },
  },
  cuda: {
    status: 'info',
    detail: 'none found; TensorFlow’s GPU build needs CUDA 12, and setting it up brings it along',
    remedy: null,
  },
  cudnn: {
    status: 'info',
    detail: 'none found; TensorFlow’s GPU build needs cuDNN 9, and setting it up brings it along',
    remedy: null,
  },
  'tensorflow-gpu': { status: 'info', detail: 'not tried: TensorFlow is not set up', remedy: null },
  'tensorflow-cpu': { status: 'info', detail: 'not tried: TensorFlow is not set up', remedy: null },
  webgpu: {
    status: 'ok',
    detail: 'AMD Radeon RX 7900 XTX (RADV NAVI31); ready in 0.5 s, a 256 × 256 product in 0.21 ms',
    remedy: null,
  },
  wasm: {
    status: 'ok',
    detail: 'CPU (AMD Ryzen 9 7950X, 32 cores); ready in 0.1 s, a 256 × 256 product in 0.91 ms',
    remedy: null,
  },
  js: {
    status: 'ok',
    detail: 'CPU (AMD Ryzen 9 7950X, 32 cores); ready in 0.1 s, a 256 × 256 product in 31 ms',
    remedy: null,
  },
};

const checks: MachineReport['checks'] = plan.map(({ id, title, group }) => {
  const check = found[id];
  assert.ok(check !== undefined, id);
  return { id, title, group, ...check };
});
const told = (list: readonly Check[]): ToMachinePage[] => list.map((check) => ({ type: 'check', check }));

function end(list = checks): ToMachinePage {
  const { text, isReady } = summarise(list);
  const about = { at: '2026-11-24T12:00:00Z', version: '0.1.0', platform: 'linux x64' };
  return { type: 'end', report: { ...about, summary: text, isReady, checks: list } };
}

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`every line has its word, what was found, and what to do (${theme})`, async (t) => {
    const { page, post } = await open(t, { theme, width: 1100 });
    await post(begin, ...told(checks), end());
    await page.getByText('Ready: recipes train on WebGPU. To train faster: Install NVIDIA’s current driver').waitFor();
    const words = await page.locator('.check .word').allTextContents();
    assert.deepEqual(
      words.map((word) => word.trim()),
      checks.map(({ status }) => status),
    );
    assert.deepEqual(await page.getByRole('heading', { level: 2 }).allTextContents(), [
      'This machine',
      'Graphics cards',
      'TensorFlow runtime',
      'Backends',
    ]);
    assert.equal(await page.locator('.check', { hasText: 'Cards' }).locator('.found p').count(), 2);
  });
}

test('on a narrow page nothing is cut', async (t) => {
  const { page, post } = await open(t, { width: 340, theme: 'light' });
  await post(begin, ...told(checks), end());
  await page.getByText('Ready:').waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(overflow, 0);
});

test('lines that are not known yet keep their place; what is known stays where it is', async (t) => {
  const { page, post } = await open(t);
  await post(begin);
  assert.equal(await page.locator('.check').count(), plan.length);
  assert.equal(await page.locator('.check[aria-busy=true]').count(), plan.length);
  assert.equal(await page.locator('.sentence').getByRole('status').textContent(), 'Checking this machine…');
  const top = async (title: string) => (await page.getByText(title, { exact: true }).boundingBox())?.y;
  const places = [await top('Operating system'), await top('Disk')];
  const plain = checks.filter(({ remedy, id }) => remedy === null && id !== 'cards');
  await post(...told(plain));
  assert.deepEqual([await top('Operating system'), await top('Disk')], places);
  assert.equal(await page.locator('.check[aria-busy=true]').count(), plan.length - plain.length);
  await page.getByText(`${plain.length} of ${plan.length}`).waitFor();
});

test('the buttons say what is wanted, and a second check keeps the old lines meanwhile', async (t) => {
  const { page, post, said } = await open(t);
  await post(begin, ...told(checks), end());
  const click = (name: string | RegExp) => page.getByRole('button', { name }).click();
  await click('Set Up…');
  await click('Open in Terminal: sudo ubuntu-drivers install');
  await click('Copy Command for NVIDIA driver');
  await click('Copy Report');
  await page.getByText('Copied').first().waitFor({ state: 'attached' });
  await click('Check Again');
  assert.deepEqual(await said(), [
    { type: 'ready' },
    { type: 'setUp' },
    { type: 'typeCommand', check: 'driver' },
    { type: 'copyCommand', check: 'driver' },
    { type: 'copyReport' },
    { type: 'checkAgain' },
  ]);
  await post(begin);
  await page.getByText('470.182.03 is too old').waitFor();
  // Both wait for the end of the check, without losing the focus that one of them has.
  for (const name of ['Check Again', 'Copy Report']) {
    await page.getByRole('button', { name }).press('Enter');
  }
  assert.equal((await said()).length, 6);
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /^ Copy Report/);
});

test('a fault in the settings offers the settings', async (t) => {
  const { page, post, said } = await open(t);
  const remedy = { text: 'Name the folder of Python’s tensorflow package.', action: 'openSettings' as const };
  const misnamed: Check = {
    id: 'runtime',
    title: 'TensorFlow',
    status: 'fail',
    detail: '/opt/none holds no TensorFlow.',
    remedy,
  };
  await post(begin, ...told([misnamed]));
  await page.getByRole('button', { name: 'Open Settings' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'openSettings' });
});

test('every button is reached with the keyboard, and Enter presses it', async (t) => {
  const { page, post, said } = await open(t);
  await post(begin, ...told(checks), end());
  const names: string[] = [];
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
  }
  assert.deepEqual(names, [
    'Check Again',
    'Copy Report',
    'More about it',
    'Open in Terminal',
    'Copy Command',
    'Set Up…',
  ]);
  await page.keyboard.press('Enter');
  assert.deepEqual((await said()).at(-1), { type: 'setUp' });
});

test('a machine on which nothing works says so', async (t) => {
  const { page, post } = await open(t, { theme: 'light' });
  const broken = checks.map((check): MachineReport['checks'][number] =>
    check.group === 'Backends' && check.status === 'ok'
      ? {
          ...check,
          status: 'fail',
          detail: 'The library crashed with SIGILL (this processor lacks an instruction that it uses).',
          remedy: {
            text: 'Install Skillet again: WebAssembly and plain JavaScript are part of it and need nothing else.',
          },
        }
      : check,
  );
  await post(begin, ...told(broken), end(broken));
  await page.getByText('Not ready: no backend works here. First: Install Skillet again').waitFor();
  assert.equal(await page.locator('.sentence.error').count(), 1);
});

test('a check that breaks off says why, and can be begun again', async (t) => {
  const { page, post, said } = await open(t);
  await post(begin, ...told(checks.slice(0, 3)), { type: 'failed', message: 'The check broke off: no memory.' });
  await page.getByText('The check broke off: no memory.').waitFor();
  assert.equal(await page.locator('.check[aria-busy=true]').count(), 0);
  await page.getByRole('button', { name: 'Check Again' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'checkAgain' });
});
