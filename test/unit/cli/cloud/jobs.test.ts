/** The commands for jobs as people run them, on moto. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test as nodeTest, type TestContext } from 'node:test';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { cliFile, type Finished, startCliWith } from '../../../fixtures/cliProcess.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';
import { tinyCsv, tinyRecipe } from '../../../fixtures/tinyRecipe.ts';

const skip = existsSync(cliFile) ? await motoMissing() : 'dist/cli.mjs is not built: npm run build';
const ROLE = 'arn:aws:iam::123456789012:role/skillet-jobs';
const PRICE = {
  PriceList: [
    JSON.stringify({
      product: { attributes: { instanceName: 'ml.m5.large', component: 'Training', vCpu: '2', memory: '8 GiB' } },
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: '0.115' } } } } } },
    }),
  ],
};

let aws: TestAws;
const said: string[] = [];

before(async () => {
  if (skip === false) {
    aws = await startTestAws();
  }
});
beforeEach(async () => {
  await aws?.reset();
  aws?.proxy.on({ action: 'GetProducts', answer: { body: PRICE } });
});
after(async () => {
  if (aws !== undefined) {
    assert.deepEqual(aws.proxy.unknown, []);
    assert.ok(!said.join('\n').includes(SECRET) && !said.join('\n').includes('AKIATEST'));
    await aws.stop();
  }
});

interface Cli {
  readonly folder: string;
  run(...args: string[]): Promise<Finished>;
}

function test(name: string, body: (cli: Cli) => Promise<void>): void {
  nodeTest(name, { skip, timeout: 120_000 }, async (t: TestContext) => {
    const folder = tempFolder(t);
    writeFileSync(path.join(folder, 'tiny.recipe.yaml'), tinyRecipe);
    writeFileSync(path.join(folder, 'tiny.csv'), tinyCsv);
    await body({
      folder,
      async run(...args) {
        const finished = await startCliWith(t, { folder, env: aws.env }, args).finished;
        said.push(finished.stdout, finished.stderr);
        return finished;
      },
    });
  });
}

const TERMS = ['--role', ROLE, '--type', 'ml.m5.large'];
const submitTiny = ['submit', 'aws', 'tiny.recipe.yaml', ...TERMS];

test('a submission costs money, so it asks; without a terminal and without --yes it does nothing', async ({ run }) => {
  const { code, stderr } = await run(...submitTiny, '--max-hours', '2');
  assert.equal(code, 2);
  assert.match(
    stderr,
    /costs money.*ml\.m5\.large: \$0\.115\/h for 2 hours at most, so no more than \$0\.23\. .*--yes/s,
  );
  assert.deepEqual(aws.proxy.requestsOf('CreateTrainingJob'), []);
});

test('a submitted recipe tells its job, how to look at it, and is listed with its cost', async ({ run }) => {
  const { code, stdout, stderr } = await run(...submitTiny, '--yes', '--param', 'units=8', '--spot');
  assert.equal(code, 0, stderr);
  const [, id = ''] = /^Job (skillet-tiny-[0-9a-f]{12}) in us-east-1$/m.exec(stdout) ?? [];
  assert.match(stdout, new RegExp(`stop     skillet job stop ${id} --region us-east-1`));
  assert.match(stderr, /no more than \$0\.12\..*Made the bucket.*Uploaded \d+ files, .*Submitted/s);
  const again = await run(...submitTiny, '--yes', '--param', 'units=8', '--spot', '--json');
  assert.equal(JSON.parse(again.stdout).id, id);
  assert.match(again.stderr, /was submitted before/);
  const other = await run(...submitTiny, '--yes', '--param', 'units=8', '--spot', '--json', '--again');
  assert.notEqual(JSON.parse(other.stdout).id, id);
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: { changeAnswer: (body) => JSON.stringify({ ...JSON.parse(body), BillableTimeInSeconds: 3600 }) },
  });
  const list = await run('jobs', 'aws');
  assert.equal(list.code, 0, list.stderr);
  assert.match(list.stdout, /^JOB +STATE +MACHINE +BOUGHT +AGE +BILLED +COST$/m);
  assert.match(
    list.stdout,
    new RegExp(`^${id}  completed  ml\\.m5\\.large  spot +\\d+ s ago  1 h 00 m +\\$0\\.12$`, 'm'),
  );
  const shown = await run('job', 'show', 'aws', id);
  assert.match(shown.stdout, /billed {3}1 h 00 m, \$0\.12 \(machines alone\)\n.*arn:aws:sagemaker:us-east-1/s);
  const stopped = await run('job', 'stop', id);
  assert.equal(stopped.code, 2);
  assert.match(stopped.stderr, /cannot be stopped: it is completed already/);
});

test('a followed job brings its run beside its recipe and prints it as though it trained here', async ({
  run,
  folder,
}) => {
  const events = [
    { type: 'launch', at: '2026-11-25T12:00:00.000Z', version: 1, skillet: '1', recipeFile: 'x', pid: 1, host: 'far' },
    { type: 'runEnd', at: '2026-11-25T12:00:01.000Z', status: 'completed', message: 'Finished after 3 epochs.' },
  ];
  aws.proxy.on({
    action: 'CreateTrainingJob',
    async answer(request) {
      const place = JSON.parse(request.body).CheckpointConfig.S3Uri.replace(/^s3:\/\//, '');
      const [Bucket, ...key] = place.split('/');
      const Body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      const s3 = new S3Client({ region: 'us-east-1', forcePathStyle: true });
      await s3.send(new PutObjectCommand({ Bucket, Key: `${key.join('/')}/run/events.jsonl`, Body }));
      return {};
    },
  });
  const { code, stdout, stderr } = await run(...submitTiny, '--yes', '--follow');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Finished after 3 epochs\./);
  const [name = ''] = readdirSync(path.join(folder, '.skillet/runs'));
  assert.match(name, /^\d{8}-\d{6}-tiny-job$/);
  assert.ok(readFileSync(path.join(folder, '.skillet/runs', name, 'events.jsonl'), 'utf8').includes('Finished'));
  const runs = await run('runs');
  assert.match(runs.stdout, /completed/);
});

test('a job that failed says why and gives the code of a failure', async ({ run }) => {
  aws.proxy.on({
    action: 'DescribeTrainingJob',
    answer: {
      changeAnswer: (body) =>
        body.includes('TrainingJobArn')
          ? JSON.stringify({
              ...JSON.parse(body),
              TrainingJobStatus: 'Failed',
              SecondaryStatus: 'Failed',
              FailureReason: 'AlgorithmError: the loss became NaN',
            })
          : body,
    },
  });
  const { code, stderr, stdout } = await run(...submitTiny, '--yes', '--follow');
  assert.equal(code, 1, stderr);
  assert.match(stderr, /Job failed: AlgorithmError: the loss became NaN/);
  assert.match(stdout, /The job ended before its run did/);
});

test('scripts bring their folder but no secrets; R needs an image', async ({ run, folder }) => {
  writeFileSync(path.join(folder, 'train.py'), 'print(1)\n');
  writeFileSync(path.join(folder, '.env'), 'PASSWORD=x\n');
  const { code, stderr } = await run('submit', 'aws', 'train.py', ...TERMS, '--yes', '--arg', 'deep');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Left out, as they look like secrets: \.env\./);
  const puts = aws.proxy.requests.filter((one) => one.action.startsWith('PUT') && one.action.includes('/bundle/'));
  assert.deepEqual(puts.map((one) => one.action.replace(/.*\/bundle\//, '')).sort(), [
    'entry.sh',
    'files/tiny.csv',
    'files/tiny.recipe.yaml',
    'files/train.py',
  ]);
  writeFileSync(path.join(folder, 'fit.R'), 'print(1)\n');
  const r = await run('submit', 'aws', 'fit.R', ...TERMS, '--yes');
  assert.equal(r.code, 2);
  assert.match(r.stderr, /have no R in them\..*image of your own/s);
});

test('wrong words are refused with what to write', async ({ run, folder }) => {
  writeFileSync(path.join(folder, 'notes.txt'), '');
  const wrong: [string[], RegExp][] = [
    [['submit', 'aws'], /recipe or script: one is needed/],
    [['submit', 'aws', 'tiny.recipe.yaml'], /--role: is missing/],
    [['submit', 'aws', 'tiny.recipe.yaml', '--role', ROLE], /--type: is missing/],
    [['submit', 'aws', 'notes.txt', ...TERMS], /neither a recipe nor a script/],
    [['submit', 'aws', 'none.py', ...TERMS], /none\.py: is not there/],
    [['submit', 'mars', 'tiny.recipe.yaml', ...TERMS], /mars: is no provider/],
    [[...submitTiny, '--max-hours', 'many'], /"many" is no number above zero/],
    [[...submitTiny, '--yes', '--storage', 'gs://x'], /"gs:\/\/x" is no place in S3/],
    [['job', 'dance', 'x'], /"dance" is nothing that a job can do/],
    [['job', 'log'], /needs the name of one job/],
    [['job', 'show', 'skillet-none-000000000000'], /is no training job of this account in us-east-1/],
  ];
  for (const [args, words] of wrong) {
    const { code, stderr } = await run(...args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, words);
  }
});

test('without jobs it is said how to submit one', async ({ run }) => {
  const { code, stdout } = await run('jobs', 'aws', '--region', 'eu-west-1');
  assert.deepEqual(
    [code, stdout],
    [0, "No jobs of Skillet's in eu-west-1. Submit one: skillet submit aws <recipe.yaml>\n"],
  );
});
