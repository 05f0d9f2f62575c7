/** The page "Launch GPU Instance" by itself, fed with made-up offers: three answers, a review, a launch. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { image, offer, reservedOffering, spotOffer } from '../fixtures/cloud/formProvider.ts';
import { answerThree, begin, fill, openForm, priced, toReview, types, view } from './launchForm.ts';
import type { PageOptions } from './panelPage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const open = (t: TestContext, options: PageOptions = {}) => openForm(t, browser, options);

for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
  test(`three answers lead through a review to a launch (${theme})`, async (t) => {
    const launch = await open(t, { theme });
    const { page, last, post, said, shoot } = launch;
    await fill(launch, { isPriced: true });
    assert.deepEqual(await types(page), ['g4dn.xlarge', 'g5.xlarge', 'p4d.24xlarge', 'g6.xlarge']);
    await answerThree(launch);
    const { region, instanceType } = await last('askReserved');
    await post({ type: 'reserved', region, instanceType, best: reservedOffering() });
    await page.getByText('With a term of 1 year: $0.57/h effective').waitFor();
    await shoot('form');
    const ask = await toReview(launch);
    await shoot('review');
    const { profile } = (await last('review')) as { profile: Record<string, unknown> };
    assert.deepEqual(
      {
        region: profile.region,
        instanceType: profile.instanceType,
        image: profile.image,
        purchase: profile.purchase,
        keyPair: profile.keyPair,
        securityGroup: profile.securityGroup,
        guard: profile.guard,
      },
      {
        region: 'us-east-1',
        instanceType: 'g5.xlarge',
        image: { parameter: { name: image().parameter } },
        purchase: 'onDemand',
        keyPair: { create: { name: 'skillet', keyType: 'ed25519', saveTo: '~/.ssh/skillet.pem' } },
        securityGroup: {
          create: {
            name: 'skillet',
            rules: [{ port: 22, protocol: 'tcp', from: 'my-address', description: 'SSH' }],
          },
        },
        guard: { deadlineHours: 8, idleMinutes: 30, action: 'stop' },
      },
    );
    await page.getByRole('button', { name: 'Launch for $1.01/h' }).click();
    assert.deepEqual(
      (await said()).filter(({ type }) => type === 'launch'),
      [{ type: 'launch', ask }],
    );
    await post(view({ events: [{ type: 'step', message: 'Making security group skillet' }] }));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await last('cancel');
    await post(
      view({
        state: 'done',
        events: [{ type: 'made', what: { kind: 'securityGroup', id: 'sg-1', region: 'us-east-1' } }],
        result: {
          instances: [{ provider: 'aws', region: 'us-east-1', id: 'i-0abc' }],
          region: 'us-east-1',
          purchase: 'onDemand',
          made: [],
          keyFile: '~/.ssh/skillet.pem',
        },
      }),
    );
    await page.getByRole('button', { name: 'Connect' }).click();
    assert.equal((await last('connect')).instance.id, 'i-0abc');
  });
}

test('late prices keep what is chosen, and move no row under the pointer', async (t) => {
  const launch = await open(t);
  const { page, post, last } = launch;
  await fill(launch, { isPriced: false });
  const before = await types(page);
  const box = await page.locator('.offers').boundingBox();
  await page.getByRole('radio', { name: 'p4d.24xlarge in us-east-1' }).check();
  await page.locator('.offers tbody tr').nth(1).hover();
  const { ask } = await last('searchOffers');
  await post({ type: 'offers', ask, region: 'us-east-1', offers: priced, isComplete: true, faults: [] });
  await page.locator('.offers').getByText('$21.96').waitFor();
  assert.deepEqual(await types(page), before);
  assert.deepEqual(await page.locator('.offers').boundingBox(), box);
  assert.equal(await page.getByRole('radio', { name: 'p4d.24xlarge in us-east-1' }).isChecked(), true);
  await page.getByRole('heading', { level: 1 }).hover();
  await page.getByRole('button', { name: 'Save Profile…' }).focus();
  await page.waitForFunction(() => document.querySelector('.offers tbody th')?.textContent === 'g4dn.xlarge');
  assert.equal(await page.getByRole('radio', { name: 'p4d.24xlarge in us-east-1' }).isChecked(), true);
});

test('where nobody is signed in the form says so, and not that no machine fits', async (t) => {
  const { page, post } = await open(t);
  const problem = { code: 'cloud-credentials', path: 'aws', message: 'No credentials.', remedy: 'Sign in.' } as const;
  await post({ type: 'beginFailed', problem });
  await page.getByRole('alert').filter({ hasText: 'No credentials. Sign in.' }).waitFor();
  await page.getByText('Machines and their prices stand here once you are signed in.').waitFor();
  assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /No machine fits|Asking/);
});

test('a price that is not known is a dash with its reason, and one under way says so', async (t) => {
  const launch = await open(t);
  await fill(launch, { isPriced: true });
  const cell = launch.page.locator('.offers tr', { hasText: 'g6.xlarge' }).locator('.price .usd').first();
  assert.equal(await cell.textContent(), '—');
  assert.match((await cell.getAttribute('title')) ?? '', /not known/);
});

test('faults are told at their fields, and the first one gets the focus in its opened section', async (t) => {
  const launch = await open(t);
  const { page, post, last } = launch;
  await fill(launch, { isPriced: true });
  await answerThree(launch);
  await page.getByText('Storage', { exact: true }).click();
  await page.getByRole('button', { name: 'Add Disk' }).click();
  await page.getByLabel('Kind', { exact: true }).last().selectOption('io2');
  await page.getByText('Storage', { exact: true }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  const { ask, profile } = await last('review');
  assert.deepEqual((profile as { volumes: unknown }).volumes, [
    { device: '/dev/sdf', type: 'io2', sizeGb: 100, encrypted: true, deleteOnTermination: true },
  ]);
  await post({
    type: 'problems',
    ask,
    problems: [
      {
        code: 'cloud-profile',
        path: 'volumes[0].iops',
        message: 'is missing, and io2 has no default.',
        remedy: 'Write 100 or more.',
      },
      {
        code: 'cloud-profile',
        path: 'securityGroup.create.rules[0].from',
        message: 'Anybody on the internet can reach port 22 (SSH) of the machine.',
        remedy: 'Use my-address.',
        severity: 'warning',
      },
    ],
  });
  await page.waitForFunction(() => document.activeElement?.id === 'volumes[0].iops');
  await page.getByText('It is missing, and io2 has no default. Write 100 or more.').waitFor();
  assert.equal(await page.locator('[id="volumes[0].iops"]').getAttribute('aria-invalid'), 'true');
  await page.locator('summary', { hasText: 'Security group' }).getByText('1 to know').waitFor();
});

test('the form is filled and reviewed by keys alone', async (t) => {
  const launch = await open(t);
  const { page, last } = launch;
  await fill(launch, { isPriced: true });
  const reach = async (isThere: () => Promise<boolean>) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      if (await isThere()) {
        return;
      }
    }
    assert.fail('the focus never came there');
  };
  const focusIs = (selector: string) => () =>
    page.evaluate((one) => document.activeElement?.matches(one) ?? false, selector);
  await reach(focusIs('input[name=offer]'));
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await reach(focusIs('input[name=image]'));
  await page.keyboard.press('Space');
  await reach(focusIs('input[name=key]'));
  await page.keyboard.press('ArrowDown');
  await reach(focusIs('.bar .primary'));
  await page.keyboard.press('Enter');
  const { profile } = await last('review');
  const { instanceType, image: chosen, keyPair } = profile as Record<string, unknown>;
  assert.deepEqual(
    { instanceType, chosen, keyPair },
    {
      instanceType: 'g5.xlarge',
      chosen: { parameter: { name: image().parameter } },
      keyPair: { existing: { name: '' } },
    },
  );
});

test('a form that was filled is back after the page was loaded anew, and asks with newer numbers', async (t) => {
  const launch = await open(t);
  await fill(launch, { isPriced: true });
  await answerThree(launch);
  const { ask } = await launch.last('draft');
  await launch.page.reload();
  await fill(launch, { isPriced: true });
  assert.equal(await launch.page.getByRole('radio', { name: 'g5.xlarge in us-east-1' }).isChecked(), true);
  assert.ok((await launch.last('draft')).ask > ask);
});

test('an answer of an older question is not shown', async (t) => {
  const launch = await open(t);
  const { page, post, last } = launch;
  await fill(launch, { isPriced: true });
  const { ask } = await last('searchOffers');
  await page.getByLabel('Type', { exact: true }).fill('p4d.*');
  await page.getByLabel('Type', { exact: true }).press('Enter');
  await page.waitForFunction(
    (old) =>
      (window as unknown as { said: { type: string; ask?: number }[] }).said.some(
        (one) => one.type === 'searchOffers' && (one.ask ?? 0) > old,
      ),
    ask,
  );
  await post({ type: 'offers', ask, region: 'us-east-1', offers: priced, isComplete: true, faults: [] });
  assert.deepEqual(await types(page), []);
});

test('a launch whose end is not known offers to try again and to look, and nothing else', async (t) => {
  const { page, post, last, shoot } = await open(t, { width: 900 });
  await post(
    begin,
    view({
      state: 'unknown',
      canTryAgain: true,
      problem: { code: 'cloud-network', path: 'launch', message: 'The connection broke.', remedy: 'Try again.' },
      note: 'Whether a machine was made is not known.',
      events: [
        { type: 'made', what: { kind: 'securityGroup', id: 'sg-1', region: 'us-east-1' } },
        {
          type: 'left',
          what: { kind: 'securityGroup', id: 'sg-1', region: 'us-east-1' },
          message: 'It could not be removed.',
        },
      ],
    }),
  );
  assert.deepEqual(await page.locator('.progress .bar button').allTextContents(), [
    'Try Again',
    'Look What Became of It',
  ]);
  await shoot('unknown');
  await page.getByRole('button', { name: 'Look What Became of It' }).click();
  await last('lookUp');
  await post(
    view({ state: 'unknown', canTryAgain: true, hasLooked: true, note: 'There is no machine of this launch.' }),
  );
  await page.getByRole('button', { name: 'Leave It and Start Anew' }).click();
  await last('forget');
});

for (const theme of ['dark', 'highContrastLight'] as const) {
  test(`on a narrow page nothing is cut, prices least (${theme})`, async (t) => {
    const launch = await open(t, { width: 420, theme });
    await fill(launch, { isPriced: true });
    await answerThree(launch);
    const overflow = await launch.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(overflow, 0);
    const cut = await launch.page
      .locator('.offers .usd')
      .evaluateAll((list) => list.filter((one) => one.getBoundingClientRect().right > window.innerWidth).length);
    assert.equal(cut, 0);
    await launch.shoot('form');
    await toReview(launch);
    assert.equal(await launch.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
  });
}

test('a page of 4K uses its width', async (t) => {
  const launch = await open(t, { width: 3000, height: 1400, theme: 'light' });
  await fill(launch, { isPriced: true });
  await answerThree(launch);
  const box = await launch.page.locator('.offers').boundingBox();
  assert.ok((box?.width ?? 0) > 2000);
});

test('sixty machines in each of twenty regions are searched, sorted and chosen without a wait', async (t) => {
  const launch = await open(t);
  const { page, post, last } = launch;
  await post(begin);
  const { ask } = await last('searchOffers');
  const regions = Array.from({ length: 20 }, (_, index) => `xx-region-${index + 1}`);
  for (const region of regions) {
    const offers = Array.from({ length: 60 }, (_, index) =>
      offer({ region, instanceType: `g${index}.xlarge`, onDemandPerHourUsd: 1 + index / 7, spot: spotOffer(0.3) }),
    );
    await post({ type: 'offers', ask, region, offers, isComplete: true, faults: [] });
  }
  await page.getByText('Show 100 more of 1200').waitFor();
  const ms = await page.evaluate(() => {
    const from = performance.now();
    document.querySelectorAll<HTMLButtonElement>('.offers .sort')[6]?.click();
    document.querySelectorAll<HTMLInputElement>('input[name=offer]')[20]?.click();
    return performance.now() - from;
  });
  assert.ok(ms < 400, `${ms} ms`);
  assert.equal(await page.locator('.offers tbody tr').count(), 60);
});
