/** What a sweep finds in an account, against moto. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSnapshotCommand,
  DeleteVolumeCommand,
  RegisterImageCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../../../src/common/cloud/leftover.ts';
import { ec2 as ec2Answer } from '../../../fixtures/cloud/awsPrices.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import {
  launch,
  leftoversOf,
  makeGroup,
  makeVolume,
  open,
  plain,
  remove,
  sweep,
  tags,
  useSweepOnAws,
} from '../../../fixtures/cloud/sweepOnAws.ts';

const skip = await motoMissing();
const on = useSweepOnAws(skip);

test('an empty account has nothing left over, and each kind says so', { skip }, async () => {
  const found = await sweep(open());
  assert.deepEqual(found.map(({ kind }) => kind).toSorted(), [
    'address',
    'instance',
    'keyPair',
    'securityGroup',
    'snapshot',
    'spotRequest',
    'volume',
  ]);
  assert.deepEqual(
    found.filter(({ leftovers, fault }) => leftovers.length > 0 || fault !== null),
    [],
  );
});

test('machines of ours are listed with what they cost, never as unused; others’ are not', { skip }, async () => {
  const opened = open();
  const running = await launch(opened, 'ours');
  const stopped = await launch(opened, 'ours');
  await launch(opened, 'theirs');
  await opened.ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));
  const found = await leftoversOf(opened, 'instance');
  assert.deepEqual(
    found.map(({ id, isOurs, isUnused }) => [id, isOurs, isUnused]).toSorted(),
    [
      [running, true, false],
      [stopped, true, false],
    ].toSorted(),
  );
  const costs = found.map(({ perMonthUsd }) => perMonthUsd ?? Number.NaN).toSorted((a, b) => a - b);
  assert.ok((costs[1] ?? 0) > 730 && (costs[0] ?? 999) < 100, `${costs}`);
  assert.match(found.find(({ id }) => id === stopped)?.reason ?? '', /g5\.xlarge, stopped; with its disk/);
});

test('disks at no machine are listed whoever made them, with their price; attached ones are not', {
  skip,
}, async () => {
  const opened = open();
  const mine = await makeVolume(opened, 'ours', 100);
  const theirs = await makeVolume(opened, 'theirs', 50);
  await launch(opened, 'ours');
  assert.deepEqual((await leftoversOf(opened, 'volume')).map(plain), [
    { id: mine, isOurs: true, isUnused: true, perMonthUsd: 8 },
    { id: theirs, isOurs: false, isUnused: true, perMonthUsd: 4 },
  ]);
});

test('addresses that lead nowhere are listed, ours also where they lead to a machine', { skip }, async () => {
  const opened = open();
  const { ec2 } = opened;
  const allocate = async (ours: 'ours' | 'theirs') =>
    (await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: tags('elastic-ip', ours) })))
      .AllocationId ?? '';
  const [free, used, theirs] = [await allocate('theirs'), await allocate('ours'), await allocate('theirs')];
  const machine = await launch(opened, 'theirs');
  await ec2.send(new AssociateAddressCommand({ AllocationId: used, InstanceId: machine }));
  await ec2.send(new AssociateAddressCommand({ AllocationId: theirs, InstanceId: await launch(opened, 'theirs') }));
  const found = await leftoversOf(opened, 'address');
  assert.deepEqual(found.map(plain), [
    { id: free, isOurs: false, isUnused: true, perMonthUsd: 3.65 },
    { id: used, isOurs: true, isUnused: false, perMonthUsd: 0 },
  ]);
  const [told] = await remove(opened, found.slice(1));
  assert.deepEqual([told?.isRemoved, told?.message], [false, `It leads to ${machine} now.`]);
});

test('groups that nothing is in are listed; those of a stopped machine, named by a rule, or default are not', {
  skip,
}, async () => {
  const opened = open();
  const { ec2 } = opened;
  const unused = await makeGroup(opened, 'unused', 'theirs');
  const named = await makeGroup(opened, 'named', 'theirs');
  const naming = await makeGroup(opened, 'naming', 'theirs');
  const used = await makeGroup(opened, 'used', 'theirs');
  const oursUsed = await makeGroup(opened, 'ours', 'ours');
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: naming,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: named }] }],
    }),
  );
  const machine = await launch(opened, 'theirs', { SecurityGroupIds: [used, oursUsed] });
  await ec2.send(new StopInstancesCommand({ InstanceIds: [machine] }));
  const found = await leftoversOf(opened, 'securityGroup');
  assert.deepEqual(
    found.map(plain).toSorted((a, b) => a.id.localeCompare(b.id)),
    [
      { id: unused, isOurs: false, isUnused: true, perMonthUsd: 0 },
      { id: naming, isOurs: false, isUnused: true, perMonthUsd: 0 },
      { id: oursUsed, isOurs: true, isUnused: false, perMonthUsd: 0 },
    ].toSorted((a, b) => a.id.localeCompare(b.id)),
  );
});

test('key pairs of ours are listed, unused when their machines are gone; others’ never', { skip }, async () => {
  const opened = open();
  const { ec2 } = opened;
  const make = async (name: string, ours: 'ours' | 'theirs') => {
    await ec2.send(new CreateKeyPairCommand({ KeyName: name, TagSpecifications: tags('key-pair', ours) }));
    return name;
  };
  const [gone, used] = [await make('gone', 'ours'), await make('used', 'ours')];
  await make('theirs', 'theirs');
  await launch(opened, 'theirs', { KeyName: 'used' });
  const found = await leftoversOf(opened, 'keyPair');
  assert.deepEqual(found.map(plain), [
    { id: gone, isOurs: true, isUnused: true, perMonthUsd: 0 },
    { id: used, isOurs: true, isUnused: false, perMonthUsd: 0 },
  ]);
  assert.deepEqual(
    (await remove(opened, found)).map(({ id, isRemoved }) => [id, isRemoved]),
    [
      [gone, true],
      [used, false],
    ],
  );
});

test('snapshots whose disk is gone are listed, save those that an image needs', { skip }, async () => {
  const opened = open();
  const { ec2 } = opened;
  const make = async (ours: 'ours' | 'theirs') => {
    const volume = await makeVolume(opened, 'theirs', 10);
    const { SnapshotId = '' } = await ec2.send(
      new CreateSnapshotCommand({ VolumeId: volume, TagSpecifications: tags('snapshot', ours, 'backup') }),
    );
    return { volume, snapshot: SnapshotId };
  };
  const [gone, kept, imaged] = [await make('theirs'), await make('theirs'), await make('theirs')];
  for (const { volume } of [gone, imaged]) {
    await ec2.send(new DeleteVolumeCommand({ VolumeId: volume }));
  }
  // moto puts a disk of its own in place of the image's: its answer is mended.
  await ec2.send(new RegisterImageCommand({ Name: 'mine', RootDeviceName: '/dev/sda1' }));
  on.aws.proxy.on({
    action: 'DescribeImages',
    answer: {
      body: ec2Answer(
        'DescribeImagesResponse',
        `<imagesSet><item><imageId>ami-1</imageId><blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>${imaged.snapshot}</snapshotId></ebs></item></blockDeviceMapping></item></imagesSet>`,
      ),
    },
  });
  const found = await leftoversOf(opened, 'snapshot');
  assert.deepEqual(found.map(plain), [{ id: gone.snapshot, isOurs: false, isUnused: true, perMonthUsd: 0.5 }]);
  assert.equal(kept.snapshot === '', false);
  const [owner] = on.aws.proxy.requestsOf('DescribeSnapshots');
  assert.equal(owner?.params['Owner.1'], 'self');
  assert.deepEqual(await remove(opened, [...found, { ...(found[0] as Leftover), id: imaged.snapshot }]), [
    { kind: 'snapshot', id: gone.snapshot, isRemoved: true, message: '' },
    { kind: 'snapshot', id: imaged.snapshot, isRemoved: false, message: 'The image ami-1 needs it now.' },
  ]);
});

const REQUEST = (id: string, inner = '') =>
  `<item><spotInstanceRequestId>${id}</spotInstanceRequestId><type>persistent</type><state>open</state><launchSpecification><instanceType>g5.xlarge</instanceType></launchSpecification><createTime>2026-11-25T10:00:00.000Z</createTime>${inner}</item>`;

test('spot requests that wait are listed; one that got a machine meanwhile is not cancelled', { skip }, async () => {
  const opened = open();
  const answer = (items: string) => ({
    body: ec2Answer(
      'DescribeSpotInstanceRequestsResponse',
      `<spotInstanceRequestSet>${items}</spotInstanceRequestSet>`,
    ),
  });
  const ours = '<tagSet><item><key>skillet:made-by</key><value>1</value></item></tagSet>';
  on.aws.proxy.on({
    action: 'DescribeSpotInstanceRequests',
    answer: answer(REQUEST('sir-1', ours) + REQUEST('sir-2') + REQUEST('sir-3', '<instanceId>i-3</instanceId>')),
  });
  const found = await leftoversOf(opened, 'spotRequest');
  assert.deepEqual(found.map(plain), [
    { id: 'sir-1', isOurs: true, isUnused: true, perMonthUsd: 0 },
    { id: 'sir-2', isOurs: false, isUnused: true, perMonthUsd: 0 },
  ]);
  assert.equal(on.aws.proxy.requestsOf('DescribeSpotInstanceRequests')[0]?.params['Filter.1.Value.1'], 'open');
  on.aws.proxy.on({
    action: 'DescribeSpotInstanceRequests',
    answer: ({ params }) =>
      params['SpotInstanceRequestId.1'] === 'sir-2'
        ? answer(REQUEST('sir-2', '<instanceId>i-2</instanceId>'))
        : answer(REQUEST('sir-1')),
  });
  on.aws.proxy.on({
    action: 'CancelSpotInstanceRequests',
    answer: { body: ec2Answer('CancelSpotInstanceRequestsResponse', '<spotInstanceRequestSet/>') },
  });
  assert.deepEqual(await remove(opened, found), [
    { kind: 'spotRequest', id: 'sir-1', isRemoved: true, message: '' },
    { kind: 'spotRequest', id: 'sir-2', isRemoved: false, message: 'It has got the machine i-2 now.' },
  ]);
  assert.deepEqual(
    on.aws.proxy.requestsOf('CancelSpotInstanceRequests').map(({ params }) => params['SpotInstanceRequestId.1']),
    ['sir-1'],
  );
});

test('listings of several pages are read to their end', { skip }, async () => {
  const opened = open();
  const volume = (id: string) =>
    `<item><volumeId>${id}</volumeId><size>10</size><status>available</status><volumeType>gp3</volumeType></item>`;
  on.aws.proxy.on({
    action: 'DescribeVolumes',
    answer: ({ params }) => {
      const page = Number(params.NextToken ?? 0);
      const next = page < 2 ? `<nextToken>${page + 1}</nextToken>` : '';
      return { body: ec2Answer('DescribeVolumesResponse', `<volumeSet>${volume(`vol-${page}`)}</volumeSet>${next}`) };
    },
  });
  assert.deepEqual(
    (await leftoversOf(opened, 'volume')).map(({ id }) => id),
    ['vol-0', 'vol-1', 'vol-2'],
  );
  assert.deepEqual(
    on.aws.proxy.requestsOf('DescribeVolumes').map(({ params }) => params.NextToken),
    [undefined, '1', '2'],
  );
});

test('a kind that may not be listed is a fault that names the permission; the others are there', { skip }, async () => {
  const opened = open();
  const volume = await makeVolume(opened, 'ours');
  on.aws.proxy.on({ action: 'DescribeNetworkInterfaces', answer: { error: 'UnauthorizedOperation', status: 403 } });
  on.aws.proxy.on({ action: 'DescribeAddresses', answer: { error: 'UnauthorizedOperation', status: 403 } });
  await makeGroup(opened, 'mine', 'ours');
  const found = await sweep(opened);
  assert.deepEqual(
    found
      .filter(({ fault }) => fault !== null)
      .map(({ kind }) => kind)
      .toSorted(),
    ['address', 'securityGroup'],
  );
  assert.match(found.find(({ kind }) => kind === 'address')?.fault ?? '', /ec2:DescribeAddresses/);
  assert.deepEqual(
    found.find(({ kind }) => kind === 'volume')?.leftovers.map(({ id }) => id),
    [volume],
  );
});

test('a price that may not be asked is not known, never nothing', { skip }, async () => {
  const opened = open();
  await makeVolume(opened, 'ours');
  on.aws.proxy.on({ service: 'pricing', action: 'GetProducts', answer: { error: 'AccessDeniedException' } });
  assert.deepEqual(
    (await leftoversOf(opened, 'volume')).map(({ perMonthUsd }) => perMonthUsd),
    [null],
  );
});
