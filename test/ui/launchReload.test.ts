/** A launch whose page is closed or whose window is loaded anew, and a term that is bought, in a real VS Code on moto. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { ec2, rulePrices } from '../fixtures/cloud/awsPrices.ts';
import { whatIsThere } from '../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws, type TestAws } from '../fixtures/cloud/testAws.ts';
import { useWorkbench, type Workbench } from './workbench.ts';

const skip = await motoMissing();

let aws: TestAws;
before(async () => {
  if (skip === false) {
    aws = await startTestAws();
  }
});
beforeEach(async () => {
  if (skip === false) {
    await aws.reset();
    rulePrices(aws.proxy);
  }
});
after(async () => {
  if (skip === false) {
    assert.deepEqual(aws.proxy.unknown, []);
    await aws.stop();
  }
});

const openWindow = (t: TestContext): Promise<Workbench> =>
  useWorkbench(t, {
    env: { ...aws.env, SKILLET_MY_ADDRESS: '203.0.113.7/32' },
    viewport: { width: 1600, height: 1000 },
  });

/** Fills the form, and launches with an answer that is held back. @returns Lets it go. */
async function launchHeld({ runCommand, webview }: Workbench): Promise<() => void> {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let seen: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    seen = resolve;
  });
  aws.proxy.on({
    action: 'CreateSecurityGroup',
    times: 1,
    when: ({ params }) => params.DryRun !== 'true',
    async answer() {
      seen();
      await held;
      return {};
    },
  });
  await runCommand('Skillet: Launch GPU Instance…');
  const form = webview();
  await form.getByRole('radio', { name: 'g4dn.xlarge in us-east-1' }).check();
  await form
    .locator('.images')
    .getByRole('radio', { name: /TensorFlow/ })
    .first()
    .check();
  await form.getByLabel('Save the private key to', { exact: true }).fill(path.join(aws.folder, 'held.pem'));
  await form.getByRole('button', { name: 'Review' }).click();
  await form.getByText('AWS would allow it.').waitFor();
  await form.getByRole('button', { name: /^Launch for/ }).click();
  await asked;
  return release;
}

test('a launch whose page is closed goes on, and a notification cancels it', { skip }, async (t) => {
  const workbench = await openWindow(t);
  const release = await launchHeld(workbench);
  const { page } = workbench;
  await page.getByRole('tab', { name: 'Launch GPU Instance' }).getByRole('button', { name: /Close/ }).click();
  const toast = page.locator('.notification-toast', { hasText: 'Launching 1 × g4dn.xlarge in us-east-1' });
  await toast.waitFor();
  await workbench.screenshot('a launch without its page');
  await toast.getByRole('button', { name: 'Cancel' }).click();
  release();
  await page.getByText('The launch of 1 × g4dn.xlarge in us-east-1 is cancelled.').first().waitFor();
  assert.deepEqual(await whatIsThere(), []);
});

test('after a reload the form is as it was, and the launch that was cut off is looked up', { skip }, async (t) => {
  const workbench = await openWindow(t);
  const release = await launchHeld(workbench);
  const { page, reload, webview } = workbench;
  await reload();
  release();
  await page.getByRole('tab', { name: 'Launch GPU Instance' }).waitFor();
  const form = webview();
  await form.getByRole('heading', { name: /Not known how it ended: 1 × g4dn.xlarge in us-east-1/ }).waitFor();
  assert.deepEqual(await form.locator('.progress .bar button').allTextContents(), ['Look What Became of It']);
  await form.getByRole('button', { name: 'Look What Became of It' }).click();
  await form.getByText(/There is no machine of this launch in us-east-1 now/).waitFor();
  await form.getByRole('button', { name: 'Leave It and Start Anew' }).click();
  await form.getByRole('radio', { name: 'g4dn.xlarge in us-east-1' }).waitFor();
  assert.equal(await form.getByRole('radio', { name: 'g4dn.xlarge in us-east-1' }).isChecked(), true);
});

const OFFERING = `<reservedInstancesOfferingsSet><item>
  <reservedInstancesOfferingId>11111111-2222-3333-4444-555555555555</reservedInstancesOfferingId>
  <instanceType>g5.xlarge</instanceType><duration>31536000</duration><fixedPrice>5000.0</fixedPrice>
  <usagePrice>0.0</usagePrice><productDescription>Linux/UNIX</productDescription><instanceTenancy>default</instanceTenancy>
  <currencyCode>USD</currencyCode><offeringType>All Upfront</offeringType><marketplace>false</marketplace>
  <offeringClass>standard</offeringClass><scope>Region</scope><recurringCharges/><pricingDetailsSet/>
</item></reservedInstancesOfferingsSet>`;

test('a term is bought only after its type was typed and its sum confirmed', { skip }, async (t) => {
  aws.proxy.on({
    action: 'DescribeReservedInstancesOfferings',
    answer: { body: ec2('DescribeReservedInstancesOfferingsResponse', OFFERING) },
  });
  aws.proxy.on({
    action: 'DescribeReservedInstances',
    answer: { body: ec2('DescribeReservedInstancesResponse', '<reservedInstancesSet/>') },
  });
  aws.proxy.on({
    action: 'PurchaseReservedInstancesOffering',
    answer: {
      body: ec2('PurchaseReservedInstancesOfferingResponse', '<reservedInstancesId>ri-bought</reservedInstancesId>'),
    },
  });
  const { page, runCommand, webview, screenshot } = await openWindow(t);
  await runCommand('Skillet: Browse Reserved Instances…');
  const view = webview();
  await view.getByLabel('Instance type').fill('g5.xlarge');
  await view.getByRole('button', { name: 'Find Terms' }).click();
  await view.getByRole('button', { name: 'Buy 12 months, all upfront, standard' }).click();
  const input = page.locator('.quick-input-widget input');
  await input.fill('g5.2xlarge');
  await page.keyboard.press('Enter');
  await page.getByText('Type g5.xlarge exactly.').waitFor();
  assert.equal(aws.proxy.requestsOf('PurchaseReservedInstancesOffering').length, 0);
  await input.fill('g5.xlarge');
  await page.keyboard.press('Enter');
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.getByText('$5,000 in total for 12 months').waitFor();
  await screenshot('a term before it is bought');
  await dialog.getByRole('button', { name: 'Buy for $5,000' }).click();
  await view.getByText(/Bought 1 × g5\.xlarge in us-east-1, 12 months, all upfront: ri-bought/).waitFor();
  assert.equal(aws.proxy.requestsOf('PurchaseReservedInstancesOffering').length, 1);
});
