/** The rules between the fields of a launch profile, on both sides of each border. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCidr, isWholeWorld, portWords } from '../../../../src/common/cloud/groupRules.ts';
import { type LaunchProfileInput, launchProfileSchema } from '../../../../src/common/cloud/launchProfile.ts';
import { checkLaunchProfile } from '../../../../src/common/cloud/launchRules.ts';
import { isFault } from '../../../../src/common/cloud/profileProblem.ts';
import { mostOwnTags } from '../../../../src/common/cloud/tagRules.ts';
import { mostIops, mostThroughputMbps } from '../../../../src/common/cloud/volumeRules.ts';

const BASE: LaunchProfileInput = {
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  image: { name: { name: 'Deep Learning*' } },
  securityGroup: { create: { name: 'p2', rules: [] } },
};

function problems(changes: Partial<LaunchProfileInput>) {
  return checkLaunchProfile(launchProfileSchema.parse({ ...BASE, ...changes }));
}
const faults = (changes: Partial<LaunchProfileInput>) =>
  problems(changes)
    .filter(isFault)
    .map(({ path }) => path);
const warnings = (changes: Partial<LaunchProfileInput>) =>
  problems(changes)
    .filter((one) => !isFault(one))
    .map(({ path }) => path);

type Volume = NonNullable<LaunchProfileInput['volumes']>[number];
const disk = (volume: Partial<Volume>): Partial<LaunchProfileInput> => ({
  volumes: [{ device: '/dev/sdf', sizeGb: 500, ...volume }],
});

/** What is just possible, and what is just not, with the field that says so. */
const VOLUMES: readonly (readonly [possible: Partial<Volume>, impossible: Partial<Volume>, field: string])[] = [
  [{ type: 'gp2', sizeGb: 16384 }, { type: 'gp2', sizeGb: 16385 }, 'sizeGb'],
  [{ type: 'gp3', sizeGb: 65536 }, { type: 'gp2', sizeGb: 65536 }, 'sizeGb'],
  [{ type: 'io1', sizeGb: 4, iops: 100 }, { type: 'io1', sizeGb: 3, iops: 100 }, 'sizeGb'],
  [{ type: 'io1', sizeGb: 16384, iops: 100 }, { type: 'io1', sizeGb: 16385, iops: 100 }, 'sizeGb'],
  [{ type: 'io2', sizeGb: 4, iops: 100 }, { type: 'io2', sizeGb: 3, iops: 100 }, 'sizeGb'],
  [{ type: 'st1', sizeGb: 125 }, { type: 'st1', sizeGb: 124 }, 'sizeGb'],
  [{ type: 'sc1', sizeGb: 16384 }, { type: 'sc1', sizeGb: 16385 }, 'sizeGb'],
  [{ type: 'standard', sizeGb: 1024 }, { type: 'standard', sizeGb: 1025 }, 'sizeGb'],
  [{ iops: 3000 }, { iops: 2999 }, 'iops'],
  [{ iops: 80_000 }, { iops: 80_001 }, 'iops'],
  [{ sizeGb: 1, iops: 3000 }, { sizeGb: 1, iops: 3001 }, 'iops'],
  [{ sizeGb: 10, iops: 5000 }, { sizeGb: 10, iops: 5001 }, 'iops'],
  [{ type: 'io1', sizeGb: 10, iops: 500 }, { type: 'io1', sizeGb: 10, iops: 501 }, 'iops'],
  [{ type: 'io1', sizeGb: 2000, iops: 64_000 }, { type: 'io1', sizeGb: 2000, iops: 64_001 }, 'iops'],
  [{ type: 'io2', sizeGb: 10, iops: 10_000 }, { type: 'io2', sizeGb: 10, iops: 10_001 }, 'iops'],
  [{ type: 'io2', iops: 256_000 }, { type: 'io2', iops: 256_001 }, 'iops'],
  [{ type: 'io2', iops: 100 }, { type: 'io2' }, 'iops'],
  [{ type: 'gp2' }, { type: 'gp2', iops: 3000 }, 'iops'],
  [{ throughputMbps: 125 }, { type: 'gp2', throughputMbps: 125 }, 'throughputMbps'],
  [{ throughputMbps: 750 }, { throughputMbps: 751 }, 'throughputMbps'],
  [{ iops: 8000, throughputMbps: 2000 }, { iops: 80_000, throughputMbps: 2001 }, 'throughputMbps'],
  [{ iops: 4000, throughputMbps: 1000 }, { iops: 4000, throughputMbps: 1001 }, 'throughputMbps'],
  [{ kmsKey: 'alias/mine' }, { kmsKey: 'alias/mine', encrypted: false }, 'kmsKey'],
  [{ device: 'root', type: 'standard' }, { device: 'root', type: 'st1' }, 'type'],
  [{ device: '/dev/xvdb' }, { device: 'sdf' }, 'device'],
];

for (const [possible, impossible, field] of VOLUMES) {
  test(`a disk of ${JSON.stringify(possible)} is possible, one of ${JSON.stringify(impossible)} is not`, () => {
    assert.deepEqual(faults(disk(possible)), []);
    assert.deepEqual(faults(disk(impossible)), [`volumes[0].${field}`]);
  });
}

test('what a form offers as the most is what the rules take', () => {
  assert.deepEqual(
    [mostIops('gp3', 1), mostIops('gp3', 100), mostIops('io2', 1000), mostIops('st1', 500)],
    [3000, 50_000, 256_000, null],
  );
  assert.deepEqual(
    [mostThroughputMbps('gp3', undefined), mostThroughputMbps('gp3', 80_000), mostThroughputMbps('io2', 100)],
    [750, 2000, null],
  );
});

test('two disks have two devices', () => {
  const volumes = [
    { device: 'root', sizeGb: 100 },
    { device: 'root', sizeGb: 50 },
  ];
  assert.deepEqual(faults({ volumes }), ['volumes[1].device']);
});

const rule = (one: object): Partial<LaunchProfileInput> => ({
  securityGroup: { create: { name: 'p2', rules: [{ port: 8888, ...one }] } },
  keyPair: { existing: { name: 'k' } },
});

test('a port that is open to all is a warning that names it, in both versions of the protocol', () => {
  for (const from of ['0.0.0.0/0', '::/0', '0:0::/0']) {
    const [warning] = problems(rule({ from }));
    assert.equal(warning?.path, 'securityGroup.create.rules[0].from');
    assert.match(warning?.message ?? '', /port 8888 \(Jupyter\)/);
    assert.equal(warning?.severity, 'warning');
  }
  assert.deepEqual(problems(rule({ from: '10.0.0.0/8' })), []);
  assert.deepEqual(problems(rule({ from: 'my-address' })), []);
});

test('addresses that are none are refused, and one without its bits is told how to write it', () => {
  const bad = ['10.0.0.0/33', '10.0.0/24', '256.0.0.1/32', '2001:db8::/129', 'anywhere', '::1::/64', '10.0.0.0/'];
  assert.deepEqual(bad.filter(isCidr), []);
  const good = ['10.0.0.0/8', '203.0.113.7/32', '2001:db8::/32', '::/0', '1:2:3:4:5:6:7:8/128'];
  assert.deepEqual(
    good.filter((one) => !isCidr(one)),
    [],
  );
  assert.match(problems(rule({ from: '203.0.113.7' }))[0]?.remedy ?? '', /203\.0\.113\.7\/32/);
  assert.equal(isWholeWorld('10.0.0.0/8'), false);
});

test('a range of ports begins with the lower one, and ends at 65535', () => {
  assert.deepEqual(faults(rule({ port: '8000-8010' })), []);
  assert.deepEqual(faults(rule({ port: '8010-8000' })), ['securityGroup.create.rules[0].port']);
  assert.deepEqual(faults(rule({ port: '65535-65536' })), ['securityGroup.create.rules[0].port']);
});

test('ports are told with what answers there', () => {
  const words = (one: object) => portWords({ port: 22, protocol: 'tcp', from: 'my-address', ...one });
  assert.deepEqual(
    [words({}), words({ port: '8000-9000' }), words({ protocol: 'all' }), words({ protocol: 'icmp' })],
    ['port 22 (SSH)', 'ports 8000-9000 (RStudio, Jupyter)', 'every port', 'ICMP'],
  );
});

test('a group is called as AWS takes it', () => {
  const named = (name: string) => faults({ securityGroup: { create: { name, rules: [] } } });
  assert.deepEqual(
    [named('p2 (vision)'), named('sg-p2'), named('münchen')].map((one) => one.length),
    [0, 1, 1],
  );
  assert.deepEqual(faults({ securityGroup: { existing: { ids: ['p2'] } } }), ['securityGroup.existing.ids[0]']);
});

test('tags of AWS and of Skillet are not for a profile, nor names that a machine could not read', () => {
  assert.deepEqual(faults({ tags: { team: 'a', 'cost:centre': 'b' } }), []);
  const bad = { 'aws:x': '1', 'AWS:y': '1', 'skillet:launch': '1', 'two words': '1', 'a/b': '1' };
  assert.deepEqual(
    faults({ tags: bad }),
    Object.keys(bad).map((name) => `tags.${name}`),
  );
  assert.deepEqual(faults({ name: 'p2', tags: { Name: 'p3' } }), ['tags.Name']);
});

test('there may be as many tags as AWS leaves besides our own', () => {
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '']));
  const most = mostOwnTags({});
  assert.deepEqual([faults({ tags: tags(most) }), faults({ tags: tags(most + 1) })], [[], ['tags']]);
  assert.deepEqual(faults({ name: 'p2', tags: tags(most) }), ['tags']);
});

test('a spot machine that hibernates has an encrypted root disk', () => {
  const purchase = { spot: { interruption: 'hibernate' } } as const;
  assert.deepEqual(faults({ purchase }), ['purchase.spot.interruption']);
  const root = (encrypted: boolean) => ({ purchase, volumes: [{ device: 'root', sizeGb: 100, encrypted }] });
  assert.deepEqual(faults(root(false)), ['purchase.spot.interruption']);
  assert.deepEqual(faults(root(true)), []);
});

test('a lasting spot request does not fit a machine that terminates itself', () => {
  const purchase = { spot: { interruption: 'stop' } } as const;
  assert.deepEqual(faults({ purchase }), []);
  assert.deepEqual(faults({ purchase, shutdown: 'terminate' }), ['shutdown']);
  assert.deepEqual(faults({ purchase, guard: { action: 'terminate' } }), ['guard.action']);
});

test('a spot machine of one request cannot be stopped, which is told', () => {
  assert.deepEqual(warnings({ purchase: 'spot' }), ['shutdown']);
  assert.deepEqual(warnings({ purchase: 'spot', shutdown: 'terminate' }), []);
});

test('the guard ends a machine by a shutdown, so both say the same', () => {
  assert.deepEqual(faults({ guard: { action: 'terminate' }, shutdown: 'terminate' }), []);
  const [fault] = problems({ guard: { action: 'terminate' } });
  assert.deepEqual([fault?.path, fault?.set], ['guard.action', { path: 'shutdown', value: 'terminate' }]);
  assert.deepEqual(faults({ guard: { action: 'terminate', deadlineHours: null, idleMinutes: null } }), []);
});

test('a machine that nothing ends is a warning', () => {
  assert.deepEqual(warnings({ guard: { deadlineHours: null, idleMinutes: null } }), ['guard']);
  assert.deepEqual(warnings({ guard: { deadlineHours: null } }), []);
});

test('what is known by an id is in one region', () => {
  const fallback = { regions: ['us-west-2'] };
  assert.deepEqual(faults({ fallback }), []);
  assert.deepEqual(faults({ fallback, image: { id: { id: 'ami-0123' } } }), ['image.id']);
  assert.deepEqual(faults({ fallback, network: { subnet: 'subnet-0123' } }), ['network.subnet']);
  assert.deepEqual(faults({ fallback, securityGroup: { existing: { ids: ['sg-0123'] } } }), ['securityGroup.existing']);
  assert.deepEqual(faults({ fallback, ...disk({ snapshot: 'snap-0123' }) }), ['volumes[0].snapshot']);
  assert.deepEqual(faults({ fallback: { regions: ['us-east-1'] } }), ['fallback.regions[0]']);
  assert.deepEqual(faults({ fallback: { regions: ['us-west-2', 'us-west-2'] } }), ['fallback.regions[1]']);
});

test('a subnet is in one zone, which is told where other zones were to be tried', () => {
  assert.deepEqual(warnings({ network: { subnet: 'subnet-0123' } }), ['network.subnet']);
  assert.deepEqual(warnings({ network: { subnet: 'subnet-0123' }, fallback: { zones: false } }), []);
});

test('a zone is of its region', () => {
  assert.deepEqual([faults({ zone: 'us-east-1a' }), faults({ zone: 'us-west-2a' })], [[], ['zone']]);
});

test('user data fits with the guard in 16 KiB, counted in bytes', () => {
  const alone = { guard: { deadlineHours: null, idleMinutes: null } } as const;
  assert.deepEqual(faults({ ...alone, userData: `#!/bin/sh\n${'#'.repeat(16_384 - 10)}` }), []);
  assert.deepEqual(faults({ userData: `#!/bin/sh\n${'#'.repeat(16_384 - 10)}` }), ['userData']);
  assert.deepEqual(faults({ ...alone, userData: `#!/bin/sh\n${'ü'.repeat(8190)}` }), ['userData']);
  assert.deepEqual(faults({ userData: 'x', userDataFile: 'x.sh' }), ['userDataFile']);
});

test('an open SSH port without a key is a warning', () => {
  const securityGroup = { create: { name: 'p2' } };
  assert.deepEqual(warnings({ securityGroup }), ['keyPair']);
  assert.deepEqual(warnings({ securityGroup, keyPair: { existing: { name: 'k' } } }), []);
});

test('a role is a name or an ARN of an instance profile', () => {
  const role = (text: string) => faults({ role: text }).length;
  const arn = 'arn:aws:iam::123456789012:instance-profile/gpu';
  assert.deepEqual(
    [role('gpu-role'), role(arn), role('arn:aws:iam::123456789012:role/gpu'), role('a b')],
    [0, 0, 1, 1],
  );
});
