/** The Instances view in a real VS Code, on moto: rows, actions with their question, a region that fails, filter, page. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { Page } from 'playwright-core';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws, type TestAws } from '../fixtures/cloud/testAws.ts';
import { useWorkbench, type Workbench } from './workbench.ts';

const skip = await motoMissing();
const IMAGE = 'ami-0dl0tf218000000001';
const SETTINGS = { 'skillet.aws.regions': ['us-east-1', 'us-west-2', 'eu-west-1'] };

let aws: TestAws;
before(async () => {
  if (skip === false) {
    aws = await startTestAws();
  }
});
beforeEach(async () => {
  if (skip === false) {
    await aws.reset();
    givePrices(); // moto has none, and answers with a page.
  }
});
after(async () => {
  if (skip === false) {
    assert.deepEqual(aws.proxy.unknown, []);
    await aws.stop();
  }
});

async function launch(name: string, { region = 'us-east-1', type = 'g5.xlarge', ours = false } = {}): Promise<string> {
  const ec2 = new EC2Client({ region });
  const tags = [{ Key: 'Name', Value: name }, ...(ours ? [{ Key: 'skillet:made-by', Value: '0.1.0' }] : [])];
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: type as 'g5.xlarge',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: tags }],
    }),
  );
  ec2.destroy();
  return Instances[0]?.InstanceId ?? '';
}

/** Prices of computing alone; disks and addresses stay unknown. */
function givePrices(): void {
  aws.proxy.on({
    service: 'pricing',
    action: 'GetProducts',
    answer: ({ body }) => ({
      body: {
        PriceList: body.includes('instanceType')
          ? [
              JSON.stringify({
                product: {
                  productFamily: 'Compute Instance',
                  attributes: { instanceType: 'g5.xlarge', usagetype: 'BoxUsage:g5.xlarge' },
                },
                terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '1.006' } } } } } },
              }),
            ]
          : [],
      },
    }),
  });
}

async function openView(t: TestContext, settings: Record<string, unknown> = SETTINGS): Promise<Workbench> {
  const workbench = await useWorkbench(t, { env: aws.env, settings, viewport: { width: 1600, height: 950 } });
  await workbench.runCommand('Skillet: Focus on Instances View');
  // The view has the side bar's height for itself.
  for (const other of ['Recipes', 'Runs', 'Studies']) {
    const header = workbench.page.locator('.pane-header.expanded', { hasText: other });
    if ((await header.count()) > 0) {
      await header.first().click();
    }
  }
  const sash = workbench.page.locator('.monaco-sash.vertical').nth(1);
  const box = await sash.boundingBox();
  if (box !== null) {
    await workbench.page.mouse.move(box.x + 2, 400);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(900, 400, { steps: 5 });
    await workbench.page.mouse.up();
  }
  return workbench;
}

const row = (page: Page, text: string | RegExp) =>
  page.locator('.pane-body .monaco-list-row', { hasText: text }).first();

async function answer(page: Page, button: string): Promise<string> {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  const text = (await dialog.textContent()) ?? '';
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  return text;
}

test('rows say what machines are and cost; stop asks first and is shown at once', { skip }, async (t) => {
  const id = await launch('boston-p2', { ours: true });
  await launch('shampoo', { region: 'us-west-2' });
  const workbench = await openView(t);
  const { page } = workbench;
  await row(page, /boston-p2.*g5\.xlarge · on demand ≥ \$1\.01\/h/).waitFor();
  await row(page, /shampoo/).waitFor();
  await row(page, /AWS.*default · 123456789012/).waitFor();
  await row(page, /1 more region without machines/).waitFor();
  await page.locator('.statusbar-item', { hasText: '≥ $1.01/h' }).waitFor();
  await workbench.screenshot('instances rows');
  const machine = row(page, 'boston-p2');
  await machine.hover();
  await machine.getByRole('button', { name: 'Stop Instance…' }).click();
  const question = await answer(page, 'Stop');
  assert.match(question, /Stop boston-p2\?/);
  assert.match(question, new RegExp(`${id}.*g5\\.xlarge.*\\$1\\.01/h`, 's'));
  await row(page, /boston-p2.*stopped/).waitFor();
  await machine.hover();
  await machine.getByRole('button', { name: 'Start Instance' }).click();
  await answer(page, 'Start');
  await row(page, /boston-p2.*on demand/).waitFor();
  await machine.hover();
  await machine.getByRole('button', { name: 'Terminate Instance…' }).click();
  assert.match(await answer(page, 'Terminate'), /Gone for good: vol-/);
  await row(page, 'boston-p2').waitFor({ state: 'detached' });
  await row(page, 'shampoo').waitFor();
});

test('a question that is answered with Cancel leaves the machine alone', { skip }, async (t) => {
  await launch('kept');
  const { page } = await openView(t);
  const machine = row(page, 'kept');
  await machine.hover();
  await machine.getByRole('button', { name: 'Terminate Instance…' }).click();
  await answer(page, 'Cancel');
  assert.deepEqual(aws.proxy.requestsOf('TerminateInstances'), []);
});

test('a region that fails says so beside the others', { skip }, async (t) => {
  await launch('boston-p2');
  aws.proxy.on({
    action: 'DescribeInstances',
    region: 'eu-west-1',
    answer: {
      error: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
  const workbench = await openView(t);
  await row(workbench.page, 'boston-p2').waitFor();
  await row(workbench.page, /eu-west-1.*may not/).waitFor();
  await workbench.screenshot('instances region fault');
});

test('the filter leaves what fits, says so, and can be taken away', { skip }, async (t) => {
  await launch('boston-p2', { ours: true });
  await launch('shampoo', { type: 't3.micro', region: 'us-west-2' });
  const { page, runCommand, screenshot } = await openView(t);
  await row(page, 'shampoo').waitFor();
  await runCommand('Skillet: Filter Instances');
  const input = page.locator('.quick-input-widget input');
  await input.fill('gpu:a10g colour:red');
  await page.getByText('is no field of machines').waitFor();
  await input.fill('gpu:a10g ours:yes');
  await page.keyboard.press('Enter');
  await page.getByText('gpu:a10g ours:yes: 1 of 2 machines').waitFor();
  await row(page, 'shampoo').waitFor({ state: 'detached' });
  await row(page, 'boston-p2').waitFor();
  await screenshot('instances filter');
  await runCommand('Skillet: Clear Filter of Instances');
  await row(page, 'shampoo').waitFor();
});

test('a machine’s page follows it and is back after a reload; its log is a document', { skip }, async (t) => {
  const id = await launch('boston-p2');
  const workbench = await openView(t);
  const { page, webview, reload } = workbench;
  await row(page, 'boston-p2').click();
  await webview().getByRole('heading', { name: 'boston-p2' }).waitFor();
  await workbench.screenshot('instance page in a window');
  await webview().getByRole('button', { name: 'Stop…' }).click();
  await answer(page, 'Stop');
  await webview().locator('.state', { hasText: 'stopped' }).waitFor();
  await webview().getByRole('button', { name: 'System Log' }).click();
  await page.getByRole('tab', { name: `${id}.log` }).waitFor();
  // The editor writes its spaces as ones that do not break.
  await page
    .locator('.monaco-editor', { hasText: /Linux\sversion/ })
    .first()
    .waitFor();
  const tab = page.getByRole('tab', { name: /^boston-p2/ });
  await tab.click();
  await webview().locator('.state', { hasText: 'stopped' }).waitFor();
  await reload();
  await tab.waitFor();
  await webview().locator('.state', { hasText: 'stopped' }).waitFor();
  await workbench.screenshot('instance page after a reload');
});

test('refused credentials are one row that says what to do; signed in again, machines are there', {
  skip,
}, async (t) => {
  await launch('boston-p2');
  aws.proxy.on({ action: /.*/, answer: { error: 'AuthFailure', message: 'credentials', status: 401 } });
  const workbench = await openView(t);
  const { page } = workbench;
  await row(page, 'Sign In Again').waitFor();
  await workbench.screenshot('instances signed out');
  aws.proxy.reset();
  givePrices();
  await row(page, 'Sign In Again').click();
  await page.getByRole('button', { name: 'I Have Signed In' }).click();
  await row(page, 'boston-p2').waitFor();
});
