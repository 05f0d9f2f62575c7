/** The page of a sweep by itself, fed with made-up leftovers: what it shows, chooses, sums and asks for. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { Leftover } from '../../src/common/cloud/leftover.ts';
import type { ToSweepPage } from '../../src/common/sweepMessages.ts';
import { openSweepPage, type PageOptions, type SweepWebview } from './panelPage.ts';
import { type Theme, themes } from './workbench.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(t: TestContext, options: PageOptions = {}): Promise<SweepWebview> {
  const sweep = await openSweepPage(browser, options);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `sweep-${t.name.replaceAll(/[^\w-]+/g, '-')}.png`;
    await sweep.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await sweep.page.close();
  });
  return sweep;
}

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'];

function made(part: Partial<Leftover> & Pick<Leftover, 'kind' | 'id'>): Leftover {
  return {
    region: 'us-east-1',
    name: null,
    isOurs: true,
    isUnused: true,
    reason: '',
    perMonthUsd: 0,
    createdAt: '2026-11-02T09:00:00.000Z',
    ...part,
  };
}

const machine = made({
  kind: 'instance',
  id: 'i-0a1b2c3d4e5f60718',
  name: 'p2 training',
  isUnused: false,
  reason: 'g5.xlarge, running; with its 2 disks',
  perMonthUsd: 742.38,
});
const volume = made({
  kind: 'volume',
  id: 'vol-0a1b2c3d4e5f60718',
  name: 'p2 data',
  reason: 'gp3, 500 GiB; attached to no machine',
  perMonthUsd: 40,
});
const key = made({ kind: 'keyPair', id: 'skillet-p2', name: 'skillet-p2', reason: 'ed25519; its machines are gone' });
const address = made({
  kind: 'address',
  id: 'eipalloc-0a1b2c3d4e5f60718',
  region: 'eu-west-1',
  isOurs: false,
  reason: '203.0.113.25; leads to no machine',
  perMonthUsd: 3.65,
  createdAt: null,
});
const snapshot = made({
  kind: 'snapshot',
  id: 'snap-0a1b2c3d4e5f60718',
  region: 'us-west-2',
  isOurs: false,
  name: 'before the experiment with a very long name that nobody remembers any more',
  reason: '100 GiB at most; its disk is gone and no image needs it',
  perMonthUsd: null,
});

const found = (leftovers: readonly Leftover[], fault: string | null = null): ToSweepPage => ({
  type: 'found',
  region: leftovers[0]?.region ?? 'us-west-2',
  kind: leftovers[0]?.kind ?? 'securityGroup',
  leftovers,
  fault,
});
const begin: ToSweepPage = { type: 'begin', account: '123456789012, default profile', regions: REGIONS };
const ends = REGIONS.map((region): ToSweepPage => ({ type: 'regionEnd', region, fault: null }));
const FAULT =
  'You are not allowed to do ec2:DescribeSecurityGroups. Ask whoever looks after the account for that permission.';
const all: readonly ToSweepPage[] = [
  begin,
  ...[machine, volume, key, address, snapshot].map((one) => found([one])),
  found([], FAULT),
  ...ends,
  { type: 'end' },
];
const KEY_OF = {
  volume: 'us-east-1/volume/vol-0a1b2c3d4e5f60718',
  key: 'us-east-1/keyPair/skillet-p2',
  snapshot: 'us-west-2/snapshot/snap-0a1b2c3d4e5f60718',
};

test('rows are there as they are found, with how many regions have told all', async (t) => {
  const { page, post, said } = await open(t);
  assert.deepEqual(await said(), [{ type: 'ready' }]);
  await post(begin, found([volume]), ...ends.slice(0, 1));
  assert.match((await page.locator('.sentence').textContent()) ?? '', /Looking through 3 regions…\s*1 of 3/);
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.getByRole('button', { name: 'Stop' }).click();
  assert.deepEqual((await said()).at(-1), { type: 'stop' });
  assert.equal(await page.getByRole('button', { name: /^Remove/ }).getAttribute('aria-disabled'), 'true');
});

test('what is ours, unused and without data is chosen, never a disk, a machine or what others made', async (t) => {
  const { page, post, said } = await open(t);
  await post(...all);
  const boxes = page.locator('tbody input');
  const chosen = await boxes.evaluateAll((list) =>
    list.filter((box) => (box as HTMLInputElement).checked).map((box) => box.getAttribute('aria-label')),
  );
  assert.deepEqual(chosen.toSorted(), ['key pair skillet-p2']);
  await page.getByLabel('disk p2 data').check();
  await page.locator('footer', { hasText: '2 things chosen, $40.00 a month' }).waitFor();
  await page.getByRole('button', { name: 'Remove 2 things…' }).click();
  const asked = (await said()).at(-1);
  assert.deepEqual(asked, { type: 'remove', keys: [KEY_OF.volume, KEY_OF.key] });
});

test('a sum with a price that is not known says so, and the price is a question mark', async (t) => {
  const { page, post } = await open(t);
  await post(...all);
  assert.match(
    (await page.getByRole('status').textContent()) ?? '',
    /5 things found, which cost at least \$786\.03 a month/,
  );
  const theirs = page.getByRole('region', { name: 'Left over by others' });
  assert.equal(await theirs.locator('tbody tr').first().locator('.cost').textContent(), '?');
  await theirs.getByLabel('All of: Left over by others').check();
  await page.locator('footer', { hasText: '3 things chosen, at least $3.65 a month' }).waitFor();
});

test('rows go as they are removed; one that stays says why, and stays chosen', async (t) => {
  const { page, post } = await open(t);
  await post(...all);
  await page.getByLabel('disk p2 data').check();
  await post({ type: 'removing', keys: [KEY_OF.volume, KEY_OF.key] });
  assert.equal(await page.locator('tr[aria-busy=true]').count(), 2);
  assert.equal(await page.locator('tbody input:enabled').count(), 0);
  await post(
    { type: 'removed', key: KEY_OF.key, isRemoved: true, message: '' },
    { type: 'removed', key: KEY_OF.volume, isRemoved: false, message: 'It is attached to i-0123 now.' },
    { type: 'removalEnd' },
  );
  assert.equal((await page.getByRole('alert').textContent())?.trim(), 'Not removed: It is attached to i-0123 now.');
  assert.match((await page.getByRole('status').textContent()) ?? '', /4 things found.* 1 thing removed\./);
  assert.equal(await page.getByLabel('disk p2 data').isChecked(), true);
  assert.equal(await page.getByLabel('key pair skillet-p2').count(), 0);
});

test('nothing left over is said in one line, with no list and nothing to press', async (t) => {
  const { page, post } = await open(t);
  await post(begin, ...ends, { type: 'end' });
  assert.equal((await page.getByRole('status').textContent())?.trim(), 'Nothing is left over.');
  assert.deepEqual([await page.locator('table').count(), await page.locator('footer').count()], [0, 0]);
});

test('a fault that holds for several regions is told once with their names', async (t) => {
  const { page, post } = await open(t);
  const at = (region: string): ToSweepPage => ({
    type: 'found',
    region,
    kind: 'volume',
    leftovers: [],
    fault: FAULT,
  });
  await post(begin, at('us-east-1'), at('us-west-2'), at('us-west-2'), ...ends, { type: 'end' });
  assert.equal(await page.locator('.faults li').count(), 1);
  assert.match((await page.locator('.faults li').textContent()) ?? '', /us-east-1, us-west-2/);
});

test('a sweep that cannot begin says why', async (t) => {
  const { page, post } = await open(t);
  await post({ type: 'failed', message: 'Nobody is signed in.' });
  assert.equal((await page.getByRole('status').textContent())?.trim(), 'Nobody is signed in.');
});

for (const theme of Object.keys(themes) as Theme[]) {
  for (const width of [1440, 420]) {
    test(`looks in ${theme} at ${width}`, async (t) => {
      const { page, post } = await open(t, { theme, width, height: 900 });
      await post(
        ...all,
        { type: 'removing', keys: [KEY_OF.volume] },
        { type: 'removed', key: KEY_OF.volume, isRemoved: false, message: 'It is attached to i-0123 now.' },
        { type: 'removalEnd' },
      );
      const isCut = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      assert.equal(isCut, false);
    });
  }
}
