/** The commands for offers, images, regions and reserved terms as people run them, on the emulator. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, beforeEach, test as nodeTest, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Offer } from '../../../../src/common/cloud/offer.ts';
import { cliFile, type Finished, startCliWith } from '../../../fixtures/cliProcess.ts';
import { rulePrices, ruleReserved } from '../../../fixtures/cloud/awsPrices.ts';
import type { AwsProxy } from '../../../fixtures/cloud/awsProxy.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws } from '../../../fixtures/cloud/testAws.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const missing = existsSync(cliFile) ? await motoMissing() : 'dist/cli.mjs is not built: npm run build';
const aws = missing === false ? await startTestAws() : undefined;
after(async () => {
  assert.deepEqual(aws?.proxy.unknown ?? [], []);
  await aws?.stop();
});
beforeEach(async () => {
  await aws?.reset();
  if (aws !== undefined) {
    rulePrices(aws.proxy);
    ruleReserved(aws.proxy);
  }
});

function test(name: string, body: (run: Run, proxy: AwsProxy) => Promise<void>): void {
  nodeTest(name, { skip: missing }, async (t) => {
    assert.ok(aws !== undefined);
    await body(runIn(t, aws.env), aws.proxy);
  });
}

type Run = (...args: string[]) => Promise<Finished>;

function runIn(t: TestContext, env: NodeJS.ProcessEnv): Run {
  const folder = tempFolder(t);
  return (...args) => startCliWith(t, { folder, env }, args).finished;
}

test('offers are a table, the cheapest first, with card, prices, zone and quota', async (run) => {
  const { code, stdout, stderr } = await run('offers', 'aws', '--type', 'g5.*');
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^TYPE +REGION +GPU +GPU GiB +VCPUS +GiB +ON DEMAND +SPOT +ZONE +QUOTA$/);
  assert.match(lines[1] ?? '', /^g5\.xlarge +us-east-1 +A10G +22 +4 +16 +\$1\.006 +\$0\.3622 +b +ok, 4 of 64$/);
  assert.match(lines[3] ?? '', /^g5\.12xlarge .*4 × A10G .*\$5\.672/);
  assert.match(lines.at(-1) ?? '', /^g5\.48xlarge .*\? +- +- +too small: 192 of 64$/);
});

test('offers as JSON hold all that is known, of each region', async (run) => {
  const { code, stdout } = await run(
    'offers',
    'aws',
    '--type',
    'g5.xlarge',
    '--region',
    'us-east-1',
    '--region',
    'eu-west-1',
    '--json',
  );
  const { offers, faults } = JSON.parse(stdout) as { offers: Offer[]; faults: string[] };
  assert.deepEqual([code, faults, offers.map(({ region }) => region).sort()], [0, [], ['eu-west-1', 'us-east-1']]);
  assert.deepEqual(
    offers.map((one) => one.onDemandPerHourUsd),
    [1.006, 1.006],
  );
});

test('a region that may not be asked is told after the others', async (run, proxy) => {
  proxy.on({
    region: 'eu-west-1',
    action: 'DescribeInstanceTypes',
    answer: {
      error: 'UnauthorizedOperation',
      message: 'not authorized to perform: ec2:DescribeInstanceTypes',
      status: 403,
    },
  });
  const { code, stdout, stderr } = await run(
    'offers',
    'aws',
    '--type',
    'g5.xlarge',
    '--region',
    'us-east-1',
    '--region',
    'eu-west-1',
  );
  assert.equal(code, 0);
  assert.match(stdout, /g5\.xlarge +us-east-1/);
  assert.match(stderr, /^eu-west-1, machines: The account may not use ec2:DescribeInstanceTypes\./);
});

test('the account is chosen with --account', async (run, proxy) => {
  const { stdout } = await run('regions', 'aws', '--account', 'west');
  assert.match(stdout, /^Account 123456789012, as arn:/);
  assert.match(stdout, /^\* {2}us-west-2 +US West \(Oregon\)$/m);
  assert.ok(proxy.requests.every(({ accessKey }) => accessKey === 'AKIATESTWEST00000000'));
  assert.match((await run('profiles', 'aws')).stdout, /^west +us-west-2 +access key$/m);
});

test("the book's image is found by a part of its name", async (run) => {
  const { code, stdout } = await run('images', 'aws', 'rstudio', 'server');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^ami-0rstudio0000000005 +2019-02-11 +x86_64 +ubuntu +\S+ +RStudio Server with TensorFlow-GPU for AWS$/m,
  );
  assert.match((await run('images', 'aws', 'no image has this name')).stdout, /^No image of us-east-1 fits\.$/m);
});

test('terms stand beside the price on demand for the hours that are expected', async (run) => {
  const { code, stdout } = await run('reserved', 'aws', '--type', 'g5.xlarge', '--hours-per-month', '100');
  assert.equal(code, 0);
  assert.match(stdout, /^g5\.xlarge in us-east-1: \$1\.006 an hour on demand, for 100 hours a month/);
  assert.match(
    stdout,
    /^g5\.xlarge--standard-3 +3 y +all upfront +standard .*\$0\.5099 +\$372\.22 +costs \$271\.62 a month more$/m,
  );
  const always = await run('reserved', 'aws', '--type', 'g5.xlarge');
  assert.match(always.stdout, /^g5\.xlarge--standard-3 .*saves \$362\.16 a month$/m);
});

test('a term is bought only when its machine is typed, and --yes is no such word', async (run, proxy) => {
  const args = ['reserved', 'aws', '--type', 'g5.xlarge', '--buy', 'g5.xlarge--standard-3', '--count', '2'] as const;
  const untyped = await run(...args);
  assert.equal(untyped.code, 2);
  assert.match(untyped.stderr, /\$26800\.00 now .* cannot be given back.*--confirm g5\.xlarge/);
  assert.equal((await run(...args, '--yes')).code, 2);
  assert.match((await run(...args, '--confirm', 'g5.2xlarge')).stderr, /is not g5\.xlarge; nothing was bought/);
  assert.equal(proxy.requestsOf('PurchaseReservedInstancesOffering').length, 0);
  const bought = await run(...args, '--confirm', 'g5.xlarge');
  assert.deepEqual([bought.code, bought.stdout], [0, 'Bought 2 × g5.xlarge in us-east-1 for 36 months: reserved-1\n']);
  assert.match((await run('reserved', 'aws')).stdout, /^reserved-1 +2 × g5\.xlarge +active +2029-11-25$/m);
});

test('what is typed wrong is said at once', async (run, proxy) => {
  const wrong: [string, string[], RegExp][] = [
    ['offers', [], /provider: is missing\. Providers: aws/],
    ['offers', ['mars'], /mars: is no provider/],
    ['offers', ['aws', '--count', '-1'], /--count/],
    ['offers', ['aws', '--gpu-memory', 'lots'], /--gpu-memory: is lots/],
    ['images', ['aws', '--from', 'nowhere'], /--from: is nowhere/],
    ['reserved', ['aws', '--type', 'g5.xlarge', '--buy', 'nothing'], /nothing is no term/],
  ];
  for (const [command, args, said] of wrong) {
    const { code, stderr } = await run(command, ...args);
    assert.equal(code, 2, `${command} ${args.join(' ')}`);
    assert.match(stderr, said);
  }
  assert.equal(proxy.requestsOf('DescribeInstanceTypes').length, 0);
});

nodeTest('Ctrl+C ends what is asked for', { skip: missing }, async (t) => {
  assert.ok(aws !== undefined);
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  aws.proxy.on({
    action: 'GetProducts',
    answer: async () => {
      hear();
      await delay(500);
      return { body: { PriceList: [] } };
    },
  });
  const cli = startCliWith(t, { folder: tempFolder(t), env: aws.env }, ['offers', 'aws', '--type', 'g5.xlarge']);
  await heard;
  cli.child.kill('SIGINT');
  const { code, stdout, stderr } = await cli.finished;
  assert.deepEqual([code, stdout, stderr.trim()], [130, '', 'Cancelled.']);
});

nodeTest('without any account the command says how to get one', { skip: missing }, async (t) => {
  const folder = tempFolder(t);
  const env = { HOME: folder, AWS_CONFIG_FILE: `${folder}/none`, AWS_SHARED_CREDENTIALS_FILE: `${folder}/none` };
  const { code, stderr } = await startCliWith(t, { folder, env }, ['offers', 'aws']).finished;
  assert.equal(code, 2);
  assert.match(stderr, /nothing to sign in with.*aws configure/);
});

const PROVOKED = [
  { error: 'AuthFailure', status: 401 },
  { error: 'InvalidClientTokenId', status: 403 },
  { error: 'ExpiredToken', status: 403 },
  { error: 'SignatureDoesNotMatch', message: `The Canonical String… ${SECRET} … AKIATESTDEFAULT00000`, status: 403 },
  {
    error: 'UnauthorizedOperation',
    message: `no. Encoded authorization failure message: ${SECRET}${SECRET}`,
    status: 403,
  },
  { error: 'InvalidParameterValue', message: `value (${SECRET}) for parameter is invalid; AKIATESTDEFAULT00000` },
  { error: 'VcpuLimitExceeded', message: `secret_key: ${SECRET}` },
  { error: 'Unheard', message: `X-Amz-Security-Token=${SECRET}&X-Amz-Signature=abc` },
];

test('no output and no error holds the secret key or the access key, whatever AWS says', async (run, proxy) => {
  const commands = [
    ['regions', 'aws'],
    ['offers', 'aws', '--type', 'g5.xlarge', '--json'],
    ['images', 'aws', 'deep', '--json'],
    ['reserved', 'aws', '--type', 'g5.xlarge'],
  ];
  const said: string[] = [];
  for (const answer of PROVOKED) {
    proxy.on({ service: 'ec2', action: /./, answer });
    for (const { stdout, stderr } of await Promise.all(commands.map((args) => run(...args)))) {
      said.push(stdout, stderr);
    }
  }
  assert.deepEqual(
    said.filter((text) => text.includes(SECRET) || text.includes('AKIATEST') || text.includes('wJalrPLANTED')),
    [],
  );
  assert.deepEqual(
    [said.filter((text) => /\n +at .*:\d+/.test(text)), said.some((text) => text.includes('Unheard'))],
    [[], true],
  );
});
