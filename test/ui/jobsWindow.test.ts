/** Jobs in a real VS Code on moto: submitted by questions, listed with state and cost, followed into a run, stopped. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { providerModule } from '../../src/cloud/aws/aws.ts';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws, type TestAws } from '../fixtures/cloud/testAws.ts';
import { epochs, launch, runStart } from '../fixtures/runEvents.ts';
import { toLines } from '../fixtures/runFolders.ts';
import { tinyCsv, tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { type Theme, themes, useWorkbench } from './workbench.ts';

const skip = await motoMissing();
const ROLE = 'arn:aws:iam::123456789012:role/skillet-jobs';

let aws: TestAws;
let workspace: string;
before(async () => {
  if (skip === false) {
    aws = await startTestAws();
  }
  workspace = mkdtempSync(path.join(tmpdir(), 'skillet-jobs-'));
  writeFileSync(path.join(workspace, 'tiny.recipe.yaml'), tinyRecipe);
  writeFileSync(path.join(workspace, 'tiny.csv'), tinyCsv);
});
after(async () => {
  rmSync(workspace, { recursive: true, force: true });
  await aws?.stop();
});

const product = (name: string, gpu: string, usd: string) =>
  JSON.stringify({
    product: {
      attributes: { instanceName: name, component: 'Training', vCpu: '4', memory: '16 GiB', gpu, physicalGpu: 'A10G' },
    },
    terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } } },
  });

const s3 = () => new S3Client({ region: 'us-east-1', forcePathStyle: true });

/** Jobs as SageMaker would tell them: what moto says, with the state that a test gives them by their names. */
function stateJobs(states: Readonly<Record<string, object>>): void {
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: {
      changeAnswer(body) {
        const found = JSON.parse(body);
        const state = Object.entries(states).find(([name]) => found.TrainingJobName?.startsWith(`skillet-${name}-`));
        return state === undefined ? body : JSON.stringify({ ...found, TrainingEndTime: undefined, ...state[1] });
      },
    },
  });
}

async function seed(names: readonly string[], region = 'us-east-1'): Promise<void> {
  const provider = providerModule.open({ profile: null, version: '1.2.3' });
  const bundle = mkdtempSync(path.join(aws.folder, 'bundle-'));
  writeFileSync(path.join(bundle, 'entry.sh'), 'exit 0\n');
  for (const [at, name] of names.entries()) {
    const instanceType = at % 2 === 0 ? 'ml.g5.xlarge' : 'ml.g4dn.xlarge';
    const program = { type: 'recipe', file: 'x.recipe.yaml' } as const;
    const spot = at % 2 === 0 ? { maximumWaitSeconds: 7200 } : null;
    const terms = { region, instanceType, count: 1, role: ROLE, spot, maximumSeconds: 3600, environment: {} };
    await provider.submit({ ...terms, token: `seed ${name}`, name, bundle, program }, new AbortController().signal);
  }
}

const ago = (minutes: number) => Math.round(Date.now() / 1000 - minutes * 60);
const STATES = {
  'boston-housing': {
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: 'Training',
    CreationTime: ago(14),
    TrainingStartTime: ago(12),
  },
  digits: { TrainingJobStatus: 'InProgress', SecondaryStatus: 'Interrupted', CreationTime: ago(50) },
  shampoo: { BillableTimeInSeconds: 1840, CreationTime: ago(300), TrainingEndTime: ago(260) },
  sunspots: {
    ...{ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed', CreationTime: ago(3000), BillableTimeInSeconds: 240 },
    FailureReason: 'AlgorithmError: In epoch 3, the loss became NaN.',
  },
};

const PRICES = {
  body: { PriceList: [product('ml.g5.xlarge', '1', '1.408'), product('ml.g4dn.xlarge', '1', '0.736')] },
};

for (const theme of Object.keys(themes) as Theme[]) {
  test(`jobs stand in their view with state, machine, age and cost (${theme})`, { skip }, async (t) => {
    await aws.reset();
    aws.proxy.on({ action: 'GetProducts', answer: PRICES });
    await seed(Object.keys(STATES));
    stateJobs(STATES);
    const { page, screenshot, runCommand } = await useWorkbench(t, { workspace, theme, env: { ...aws.env } });
    await page.locator('.activitybar a[aria-label^="Skillet"]').click();
    await runCommand('Skillet: Focus on Jobs View');
    await page.getByRole('treeitem', { name: /^boston-housing, job, running, .*≤ \$\d\.\d\d/ }).waitFor();
    await page.getByRole('treeitem', { name: /^shampoo, job, completed, .*\$0\.72 .*billed 30 m 40 s/ }).waitFor();
    await screenshot(`jobs view ${theme}`);
    await page.getByRole('treeitem', { name: /^sunspots, job, failed/ }).hover();
    await page.getByText('In epoch 3, the loss became NaN').first().waitFor();
    await screenshot(`jobs hover ${theme}`);
  });
}

test('without an account the view says what jobs are, and no provider is asked', { skip }, async (t) => {
  await aws.reset();
  const nowhere = path.join(aws.folder, 'nowhere');
  const env = { ...aws.env, AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere };
  const { page, screenshot, runCommand } = await useWorkbench(t, { workspace, env });
  await page.locator('.activitybar a[aria-label^="Skillet"]').click();
  await runCommand('Skillet: Focus on Jobs View');
  await page.getByText('Jobs train a recipe or run a script on Amazon SageMaker').waitFor();
  await screenshot('jobs welcome');
  assert.deepEqual(aws.proxy.requests, []);
});

test('a recipe is submitted by questions, followed live in its panel, and stopped', { skip }, async (t) => {
  await aws.reset();
  aws.proxy.on({ action: 'GetProducts', answer: PRICES });
  let isStopped = false;
  const run = { place: '', events: [launch, runStart(), ...epochs(1, 12)] };
  const put = () => {
    const [Bucket, ...key] = run.place.split('/');
    return s3().send(
      new PutObjectCommand({ Bucket, Key: `${key.join('/')}/run/events.jsonl`, Body: toLines(run.events) }),
    );
  };
  aws.proxy.on({
    action: 'CreateTrainingJob',
    async answer(request) {
      run.place = JSON.parse(request.body).CheckpointConfig.S3Uri.replace('s3://', '');
      await put();
      return {};
    },
  });
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: () => ({
      changeAnswer: (body) =>
        body.includes('TrainingJobArn')
          ? JSON.stringify({
              ...JSON.parse(body),
              TrainingEndTime: undefined,
              TrainingJobStatus: isStopped ? 'Stopped' : 'InProgress',
              SecondaryStatus: isStopped ? 'Stopped' : 'Training',
            })
          : body,
    }),
  });
  aws.proxy.on({
    action: 'StopTrainingJob',
    answer() {
      isStopped = true;
      return { body: {} };
    },
  });
  const { page, screenshot, runCommand, webview } = await useWorkbench(t, { workspace, env: { ...aws.env } });
  page.setDefaultTimeout(60_000);
  await page.locator('.activitybar a[aria-label^="Skillet"]').click();
  await runCommand('Skillet: Submit as Job…');
  const question = (words: string | RegExp) => page.locator('.quick-input-widget', { hasText: words }).waitFor();
  const choose = async (label: string) => {
    // By keys: the hover of a row lies over the next one.
    await page.locator('.quick-input-widget input').fill(label);
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).waitFor();
    await page.keyboard.press('Enter');
  };
  await question(/Submit as Job\s*\(1\/6\)/);
  await choose('tiny.recipe.yaml');
  await question('(2/6)');
  await choose('us-east-1');
  await question('(3/6)');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: '$1.41/h' }).waitFor();
  await screenshot('jobs question of the machine');
  await choose('ml.g5.xlarge');
  await question('(4/6)');
  await page.getByRole('button', { name: 'Back' }).click();
  await question('(3/6)');
  await choose('ml.g5.xlarge');
  await question('(4/6)');
  await choose('Spot');
  await question('(5/6)');
  await page.keyboard.type('not a role');
  await page.keyboard.press('Enter');
  await question('Give the ARN of a role');
  await page.locator('.quick-input-widget input').fill(ROLE);
  await page.keyboard.press('Enter');
  await question('(6/6)');
  await page.locator('.quick-input-widget input').fill('2');
  await page.keyboard.press('Enter');
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.getByText(/\$1\.41\/h for 2 hours at most, so no more than \$2\.82/).waitFor();
  await screenshot('jobs agreement');
  assert.deepEqual(aws.proxy.requestsOf('CreateTrainingJob'), []);
  await dialog.getByRole('button', { name: 'Submit', exact: true }).click();
  await webview()
    .getByText(/epoch 12/i)
    .first()
    .waitFor();
  await screenshot('jobs followed');
  run.events.push(...epochs(13, 30));
  await put();
  await webview()
    .getByText(/epoch 30/i)
    .first()
    .waitFor();
  await runCommand('Skillet: Focus on Jobs View');
  const row = page.getByRole('treeitem', { name: /^tiny, job, running/ });
  await row.hover();
  await row.getByRole('button', { name: 'Stop Job' }).click();
  await dialog.getByText(/Stop the job tiny/).waitFor();
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('treeitem', { name: /^tiny, job, stopped/ }).waitFor();
  await webview().getByText('The job was stopped.').first().waitFor();
  await screenshot('jobs stopped');
  assert.equal(aws.proxy.requestsOf('StopTrainingJob').length, 1);
  assert.deepEqual(aws.proxy.unknown, []);
});
