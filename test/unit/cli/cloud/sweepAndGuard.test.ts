/** `skillet sweep` and `skillet guard` as people run them, on the emulator. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, beforeEach, test as nodeTest, type TestContext } from 'node:test';
import {
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { guardTags } from '../../../../src/common/cloud/guardTags.ts';
import type { Leftover } from '../../../../src/common/cloud/leftover.ts';
import { cliFile, type Finished, startCliWith } from '../../../fixtures/cliProcess.ts';
import { rulePrices } from '../../../fixtures/cloud/awsPrices.ts';
import { hideImageSnapshots } from '../../../fixtures/cloud/hideImageSnapshots.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const missing = existsSync(cliFile) ? await motoMissing() : 'dist/cli.mjs is not built: npm run build';
const started = missing === false ? await startTestAws() : undefined;
after(async () => {
  assert.deepEqual(started?.proxy.unknown ?? [], []);
  await started?.stop();
});
beforeEach(async () => {
  await started?.reset();
  if (started !== undefined) {
    rulePrices(started.proxy);
    hideImageSnapshots(started.proxy);
  }
});

type Run = (...args: string[]) => Promise<Finished>;

function test(name: string, body: (run: Run, aws: TestAws, ec2: EC2Client) => Promise<void>): void {
  nodeTest(name, { skip: missing }, async (t: TestContext) => {
    assert.ok(started !== undefined);
    const folder = tempFolder(t);
    const run: Run = (...args) => startCliWith(t, { folder, env: started.env }, args).finished;
    await body(run, started, new EC2Client({}));
  });
}

const OURS = { Key: 'skillet:made-by', Value: '1' };

async function makeVolume(ec2: EC2Client, ours: boolean): Promise<string> {
  const made = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: 'us-east-1a',
      Size: 100,
      VolumeType: 'gp3',
      TagSpecifications: [{ ResourceType: 'volume', Tags: ours ? [OURS] : [{ Key: 'Name', Value: 'theirs' }] }],
    }),
  );
  return made.VolumeId ?? '';
}

const HOURS = guardTags({ deadlineHours: 8, idleMinutes: 30, action: 'stop' }, Date.now());

async function launch(ec2: EC2Client, tags: Readonly<Record<string, string>>): Promise<string> {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0dl0tf218000000001',
      InstanceType: 'g5.xlarge',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [OURS, ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))],
        },
      ],
    }),
  );
  return Instances[0]?.InstanceId ?? '';
}

const volumesNow = async (ec2: EC2Client) => {
  const { Volumes = [] } = await ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'status', Values: ['available'] }] }),
  );
  return Volumes.map(({ VolumeId }) => VolumeId);
};

const HERE = ['aws', '--region', 'us-east-1'];

test('a sweep lists ours first, with what each costs and why it is there, and removes nothing', async (run, _aws, ec2) => {
  const [mine, theirs] = [await makeVolume(ec2, true), await makeVolume(ec2, false)];
  const { code, stdout, stderr } = await run('sweep', ...HERE);
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^ +WHAT +ID +NAME +REGION +A MONTH +WHY IT IS HERE$/);
  assert.match(
    lines[1] ?? '',
    new RegExp(`^ours +disk +${mine} +us-east-1 +\\$8\\.00 +gp3, 100 GiB; attached to no machine$`),
  );
  assert.match(lines[2] ?? '', new RegExp(`^ +disk +${theirs} +theirs +us-east-1`));
  assert.equal(lines.at(-1), '2 things, which cost $16.00 a month.');
  assert.equal((await volumesNow(ec2)).length, 2);
});

test('an account without anything left over is told so', async (run) => {
  const { code, stdout } = await run('sweep', ...HERE);
  assert.deepEqual([code, stdout], [0, 'Nothing is left over in one region.\n']);
});

test('without a terminal and without --yes nothing is removed', async (run, _aws, ec2) => {
  await makeVolume(ec2, true);
  const { code, stderr } = await run('sweep', ...HERE, '--remove', '--disks');
  assert.equal(code, 2);
  assert.match(stderr, /nobody can be asked here.*Give --yes/);
  assert.equal((await volumesNow(ec2)).length, 1);
});

test('--remove --yes takes what is ours and unused, disks only where they are meant, and leaves machines and others’ things', async (run, _aws, ec2) => {
  const [mine, theirs] = [await makeVolume(ec2, true), await makeVolume(ec2, false)];
  const machine = await launch(ec2, {});
  const kept = await run('sweep', ...HERE, '--remove', '--yes');
  assert.equal(kept.code, 0);
  assert.deepEqual((await volumesNow(ec2)).toSorted(), [mine, theirs].toSorted());
  const { code, stdout } = await run('sweep', ...HERE, '--remove', '--disks', '--yes');
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`Removed: disk ${mine} in us-east-1\n$`));
  assert.deepEqual(await volumesNow(ec2), [theirs]);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [machine] }));
  assert.equal(Reservations[0]?.Instances?.[0]?.State?.Name, 'running');
});

test('--machines and --others take those as well; JSON tells what went', async (run, _aws, ec2) => {
  const theirs = await makeVolume(ec2, false);
  const machine = await launch(ec2, {});
  const { code, stdout } = await run(
    'sweep',
    ...HERE,
    '--remove',
    '--yes',
    '--machines',
    '--others',
    '--disks',
    '--json',
  );
  assert.equal(code, 0);
  const { leftovers, faults, removals } = JSON.parse(stdout) as {
    leftovers: Leftover[];
    faults: object;
    removals: { leftover: Leftover; isRemoved: boolean }[];
  };
  assert.deepEqual(leftovers.map(({ id }) => id).toSorted(), [machine, theirs].toSorted());
  assert.deepEqual(faults, {});
  assert.deepEqual(
    removals.map(({ leftover, isRemoved }) => [leftover.id, isRemoved]),
    [
      [machine, true],
      [theirs, true],
    ],
  );
});

test('what could not be looked at is told, and the rest is there', async (run, aws, ec2) => {
  await makeVolume(ec2, true);
  aws.proxy.on({ action: 'DescribeAddresses', answer: { error: 'UnauthorizedOperation', status: 403 } });
  const { code, stdout, stderr } = await run('sweep', ...HERE);
  assert.equal(code, 0);
  assert.match(stdout, /1 thing, which cost \$8\.00 a month\./);
  assert.match(stderr, /^Not looked at in us-east-1: .*ec2:DescribeAddresses/);
});

test('an account of which not all could be looked at is not said to have nothing left over', async (run, aws) => {
  aws.proxy.on({ action: 'DescribeVolumes', answer: { error: 'UnauthorizedOperation', status: 403 } });
  const { stdout } = await run('sweep', ...HERE);
  assert.equal(stdout, 'Nothing was found in one region; not all was looked at.\n');
});

test('a guard is told, and changed by its tags', async (run, aws, ec2) => {
  const id = await launch(ec2, { Name: 'p2', ...HOURS });
  const before = await run('guard', 'aws', id, '--region', 'us-east-1');
  assert.equal(before.code, 0);
  assert.match(before.stdout, new RegExp(`^p2 \\(${id}\\): stops it at .*, or after 30 minutes without work\n$`));
  assert.equal(aws.proxy.requestsOf('CreateTags').length, 0);
  const args = ['--region', 'us-east-1', '--deadline', 'never', '--idle', '60', '--yes', '--json'];
  const changed = await run('guard', 'aws', id, ...args);
  assert.deepEqual(JSON.parse(changed.stdout), {
    id,
    region: 'us-east-1',
    guard: { deadline: null, idleMinutes: 60, action: 'stop' },
  });
  const again = await run('guard', 'aws', id, '--region', 'us-east-1');
  assert.match(again.stdout, /: stops it after 60 minutes without work\n$/);
});

test('never is refused without --yes where nobody can be asked, with the price, and changes nothing', async (run, aws, ec2) => {
  const id = await launch(ec2, { Name: 'p2', ...HOURS });
  for (const [option, lack] of [
    ['--deadline', 'a deadline'],
    ['--idle', 'an idle rule'],
  ] as const) {
    const { code, stderr } = await run('guard', 'aws', id, '--region', 'us-east-1', option, 'never');
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`without ${lack} only when a person agrees \\(it costs \\$\\d.* an hour\\)`));
    assert.match(stderr, /Give --yes/);
  }
  assert.equal(aws.proxy.requestsOf('CreateTags').length, 0);
});

test('a machine without a guard says so and is not changed; what is no time is refused before anything is asked', async (run, aws, ec2) => {
  const id = await launch(ec2, {});
  const plain = await run('guard', 'aws', id, '--region', 'us-east-1');
  assert.match(plain.stdout, /no guard of Skillet is on it/);
  const refused = await run('guard', 'aws', id, '--region', 'us-east-1', '--deadline', '2h');
  assert.deepEqual([refused.code === 0, /has no guard of Skillet/.test(refused.stderr)], [false, true]);
  aws.proxy.reset();
  const wrong = await run('guard', 'aws', id, '--deadline', 'soon');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /soon.*is no time/);
  assert.equal(aws.proxy.requests.length, 0);
});
