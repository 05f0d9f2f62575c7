/** The page "Reserved Instances" by itself: terms beside on demand, the slider, a purchase and how it is told. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import type { ReservedFinding } from '../../src/common/reservedMessages.ts';
import { reservedOffering } from '../fixtures/cloud/formProvider.ts';
import { openReservedPage, type PageOptions, type ReservedWebview } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const finding: ReservedFinding = {
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  offerings: [
    reservedOffering(),
    reservedOffering({
      id: 'r-3y-no',
      termMonths: 36,
      payment: 'noUpfront',
      offeringClass: 'convertible',
      upfrontUsd: 0,
      recurringPerHourUsd: 0.46,
      effectivePerHourUsd: 0.46,
    }),
  ],
  onDemandPerHourUsd: 1.006,
  reservations: [
    {
      id: 'ri-1',
      region: 'us-east-1',
      instanceType: 'g5.xlarge',
      count: 1,
      state: 'active',
      endsAt: '2027-03-01T00:00:00Z',
    },
  ],
  faults: [],
};

async function open(t: TestContext, options: PageOptions = {}): Promise<ReservedWebview> {
  const reserved = await openReservedPage(browser, { width: 1440, ...options });
  reserved.page.setDefaultTimeout(20_000);
  t.after(async () => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `reserved-${t.name}`.replaceAll(/[^\w-]+/g, '-');
    await reserved.page.screenshot({ path: path.join(folder, `${file}.png`), fullPage: true });
    await reserved.page.close();
  });
  await reserved.post({
    type: 'begin',
    regions: [{ name: 'us-east-1', title: 'US East (N. Virginia)' }],
    region: 'us-east-1',
    instanceType: 'g5.xlarge',
  });
  const [asked] = (await reserved.said()).filter((one) => one.type === 'find');
  assert.deepEqual(asked, { type: 'find', ask: 1, region: 'us-east-1', instanceType: 'g5.xlarge' });
  await reserved.post({ type: 'finding', ask: 1, finding });
  return reserved;
}

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`terms are reckoned against the hours that the machine will run (${theme})`, async (t) => {
    const { page } = await open(t, { theme });
    const saving = page.locator('.terms tbody tr').first().locator('td[data-label="Against on demand"]');
    assert.equal((await saving.textContent())?.trim(), 'loses $3,068 in 1 year');
    await page.getByRole('slider').fill('730');
    await page.getByText('730 hours a month', { exact: true }).waitFor();
    assert.equal((await saving.textContent())?.trim(), 'saves $3,813 in 1 year');
    const first = await page.locator('.terms tbody tr').first().locator('td[data-label="Worth it from"]').textContent();
    assert.equal(first?.trim(), '415 h a month');
  });
}

test('Buy asks once, and a lost answer is told as not known', async (t) => {
  const { page, post, said } = await open(t);
  await page.getByRole('button', { name: 'Buy 12 months, all upfront, standard' }).click();
  assert.deepEqual(
    (await said()).filter(({ type }) => type === 'buy'),
    [{ type: 'buy', offering: 'r-1y-all', count: 1 }],
  );
  const title = '1 × g5.xlarge in us-east-1, 12 months, all upfront';
  await post({ type: 'purchase', purchase: { state: 'buying', title } });
  assert.equal(
    await page.getByRole('button', { name: 'Buy 12 months, all upfront, standard' }).getAttribute('aria-disabled'),
    'true',
  );
  const problem = { code: 'cloud-network', path: 'aws', message: 'The connection broke.', remedy: '' } as const;
  await post({ type: 'purchase', purchase: { state: 'unknown', title, problem } });
  await page.getByText(/It is not known whether 1 × g5\.xlarge/).waitFor();
});

test('without an on-demand price nothing is said to be saved', async (t) => {
  const { page, post } = await open(t);
  await post({ type: 'finding', ask: 1, finding: { ...finding, onDemandPerHourUsd: null, reservations: null } });
  const words = await page.locator('.terms tbody tr').first().locator('td').allTextContents();
  assert.deepEqual(
    words.map((word) => word.trim()),
    ['all upfront', 'standard', '$5,000', 'nothing', '$0.57', '—', '—', 'Buy…'],
  );
});

test('on a narrow page nothing is cut', async (t) => {
  const { page } = await open(t, { width: 420 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
});
