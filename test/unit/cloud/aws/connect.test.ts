/** Getting into machines of EC2, and its warnings: the real SDK against moto, with what moto lacks from the proxy. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { createConnectVerbs } from '../../../../src/cloud/aws/connect.ts';
import type { InstanceRef } from '../../../../src/common/cloud/instance.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';

const skip = await motoMissing();
const UBUNTU = 'ami-0dl0tf218000000001';
const KEYS = `-----BEGIN SSH HOST KEY KEYS-----
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 root@ip-10-0-0-1
-----END SSH HOST KEY KEYS-----
`;
const signal = AbortSignal.timeout(120_000);

describe('connecting at AWS', { skip }, () => {
  let aws: TestAws;
  before(async () => {
    aws = await startTestAws();
  });
  beforeEach(() => aws.reset());
  after(async () => {
    const unknown = [...aws.proxy.unknown];
    await aws.stop();
    assert.deepEqual(unknown, []);
  });

  const clients = () => createAwsClients({ profile: null, version: '0' });

  async function launch(tags: Record<string, string> = {}, more: object = {}): Promise<InstanceRef> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Instances } = await clients()
      .of('ec2', 'us-east-1')
      .send(
        new RunInstancesCommand({
          ImageId: UBUNTU,
          InstanceType: 'g5.xlarge',
          MinCount: 1,
          MaxCount: 1,
          ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
          ...more,
        }),
      );
    return { provider: 'aws', region: 'us-east-1', id: Instances?.[0]?.InstanceId ?? '' };
  }

  async function makeGroup(): Promise<string> {
    const { GroupId = '' } = await clients()
      .of('ec2', 'us-east-1')
      .send(new CreateSecurityGroupCommand({ GroupName: 'door', Description: 'of a test' }));
    return GroupId;
  }

  const tellConsole = (text: string) =>
    aws.proxy.on({
      action: 'GetConsoleOutput',
      answer: {
        body: `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><instanceId>i-1</instanceId><output>${Buffer.from(text).toString('base64')}</output></GetConsoleOutputResponse>`,
      },
    });

  test('a machine has its address, the user of its image, the keys of its console and its services', async () => {
    const group = await makeGroup();
    const machine = await launch({}, { SecurityGroupIds: [group] });
    tellConsole(KEYS);
    const { host, ...info } = await createConnectVerbs(clients()).connect(machine, signal);
    assert.match(host, /^\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual(info, {
      port: 22,
      user: 'ubuntu',
      name: null,
      keyPair: null,
      keyFile: null,
      hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'],
      services: [
        { name: 'rstudio', port: 8787, user: null, password: null },
        { name: 'jupyter', port: 8888, user: null, password: null },
      ],
      access: { groups: [`door (${group})`], openTo: [] },
    });
    assert.equal(aws.proxy.requestsOf('GetConsoleOutput')[0]?.params.Latest, 'true');
  });

  test("the book's RStudio image has its user, and the machine's id as the password", async () => {
    const machine = await launch();
    const name = /<name>Deep Learning OSS Nvidia Driver AMI GPU TensorFlow[^<]*<\/name>/;
    aws.proxy.on({
      action: 'DescribeImages',
      answer: { changeAnswer: (body) => body.replace(name, '<name>RStudio Server with TensorFlow-GPU</name>') },
    });
    const { services, user } = await createConnectVerbs(clients()).connect(machine, signal);
    assert.equal(user, 'ubuntu');
    assert.deepEqual(services[0], { name: 'rstudio', port: 8787, user: 'rstudio-user', password: machine.id });
  });

  test('tags name another port and user, and who may come in by that port', async () => {
    const group = await makeGroup();
    const tags = { 'skillet:ssh-port': '2222', 'skillet:ssh-user': 'rocky' };
    const machine = await launch(tags, { SecurityGroupIds: [group] });
    await clients()
      .of('ec2', 'us-east-1')
      .send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: group,
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 2000, ToPort: 3000, IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '198.51.100.7/32' }] },
          ],
        }),
      );
    const { port, user, access } = await createConnectVerbs(clients()).connect(machine, signal);
    assert.deepEqual([port, user, access.openTo], [2222, 'rocky', ['203.0.113.0/24']]);
  });

  test('whoever may not ask for image, console and groups gets in all the same', async () => {
    const machine = await launch();
    for (const action of ['DescribeImages', 'GetConsoleOutput', 'DescribeSecurityGroups']) {
      aws.proxy.on({ action, answer: { error: 'UnauthorizedOperation', status: 403 } });
    }
    const { user, hostKeys, access } = await createConnectVerbs(clients()).connect(machine, signal);
    assert.deepEqual([user, hostKeys, access.openTo], ['ubuntu', [], null]);
  });

  test('a machine whose kind has no newest output gives the one that was kept', async () => {
    const machine = await launch();
    tellConsole(KEYS);
    aws.proxy.on({
      action: 'GetConsoleOutput',
      when: ({ params }) => params.Latest === 'true',
      answer: { error: 'UnsupportedOperation' },
    });
    assert.equal((await createConnectVerbs(clients()).connect(machine, signal)).hostKeys.length, 1);
  });

  test('a stopped machine and one that is not there are told as that', async () => {
    const machine = await launch();
    await clients()
      .of('ec2', 'us-east-1')
      .send(new StopInstancesCommand({ InstanceIds: [machine.id] }));
    const verbs = createConnectVerbs(clients());
    const stopped = { code: 'cloud-state', path: machine.id, message: 'The machine is stopped.', remedy: 'Start it.' };
    await assert.rejects(verbs.connect(machine, signal), stopped);
    await assert.rejects(verbs.readiness(machine, signal), stopped);
    const gone = { ...machine, id: 'i-0123456789abcdef0' };
    await assert.rejects(verbs.connect(gone, signal), { code: 'cloud-not-found' });
  });

  test('readiness is what the checks say', async () => {
    const machine = await launch();
    const verbs = createConnectVerbs(clients());
    assert.deepEqual(await verbs.readiness(machine, signal), {
      isRunning: true,
      systemCheck: 'ok',
      instanceCheck: 'ok',
    });
    aws.proxy.on({
      action: 'DescribeInstanceStatus',
      answer: {
        changeAnswer: (body) =>
          body
            .replace('<status>ok</status>', '<status>initializing</status>')
            .replace('<status>ok</status>', '<status>impaired</status>'),
      },
    });
    const changed = await verbs.readiness(machine, signal);
    assert.deepEqual([changed.systemCheck, changed.instanceCheck].toSorted(), ['failed', 'waiting']);
    assert.equal(aws.proxy.requestsOf('DescribeInstanceStatus')[0]?.params.IncludeAllInstances, 'true');
  });

  const REQUESTS = (items: string) =>
    `<DescribeSpotInstanceRequestsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><spotInstanceRequestSet>${items}</spotInstanceRequestSet></DescribeSpotInstanceRequestsResponse>`;
  const request = (id: string, code: string, behavior = 'terminate') =>
    `<item><spotInstanceRequestId>sir-${id}</spotInstanceRequestId><state>active</state><status><code>${code}</code><updateTime>2026-11-25T10:00:00.000Z</updateTime></status><instanceId>${id}</instanceId><instanceInterruptionBehavior>${behavior}</instanceInterruptionBehavior></item>`;

  test('requests that are marked are interruptions, two minutes ahead', async () => {
    aws.proxy.on({
      action: 'DescribeSpotInstanceRequests',
      answer: {
        body: REQUESTS(
          request('i-1', 'fulfilled') +
            request('i-2', 'marked-for-termination') +
            request('i-3', 'marked-for-stop', 'stop') +
            request('i-4', 'marked-for-stop', 'hibernate'),
        ),
      },
    });
    const at = '2026-11-25T10:02:00.000Z';
    assert.deepEqual(await createConnectVerbs(clients()).notices('us-east-1', signal), [
      { kind: 'interruption', instanceId: 'i-2', region: 'us-east-1', at, action: 'terminate' },
      { kind: 'interruption', instanceId: 'i-3', region: 'us-east-1', at, action: 'stop' },
      { kind: 'interruption', instanceId: 'i-4', region: 'us-east-1', at, action: 'hibernate' },
    ]);
  });

  test('what a spot machine of ours was told is read from its console, while it is fresh', async () => {
    const spot = { InstanceMarketOptions: { MarketType: 'spot' } };
    const machine = await launch({ 'skillet:made-by': '0' }, spot);
    await launch({ 'skillet:made-by': '0' }); // Not spot.
    await launch({}, spot); // Not ours.
    aws.proxy.reset();
    const now = new Date(Date.now() + 1000).toISOString();
    tellConsole(
      `skillet-notice {"kind":"interruption","at":"2020-01-01T00:00:00Z","action":"stop","seenAt":"2020-01-01T00:00:00Z"}
skillet-notice {"kind":"rebalance","action":null,"at":null,"reason":"spot","seenAt":"${now}"}`,
    );
    assert.deepEqual(await createConnectVerbs(clients()).notices('us-east-1', signal), [
      { kind: 'rebalance', instanceId: machine.id, region: 'us-east-1', at: null, action: null },
    ]);
    assert.deepEqual(
      aws.proxy.requestsOf('GetConsoleOutput').map(({ params }) => params.InstanceId),
      [machine.id],
    );
  });

  test('a region that refuses the question says so in words', async () => {
    aws.proxy.on({ action: 'DescribeSpotInstanceRequests', answer: { error: 'UnauthorizedOperation', status: 403 } });
    await assert.rejects(createConnectVerbs(clients()).notices('us-east-1', signal), { code: 'cloud-permission' });
  });
});
