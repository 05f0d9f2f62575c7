/** A launch at AWS that goes well: what is asked for, what is made, what is told. Against moto. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchOnTestAws, outline, paramsOf, testProfile, whatIsThere } from '../../../fixtures/cloud/launchAws.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { awsTests } from '../../../fixtures/cloud/useTestAws.ts';

const awsTest = awsTests(await motoMissing());

awsTest('a launch asks for what the profile says, once, and gives the machine that runs', async ({ proxy, folder }) => {
  const profile = testProfile({
    name: 'p2',
    zone: 'us-east-1b',
    tags: { team: 'vision' },
    volumes: [
      { device: 'root', sizeGb: 100, iops: 4000, throughputMbps: 500 },
      { device: '/dev/sdf', type: 'gp2', sizeGb: 50, encrypted: false, deleteOnTermination: false },
    ],
    userData: '#!/bin/sh\necho hello\n',
    shutdown: 'stop',
    network: { publicAddress: true },
  });
  const { result, events, error } = await launchOnTestAws(profile, { folder });
  assert.equal(error, null);
  const [request, ...more] = proxy.requestsOf('RunInstances');
  assert.equal(more.length, 0);
  const params = paramsOf(request, /^(?!Version|Action|ImageId|NetworkInterface|TagSpec|ClientToken|UserData)/);
  assert.deepEqual(params, {
    MinCount: '1',
    MaxCount: '1',
    InstanceType: 'g4dn.xlarge',
    InstanceInitiatedShutdownBehavior: 'stop',
    'MetadataOptions.HttpEndpoint': 'enabled',
    'MetadataOptions.HttpTokens': 'required',
    'MetadataOptions.InstanceMetadataTags': 'enabled',
    'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
    'BlockDeviceMapping.1.Ebs.VolumeType': 'gp3',
    'BlockDeviceMapping.1.Ebs.VolumeSize': '100',
    'BlockDeviceMapping.1.Ebs.Iops': '4000',
    'BlockDeviceMapping.1.Ebs.Throughput': '500',
    'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
    'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
    'BlockDeviceMapping.2.DeviceName': '/dev/sdf',
    'BlockDeviceMapping.2.Ebs.VolumeType': 'gp2',
    'BlockDeviceMapping.2.Ebs.VolumeSize': '50',
    'BlockDeviceMapping.2.Ebs.DeleteOnTermination': 'false',
  });
  assert.match(request?.params.ClientToken ?? '', /^token-1-[0-9a-f]{8}$/);
  assert.match(Buffer.from(request?.params.UserData ?? '', 'base64').toString(), /echo hello/);
  const network = paramsOf(request, /^NetworkInterface/);
  assert.equal(network['NetworkInterface.1.AssociatePublicIpAddress'], 'true');
  assert.match(network['NetworkInterface.1.SecurityGroupId.1'] ?? '', /^sg-/);
  assert.match(network['NetworkInterface.1.SubnetId'] ?? '', /^subnet-/);
  assert.deepEqual(result?.region, 'us-east-1');
  assert.equal(result?.instances.length, 1);
  assert.deepEqual(outline(events), ['made securityGroup', 'made instance']);
  assert.deepEqual((await whatIsThere()).toSorted(), ['disk', 'disk', 'group p2', 'machine']);
});

awsTest(
  'machine, disks and network interface carry the tags of the launch and of the guard',
  async ({ proxy, folder }) => {
    await launchOnTestAws(testProfile({ name: 'p2', tags: { team: 'vision' } }), { folder });
    const tags = paramsOf(proxy.requestsOf('RunInstances')[0], /^TagSpecification/);
    const types = ['1', '2', '3', '4'].map((index) => tags[`TagSpecification.${index}.ResourceType`]);
    assert.deepEqual(types, ['instance', 'volume', 'network-interface', undefined]);
    const names = Object.entries(tags).flatMap(([key, value]) =>
      /^TagSpecification\.1\.Tag\.\d+\.Key$/.test(key) ? [[value, tags[key.replace('Key', 'Value')]]] : [],
    );
    const { 'skillet:deadline': deadline, ...others } = Object.fromEntries(names);
    assert.deepEqual(others, {
      team: 'vision',
      Name: 'p2',
      'skillet:made-by': '9.9.9',
      'skillet:launch': 'token-1',
      'skillet:deadline-hours': '8',
      'skillet:idle-minutes': '30',
      'skillet:guard-action': 'stop',
    });
    const hours = (Date.parse(deadline) - Date.now()) / 3_600_000;
    assert.ok(hours > 7.9 && hours <= 8, deadline);
  },
);

awsTest(
  'a spot machine that may be stopped has a lasting request, with its highest price',
  async ({ proxy, folder }) => {
    const spot = { maximumPricePerHourUsd: 0.4, interruption: 'stop' } as const;
    const { result } = await launchOnTestAws(testProfile({ purchase: { spot } }), { folder });
    assert.equal(result?.purchase, 'spot');
    assert.deepEqual(paramsOf(proxy.requestsOf('RunInstances')[0], /^InstanceMarketOptions/), {
      'InstanceMarketOptions.MarketType': 'spot',
      'InstanceMarketOptions.SpotOptions.SpotInstanceType': 'persistent',
      'InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior': 'stop',
      'InstanceMarketOptions.SpotOptions.MaxPrice': '0.4',
    });
  },
);

awsTest(
  'a spot machine of one request ends for good, whatever the profile says of a shutdown',
  async ({ proxy, folder }) => {
    await launchOnTestAws(testProfile({ purchase: 'spot' }), { folder });
    const request = proxy.requestsOf('RunInstances')[0];
    assert.equal(request?.params.InstanceInitiatedShutdownBehavior, 'terminate');
    assert.equal(request?.params['InstanceMarketOptions.SpotOptions.SpotInstanceType'], 'one-time');
  },
);

awsTest('operations a second of io2 are asked for', async ({ proxy, folder }) => {
  proxy.on({ action: 'RunInstances', answer: { error: 'InvalidParameterValue' } }); // moto cannot.
  const volumes = [{ device: '/dev/sdf', type: 'io2', sizeGb: 300, iops: 256_000 }] as const;
  await launchOnTestAws(testProfile({ volumes: [...volumes] }), { folder });
  assert.equal(proxy.requestsOf('RunInstances')[0]?.params['BlockDeviceMapping.1.Ebs.Iops'], '256000');
});

awsTest('several machines come of one request', async ({ proxy, folder }) => {
  const { result } = await launchOnTestAws(testProfile({ count: 3 }), { folder });
  assert.equal(result?.instances.length, 3);
  assert.deepEqual(paramsOf(proxy.requestsOf('RunInstances')[0], /^M(in|ax)Count/), { MinCount: '3', MaxCount: '3' });
});

awsTest("a rule for the caller's own address lets that address in alone", async ({ proxy, folder }) => {
  process.env.SKILLET_MY_ADDRESS = '198.51.100.9';
  const rules = [
    { port: 22 },
    { port: '8000-8010', from: '2001:db8::/32', description: 'lab' },
    { port: 0, protocol: 'all', from: '10.0.0.0/8' },
  ] as const;
  const { error } = await launchOnTestAws(
    testProfile({ securityGroup: { create: { name: 'p2', rules: [...rules] } } }),
    { folder },
  );
  delete process.env.SKILLET_MY_ADDRESS;
  assert.equal(error, null);
  assert.deepEqual(paramsOf(proxy.requestsOf('AuthorizeSecurityGroupIngress')[0], /^IpPermissions/), {
    'IpPermissions.1.IpProtocol': 'tcp',
    'IpPermissions.1.FromPort': '22',
    'IpPermissions.1.ToPort': '22',
    'IpPermissions.1.IpRanges.1.CidrIp': '198.51.100.9/32',
    'IpPermissions.2.IpProtocol': 'tcp',
    'IpPermissions.2.FromPort': '8000',
    'IpPermissions.2.ToPort': '8010',
    'IpPermissions.2.Ipv6Ranges.1.CidrIpv6': '2001:db8::/32',
    'IpPermissions.2.Ipv6Ranges.1.Description': 'lab',
    'IpPermissions.3.IpProtocol': '-1',
    'IpPermissions.3.IpRanges.1.CidrIp': '10.0.0.0/8',
  });
});

awsTest('a new private key is saved for its owner alone, and told nowhere', async ({ folder }) => {
  const file = path.join(folder, 'keys', 'p2.pem');
  const keyPair = { create: { name: 'p2-key', saveTo: 'keys/p2.pem' } };
  const { result, events } = await launchOnTestAws(testProfile({ keyPair }), { folder });
  const text = readFileSync(file, 'utf8');
  assert.match(text, /PRIVATE KEY/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(result?.keyFile, file);
  assert.ok(!JSON.stringify([events, result]).includes(text.split('\n')[1] ?? 'none'));
});

awsTest('a file that is there is never written over, and nothing is asked for', async ({ folder, proxy }) => {
  const file = path.join(folder, 'there.pem');
  writeFileSync(file, 'mine');
  const keyPair = { create: { name: 'p2-key', saveTo: file } };
  const { error } = await launchOnTestAws(testProfile({ keyPair }), { folder });
  assert.equal((error as { code: string }).code, 'cloud-file');
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  assert.equal(proxy.requestsOf('CreateKeyPair').length, 0);
  assert.deepEqual(await whatIsThere(), []);
});

awsTest('a private key is not given away as a public one', async ({ folder, proxy }) => {
  const file = path.join(folder, 'id');
  writeFileSync(file, '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n');
  const { error } = await launchOnTestAws(testProfile({ keyPair: { import: { name: 'k', publicKeyFile: 'id' } } }), {
    folder,
  });
  assert.equal((error as { code: string }).code, 'cloud-file');
  assert.equal(proxy.requests.length, 0);
});

awsTest('the same token gives the machine that is there, and makes no second one', async ({ folder, proxy }) => {
  const first = await launchOnTestAws(testProfile(), { folder });
  const second = await launchOnTestAws(testProfile(), { folder });
  assert.deepEqual(second.result?.instances, first.result?.instances);
  assert.equal(proxy.requestsOf('RunInstances').length, 1);
  assert.deepEqual(
    (await whatIsThere()).filter((one) => one === 'machine'),
    ['machine'],
  );
});

awsTest('a profile that is wrong is refused before anything is asked', async ({ folder, proxy }) => {
  const { error } = await launchOnTestAws(testProfile({ volumes: [{ device: 'root', type: 'st1', sizeGb: 200 }] }), {
    folder,
  });
  assert.deepEqual(
    [(error as { code: string }).code, (error as { path: string }).path],
    ['cloud-profile', 'volumes[0].type'],
  );
  assert.equal(proxy.requests.length, 0);
  assert.equal(existsSync(path.join(folder, 'keys-none')), false);
});
