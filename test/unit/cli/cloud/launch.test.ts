/** `skillet launch` as a process, against moto: review, dry run, launch, refusals, cancel, and a launch whose end is not known. */
import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, beforeEach, test as nodeTest, type TestContext } from 'node:test';
import { cliFile, type Finished, startCliWith } from '../../../fixtures/cliProcess.ts';
import { rulePrices } from '../../../fixtures/cloud/awsPrices.ts';
import { whatIsThere } from '../../../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const skip = existsSync(cliFile) ? await motoMissing() : 'dist/cli.mjs is not built: npm run build';
const aws = skip === false ? await startTestAws() : null;
after(() => aws?.stop());
beforeEach(async () => {
  await aws?.reset();
  if (aws !== null) {
    rulePrices(aws.proxy, { onDemand: { 'g4dn.xlarge': 0.526 } });
  }
});

const PROFILE = `region: us-east-1
instanceType: g4dn.xlarge
name: p2
image:
  name: { name: "Deep Learning OSS*TensorFlow*", owner: amazon }
volumes:
  - { device: root, sizeGb: 100 }
network: { publicAddress: false }
securityGroup:
  create:
    name: p2
    rules: [{ port: 22, from: 203.0.113.7/32 }]
keyPair:
  create: { name: p2-key, saveTo: p2.pem }
`;

interface Place {
  readonly aws: TestAws;
  readonly folder: string;
  start(...args: string[]): ReturnType<typeof startCliWith>;
  run(...args: string[]): Promise<Finished>;
}

function test(name: string, body: (t: TestContext, place: Place) => Promise<void>): void {
  nodeTest(name, { skip }, async (t) => {
    if (aws === null) {
      return;
    }
    const folder = tempFolder(t);
    writeFileSync(path.join(folder, 'p2.launch.yaml'), PROFILE);
    const start = (...args: string[]) => startCliWith(t, { folder, env: { ...aws.env } }, ['launch', ...args]);
    await body(t, { aws, folder, start, run: (...args) => start(...args).finished });
  });
}

const FILE = ['aws', '--profile', 'p2.launch.yaml'] as const;

test('--dry-run shows what it costs, asks AWS, and makes nothing', async (_t, { run }) => {
  const { code, stdout, stderr } = await run(...FILE, '--dry-run');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /1 × g4dn\.xlarge, on demand +\$0\.5260 +\$383\.98/);
  assert.match(stdout, /root disk, 100 GiB gp3 +\$0\.0110 +\$8\.000/);
  assert.match(stdout, /together +\$0\.5370/);
  assert.match(stdout, /At most \$0\.5370 an hour/);
  assert.match(stdout, /While it is stopped: \$8\.000 a month/);
  assert.match(stdout, /AWS was asked without doing it: it would do all of it\./);
  assert.match(stdout, /Nothing was launched\.\n$/);
  assert.deepEqual(await whatIsThere(), []);
});

test('a dry run that AWS would refuse says what, and exits with 1', async (_t, { aws: { proxy }, run }) => {
  proxy.on({ action: 'CreateSecurityGroup', answer: { error: 'UnauthorizedOperation', status: 403 } });
  const { code, stdout } = await run(...FILE, '--dry-run');
  assert.equal(code, 1);
  assert.match(stdout, /NO {3}Making security group p2: .*ec2:CreateSecurityGroup/);
});

test('without a terminal nothing is launched unless --yes is given', async (_t, { run }) => {
  const { code, stderr } = await run(...FILE);
  assert.equal(code, 2);
  assert.match(stderr, /launches for \$0\.5370 an hour only when a person agrees/);
  assert.deepEqual(await whatIsThere(), []);
});

test('--yes launches, tells each step and what to do next, and nothing secret', async (_t, { folder, run }) => {
  const { code, stdout, stderr } = await run(...FILE, '--yes');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /Making security group p2 in us-east-1…\nMade security group sg-/);
  assert.match(stdout, /It runs in us-east-1, on demand: i-[0-9a-f]+\n/);
  assert.match(stdout, /To get in: skillet connect aws i-[0-9a-f]+ --region us-east-1/);
  assert.equal(statSync(path.join(folder, 'p2.pem')).mode & 0o777, 0o600);
  assert.doesNotMatch(stdout + stderr, new RegExp(`PRIVATE KEY|${SECRET}`));
  assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'group p2', 'key p2-key', 'machine']);
});

test('--json gives an object a line, with the token and the machines; --name and --count are taken', async (_t, {
  aws: { proxy },
  run,
}) => {
  const { code, stdout } = await run(...FILE, '--yes', '--json', '--count', '2', '--name', 'other');
  assert.equal(code, 0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = lines.at(-1);
  assert.equal(last.type, 'launched');
  assert.equal(last.instances.length, 2);
  assert.match(last.token, /^[0-9a-f-]{36}$/);
  assert.equal(proxy.requestsOf('RunInstances')[0]?.params.MinCount, '2');
  assert.ok(Object.values(proxy.requestsOf('RunInstances')[0]?.params ?? {}).includes('other'));
});

test('a profile that is wrong is refused with file and line', async (_t, { aws: { proxy }, folder, run }) => {
  writeFileSync(path.join(folder, 'p2.launch.yaml'), PROFILE.replace('sizeGb: 100', 'sizeGb: 100, iops: 10'));
  const { code, stderr } = await run(...FILE, '--yes');
  assert.equal(code, 2);
  assert.match(stderr, /^p2\.launch\.yaml:7:\d+ volumes\[0\]\.iops: .*\(cloud-profile\)\n$/);
  assert.equal(proxy.requests.length, 0);
});

test('what is missing or wrong on the command line is told', async (_t, { run }) => {
  assert.match((await run('aws')).stderr, /--profile: is missing/);
  assert.match((await run('aws', '--profile', 'none.launch.yaml')).stderr, /cannot be read \(ENOENT\)/);
  assert.match((await run(...FILE, '--count', '1.5')).stderr, /"1\.5" is no number of machines/);
  assert.match((await run('ibm', '--profile', 'p2.launch.yaml')).stderr, /is no provider/);
});

test('a failure half-way says that nothing is left', async (_t, { aws: { proxy }, folder, run }) => {
  proxy.on({
    action: 'RunInstances',
    answer: {
      error: 'VcpuLimitExceeded',
      message: 'You have requested more vCPU capacity than your current limit of 0.',
    },
  });
  const { code, stdout, stderr } = await run(...FILE, '--yes');
  assert.equal(code, 1);
  assert.match(stderr, /\(cloud-quota\)\nNothing of it is left\.\n$/);
  assert.match(stdout, /Removed key pair p2-key\n/);
  assert.deepEqual([await whatIsThere(), existsSync(path.join(folder, 'p2.pem'))], [[], false]);
});

test('Ctrl+C removes what was made, and says so', async (_t, { aws: { proxy }, start }) => {
  const place: { cli?: ReturnType<typeof start> } = {};
  proxy.on({
    action: 'RunInstances',
    answer: {
      changeAnswer(body) {
        place.cli?.child.kill('SIGINT');
        return body;
      },
    },
  });
  place.cli = start(...FILE, '--yes');
  const { code, stdout, stderr } = await place.cli.finished;
  assert.equal(code, 130);
  assert.match(stderr, /Cancelling: what was made is removed/);
  assert.match(stderr, /Cancelled: nothing of it is left\.\n$/);
  assert.match(stdout, /Removed security group sg-/);
  assert.deepEqual(await whatIsThere(), []);
});

test('a launch whose end is not known names the command that goes on with it, which finds the machine', async (_t, {
  aws: { proxy },
  run,
}) => {
  let isMade = false;
  proxy.on({
    action: 'RunInstances',
    answer: () => {
      const answer = isMade ? ({ cut: 'before' } as const) : ({ cut: 'after' } as const);
      isMade = true;
      return answer;
    },
  });
  proxy.on({
    action: 'DescribeInstances',
    when: () => isMade,
    answer: { error: 'UnauthorizedOperation', status: 403 },
  });
  const { code, stderr } = await run(...FILE, '--yes');
  assert.equal(code, 1);
  assert.match(stderr, /\(cloud-unfinished\)/);
  const token = /\n {2}skillet launch aws --profile "p2\.launch\.yaml" --token ([0-9a-f-]{36})\n$/.exec(stderr)?.[1];
  assert.ok(token !== undefined, stderr);
  proxy.reset();
  rulePrices(proxy, { onDemand: { 'g4dn.xlarge': 0.526 } });
  const again = await run(...FILE, '--yes', '--token', token);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /The private key is in .*p2\.pem/);
  assert.match(again.stdout, /This launch has made 1 in us-east-1 already/);
  assert.equal(proxy.requestsOf('RunInstances').length, 0);
  assert.equal((await whatIsThere()).filter((one) => one === 'machine').length, 1);
});

const AGAIN = /\n {2}skillet launch aws --profile "p2\.launch\.yaml" --token token-1\n$/;

test('a try with a token that could not look says nothing of what an earlier one left, and keeps the token', async (_t, {
  aws: { proxy },
  run,
}) => {
  assert.equal((await run(...FILE, '--yes', '--token', 'token-1')).code, 0);
  proxy.on({ action: 'DescribeInstances', answer: { error: 'UnauthorizedOperation', status: 403 } });
  const { code, stderr } = await run(...FILE, '--yes', '--token', 'token-1');
  assert.equal(code, 1);
  assert.match(stderr, /\(cloud-permission\)\n.*whether an earlier one made a machine is not known/);
  assert.match(stderr, AGAIN);
  proxy.reset();
  assert.equal((await whatIsThere()).filter((one) => one === 'machine').length, 1);
});

test('a cancelled try with a token says nothing of what an earlier one left, and keeps the token', async (_t, {
  aws: { proxy },
  run,
  start,
}) => {
  assert.equal((await run(...FILE, '--yes', '--token', 'token-1')).code, 0);
  const place: { cli?: ReturnType<typeof start> } = {};
  proxy.on({
    action: 'DescribeInstances',
    when: ({ params }) => Object.values(params).includes('tag:skillet:launch'),
    answer: () => {
      place.cli?.child.kill('SIGINT');
      return { error: 'InternalError', status: 500 };
    },
  });
  place.cli = start(...FILE, '--yes', '--token', 'token-1');
  const { code, stderr } = await place.cli.finished;
  assert.equal(code, 130);
  assert.doesNotMatch(stderr, /nothing of it is left/i);
  assert.match(stderr, AGAIN);
});

test('the token is told before anything is made, and the price only of what was reviewed', async (_t, {
  aws: { proxy },
  folder,
  run,
}) => {
  writeFileSync(path.join(folder, 'p2.launch.yaml'), `${PROFILE}fallback: { regions: [us-west-2] }\n`);
  proxy.on({ action: 'RunInstances', region: 'us-east-1', answer: { error: 'InsufficientInstanceCapacity' } });
  const { code, stdout, stderr } = await run(...FILE, '--yes', '--json', '--token', 'token-1');
  assert.equal(code, 0, stderr);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { type: 'begin', token: 'token-1' });
  const { region, perHourUsd } = lines.at(-1);
  assert.deepEqual([region, perHourUsd], ['us-west-2', null]);
});
