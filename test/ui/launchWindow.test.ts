/** Launch GPU Instance in a real VS Code on moto: from three answers to a machine, a failure half-way, a cancel. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { rulePrices } from '../fixtures/cloud/awsPrices.ts';
import type { AwsRequest } from '../fixtures/cloud/awsProxy.ts';
import { whatIsThere } from '../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../fixtures/cloud/testAws.ts';
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

async function openForm(t: TestContext): Promise<{ readonly workbench: Workbench; readonly form: FrameLocator }> {
  const workbench = await useWorkbench(t, {
    env: { ...aws.env, SKILLET_MY_ADDRESS: '203.0.113.7/32' },
    viewport: { width: 1600, height: 1000 },
  });
  await workbench.runCommand('Skillet: Launch GPU Instance…');
  return { workbench, form: workbench.webview() };
}

async function answerThree(form: FrameLocator, key: string): Promise<void> {
  await form.getByRole('radio', { name: 'g4dn.xlarge in us-east-1' }).check();
  await form
    .locator('.images')
    .getByRole('radio', { name: /TensorFlow/ })
    .first()
    .check();
  await form.getByRole('radio', { name: /^New key pair/ }).check();
  await form.getByLabel('Save the private key to', { exact: true }).fill(path.join(aws.folder, key));
}

async function launch(form: FrameLocator): Promise<void> {
  await form.getByRole('button', { name: 'Review' }).click();
  await form.getByText('AWS would allow it.').waitFor();
  await form.getByRole('button', { name: /^Launch for \$0\.\d\d\/h$/ }).click();
}

/** Requests that would make a machine. */
const isMaking = ({ action, params }: AwsRequest) => action === 'RunInstances' && params.DryRun !== 'true';
const made = () => aws.proxy.requests.filter(isMaking);
const heading = (form: FrameLocator, text: string) => form.getByRole('heading', { name: new RegExp(`^\\W*${text}:`) });

test('three answers lead to a running machine, with its key on this computer alone', { skip }, async (t) => {
  const { workbench, form } = await openForm(t);
  await answerThree(form, 'three.pem');
  await form.locator('.offers tr.chosen').getByText('$0.53').waitFor();
  await workbench.screenshot('launch form in a window');
  await launch(form);
  await heading(form, 'Launched').waitFor();
  assert.equal(made().length, 1);
  assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'group skillet', 'key skillet', 'machine']);
  const file = path.join(aws.folder, 'three.pem');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const words = (await form.locator('main').textContent()) ?? '';
  assert.equal(words.includes(SECRET) || words.includes(readFileSync(file, 'utf8').slice(40, 80)), false);
  await workbench.screenshot('launched in a window');
});

test('a launch that fails half-way tells what was removed, and one that is cancelled leaves nothing', {
  skip,
}, async (t) => {
  const { workbench, form } = await openForm(t);
  await answerThree(form, 'half.pem');
  aws.proxy.on({
    action: 'RunInstances',
    when: isMaking,
    times: 1,
    answer: { error: 'VcpuLimitExceeded', message: 'You have requested more vCPU capacity than your current limit.' },
  });
  await launch(form);
  await heading(form, 'Not launched').waitFor();
  await form.getByText(/Removed again: security group/).waitFor();
  await form.getByText(/Removed again: key pair/).waitFor();
  assert.deepEqual(await whatIsThere(), []);
  await workbench.screenshot('a launch that failed');

  let seen: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    seen = resolve;
  });
  aws.proxy.on({
    action: 'CreateSecurityGroup',
    times: 1,
    async answer() {
      seen();
      return { delayMs: 1500 };
    },
  });
  await form.getByRole('button', { name: 'Try Again' }).click();
  await asked;
  await form.getByRole('button', { name: 'Cancel' }).click();
  await heading(form, 'Cancelled').waitFor();
  assert.deepEqual(await whatIsThere(), []);
  const before = made().length;

  await form.getByRole('button', { name: 'Try Again' }).click();
  await heading(form, 'Launched').waitFor();
  assert.equal(made().length, before + 1);
  const [first, last] = [made().at(0), made().at(-1)].map((request) => request?.params.ClientToken);
  assert.notEqual(first, last);
});

test('a launch whose answer is lost is not repeated as a second machine', { skip }, async (t) => {
  const { form } = await openForm(t);
  await answerThree(form, 'lost.pem');
  aws.proxy.on({ action: 'RunInstances', when: isMaking, answer: { cut: 'after' } });
  await launch(form);
  await heading(form, '(Launched|Not known how it ended|Not launched)').waitFor();
  const tokens = new Set(made().map(({ params }) => params.ClientToken));
  assert.equal(tokens.size, 1);
});
