/** The page of a machine by itself, fed with made-up machines: what it shows, says and offers. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { FleetRow } from '../../src/common/cloud/fleet.ts';
import type { ToInstancePage } from '../../src/common/instanceMessages.ts';
import { type InstancePage, openInstancePage, type PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<InstancePage> {
  const instance = await openInstancePage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `instance-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await instance.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await instance.page.close();
  });
  return instance;
}

const NOW = Date.parse('2026-11-25T12:00:00Z');

const row: FleetRow = {
  instance: {
    provider: 'aws',
    region: 'us-east-1',
    id: 'i-0abc1234def567890',
    name: 'boston-p2',
    zone: 'us-east-1a',
    state: 'running',
    stateReason: null,
    instanceType: 'g5.12xlarge',
    gpu: { name: 'A10G', count: 4, memoryBytes: 24 * 1024 ** 3 },
    purchase: 'spot',
    spotRequestId: 'sir-abcd1234',
    launchedAt: '2026-11-25T09:50:00Z',
    stoppedAt: null,
    publicAddress: '203.0.113.17',
    privateAddress: '172.31.4.20',
    imageId: 'ami-0dl0tf218000000001',
    keyPair: 'p2',
    securityGroups: ['sg-0123456789abcdef0'],
    volumeIds: ['vol-0aaa1111bbbb2222c'],
    tags: { Name: 'boston-p2', 'skillet:made-by': '0.1.0', 'skillet:deadline': '2026-11-25T18:00:00Z' },
  },
  cost: {
    perHourUsd: 1.6987,
    soFarUsd: 3.51,
    parts: [
      { kind: 'computing', what: 'g5.12xlarge', perHourUsd: 1.62 },
      { kind: 'volume', what: 'vol-0aaa1111bbbb2222c, gp3, 200 GB', perHourUsd: 0.0219 },
      { kind: 'address', what: '203.0.113.17', perHourUsd: 0.005 },
    ],
  },
  costAt: NOW,
  idle: { idleSince: '2026-11-25T11:57:00Z', cpuShare: 0.004 },
  guard: { deadline: '2026-11-25T18:00:00Z', idleMinutes: 30, action: 'stop' },
};

const told = (change: Partial<ToInstancePage> = {}): ToInstancePage => ({
  type: 'instance',
  ref: { provider: 'aws', region: 'us-east-1', id: row.instance.id },
  row,
  regionTitle: 'US East (N. Virginia)',
  profile: 'default',
  fault: null,
  isKnown: true,
  now: NOW,
  ...change,
});

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  for (const width of [1440, 420]) {
    test(`a machine with all that is known, ${theme}, ${width} px`, async (t) => {
      const { page, post } = await open(t, { theme, width });
      await post(told());
      await page.getByRole('heading', { name: 'boston-p2' }).waitFor();
      assert.equal((await page.locator('.state').textContent())?.trim(), 'running');
      assert.deepEqual(await page.locator('.sums dd').allTextContents(), ['$1.70', '$3.51', '$1,240']);
      assert.equal(await page.locator('tbody tr').count(), 3);
      await page.getByText('4 × A10G, 24 GiB each').waitFor();
      await page.getByText('0.4 % busy').waitFor();
      await page.getByText(/^stops it at .*, or after 30 minutes without work$/).waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
    });
  }
}

test('buttons say what is wanted; those that cannot be keep their place', async (t) => {
  const { page, post, said } = await open(t);
  await post(told());
  const press = (name: string) => page.getByRole('button', { name }).press('Enter');
  for (const name of ['Stop…', 'Start', 'Terminate…', 'Connect…', 'Reboot', 'System Log', 'Open in Console', 'Copy…']) {
    await press(name);
  }
  await press('Refresh');
  const act = (action: string) => ({ type: 'act', action });
  assert.deepEqual(await said(), [
    { type: 'ready' },
    ...['stop', 'terminate', 'connect', 'reboot', 'log', 'console', 'copy'].map(act),
    { type: 'refresh' },
  ]);
  const place = await page.getByRole('button', { name: 'Terminate…' }).boundingBox();
  await post(told({ row: { ...row, instance: { ...row.instance, state: 'stopped' } } }));
  await page.locator('.state', { hasText: 'stopped' }).waitFor();
  assert.deepEqual(await page.getByRole('button', { name: 'Terminate…' }).boundingBox(), place);
  await press('Start');
  await press('Stop…');
  assert.deepEqual((await said()).slice(-1), [act('start')]);
});

test('a price that is not known is a question mark, and the sum says at least', async (t) => {
  const { page, post } = await open(t, { theme: 'light' });
  const [computing, ...others] = row.cost?.parts ?? [];
  assert.ok(computing);
  const parts = [computing, ...others.map((part) => ({ ...part, perHourUsd: null }))];
  await post(told({ row: { ...row, cost: { perHourUsd: null, soFarUsd: null, parts } } }));
  await page.getByText('≥ $1.62', { exact: true }).waitFor();
  assert.deepEqual(await page.locator('.sums dd').allTextContents(), ['≥ $1.62', '?', '?']);
  await page.getByText('A question mark is a price that is not known.').waitFor();
});

test('expired credentials offer to sign in again over what was known', async (t) => {
  const { page, post, said } = await open(t, { width: 420 });
  const fault = {
    code: 'cloud-credentials' as const,
    path: 'aws',
    message: 'The sign-in of profile work has expired.',
    remedy: 'Sign in again: aws sso login --profile work.',
  };
  await post(told({ fault }));
  await page.getByRole('button', { name: 'Sign In Again' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'act', action: 'signIn' });
  await page.getByRole('heading', { name: 'boston-p2' }).waitFor();
});

test('a machine that is gone is told as gone, and what is not asked yet as that', async (t) => {
  const { page, post } = await open(t);
  await page.getByText('asking…').waitFor();
  await post(told({ row: null, isKnown: false }));
  await page.getByText('asking…').waitFor();
  await post(told({ row: null }));
  await page.getByText(`There is no machine ${row.instance.id} in us-east-1 any more.`).waitFor();
});

test('the page is back by what it kept', async (t) => {
  const { page, post } = await open(t);
  await post(told());
  await page.getByRole('heading', { name: 'boston-p2' }).waitFor();
  const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem('kept') ?? 'null'));
  assert.deepEqual(kept, { provider: 'aws', region: 'us-east-1', id: row.instance.id });
});
