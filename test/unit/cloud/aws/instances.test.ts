/** Machines of EC2 by the real SDK against moto: listed in pages, priced, started, stopped and ended. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  RequestSpotInstancesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { createInstanceVerbs } from '../../../../src/cloud/aws/instances.ts';
import type { InstanceVerbs } from '../../../../src/cloud/provider.ts';
import type { Instance } from '../../../../src/common/cloud/instance.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { useTestAws } from '../../../fixtures/cloud/useTestAws.ts';

const skip = await motoMissing();
const REGION = 'us-east-1';
const IMAGE = 'ami-0dl0tf218000000001';

let verbs: InstanceVerbs;
const signal = AbortSignal.timeout(300_000);
const on = useTestAws(skip, () => {
  verbs = createInstanceVerbs(createAwsClients({ profile: null, version: '0.1.0' }));
});
let ec2: EC2Client;
before(() => {
  ec2 = new EC2Client({ region: REGION });
});
after(() => ec2.destroy());

async function run(input: Partial<ConstructorParameters<typeof RunInstancesCommand>[0]> = {}): Promise<string> {
  const command = new RunInstancesCommand({
    ImageId: IMAGE,
    InstanceType: 'g5.xlarge',
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'p2' }] }],
    ...input,
  });
  const { Instances = [] } = await ec2.send(command);
  return Instances[0]?.InstanceId ?? '';
}

async function list(region = REGION): Promise<Instance[]> {
  const found = new Map<string, Instance>();
  for await (const page of verbs.list(region, signal)) {
    for (const one of page) {
      found.set(one.id, one);
    }
  }
  return [...found.values()];
}

async function only(): Promise<Instance> {
  const [machine, ...others] = await list();
  assert.ok(machine !== undefined && others.length === 0);
  return machine;
}

const state = async () => (await only()).state;

test('a machine is told in Skillet’s words', { skip }, async () => {
  const id = await run();
  const { launchedAt, volumeIds, keptVolumeIds, publicAddress, privateAddress, securityGroups, ...machine } =
    await only();
  assert.ok(Math.abs(Date.parse(launchedAt ?? '') - Date.now()) < 120_000);
  assert.equal(volumeIds.length, 1);
  assert.deepEqual(keptVolumeIds, []);
  assert.match(`${publicAddress} ${privateAddress}`, /^[\d.]+ [\d.]+$/);
  assert.ok(Array.isArray(securityGroups));
  assert.deepEqual(machine, {
    provider: 'aws',
    region: REGION,
    id,
    name: 'p2',
    zone: 'us-east-1a',
    state: 'running',
    stateReason: null,
    instanceType: 'g5.xlarge',
    gpu: { name: 'A10G', count: 1, memoryBytes: 24 * 1024 ** 3 },
    purchase: 'onDemand',
    spotRequestId: null,
    stoppedAt: null,
    imageId: IMAGE,
    keyPair: null,
    tags: { Name: 'p2' },
  });
});

test('1,000 a page are asked for, and the next page with the token of the one before', { skip }, async () => {
  await run();
  const xml = (id: string, token: string) =>
    `<?xml version="1.0"?><DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet><item><reservationId>r-1</reservationId><instancesSet><item><instanceId>${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState><instanceType>c5.large</instanceType></item></instancesSet></item></reservationSet>${token}</DescribeInstancesResponse>`;
  on.aws.proxy.on({
    action: 'DescribeInstances',
    answer: ({ params }) => ({
      body: params.NextToken === 'second' ? xml('i-2', '') : xml('i-1', '<nextToken>second</nextToken>'),
    }),
  });
  const pages: string[][] = [];
  for await (const page of verbs.list(REGION, signal)) {
    pages.push(page.map(({ id }) => id));
  }
  assert.deepEqual(pages, [['i-1'], ['i-2']]);
  assert.deepEqual(
    on.aws.proxy.requestsOf('DescribeInstances').map(({ params }) => [params.MaxResults, params.NextToken]),
    [
      ['1000', undefined],
      ['1000', 'second'],
    ],
  );
  assert.deepEqual(
    on.aws.proxy.requestsOf('DescribeInstanceTypes'),
    [],
    'nothing is asked about families without cards',
  );
});

test('cards of a type that the table lacks come after the page, and are asked for once', { skip }, async () => {
  await run({ InstanceType: 'g6f.xlarge' });
  const pages: (string | null)[] = [];
  for await (const page of verbs.list(REGION, signal)) {
    pages.push(page[0]?.gpu?.name ?? null);
  }
  assert.deepEqual(pages, [null, 'L4']);
  await list();
  assert.equal(on.aws.proxy.requestsOf('DescribeInstanceTypes').length, 1);
});

test('stop, start, reboot and terminate do what they say', { skip }, async () => {
  await run();
  const machine = await only();
  await verbs.stop(machine, signal);
  assert.equal(await state(), 'stopped');
  assert.ok((await only()).stoppedAt !== null);
  await verbs.start(machine, signal);
  assert.equal(await state(), 'running');
  await verbs.reboot(machine, signal);
  assert.equal(on.aws.proxy.requestsOf('RebootInstances')[0]?.params['InstanceId.1'], machine.id);
  await verbs.terminate(machine, signal);
  assert.equal(await state(), 'terminated');
  assert.deepEqual(on.aws.proxy.requestsOf('CancelSpotInstanceRequests'), []);
});

test('an action in a wrong state, without permission, or on nothing says so', { skip }, async () => {
  await run();
  const machine = await only();
  on.aws.proxy.on({
    action: 'StopInstances',
    times: 1,
    answer: { error: 'IncorrectInstanceState', message: 'not now' },
  });
  await assert.rejects(verbs.stop(machine, signal), { name: 'SkilletError', code: 'cloud-state', path: machine.id });
  on.aws.proxy.on({
    action: 'StopInstances',
    times: 1,
    answer: {
      error: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
  await assert.rejects(verbs.stop(machine, signal), { code: 'cloud-permission', message: /ec2:StopInstances/ });
  await assert.rejects(verbs.start({ ...machine, id: 'i-0123456789abcdef0' }, signal), { code: 'cloud-not-found' });
});

async function persistentSpot(): Promise<Instance> {
  await ec2.send(
    new RequestSpotInstancesCommand({
      SpotPrice: '0.5',
      Type: 'persistent',
      LaunchSpecification: { ImageId: IMAGE, InstanceType: 'g5.xlarge' },
    }),
  );
  const { SpotInstanceRequests = [] } = await ec2.send(new DescribeSpotInstanceRequestsCommand({}));
  const request = SpotInstanceRequests[0]?.SpotInstanceRequestId ?? '';
  on.aws.proxy.on({
    action: 'DescribeInstances',
    // moto's machines do not say which request they are of.
    answer: {
      changeAnswer: (body) =>
        body.replace('</instanceId>', `</instanceId><spotInstanceRequestId>${request}</spotInstanceRequestId>`),
    },
  });
  const machine = await only();
  assert.deepEqual([machine.purchase, machine.spotRequestId], ['spot', request]);
  return machine;
}

test('a lasting spot request is cancelled before its machine is terminated', { skip }, async () => {
  const machine = await persistentSpot();
  await verbs.terminate(machine, signal);
  const actions = on.aws.proxy.requests.map(({ action }) => action);
  const cancel = actions.indexOf('CancelSpotInstanceRequests');
  assert.ok(cancel !== -1 && cancel < actions.indexOf('TerminateInstances'), actions.join());
  const [request] = on.aws.proxy.requestsOf('CancelSpotInstanceRequests');
  assert.equal(request?.params['SpotInstanceRequestId.1'], machine.spotRequestId);
  assert.equal(await state(), 'terminated');
});

test('a refused cancel is told, and the machine is left as it was', { skip }, async () => {
  const machine = await persistentSpot();
  on.aws.proxy.on({
    action: 'CancelSpotInstanceRequests',
    answer: {
      error: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
      status: 403,
    },
  });
  await assert.rejects(verbs.terminate(machine, signal), {
    code: 'cloud-permission',
    message: /was not terminated: its lasting spot request/,
  });
  assert.deepEqual(on.aws.proxy.requestsOf('TerminateInstances'), []);
});

test('who may not look at spot requests can end a spot machine all the same', { skip }, async () => {
  const machine = await persistentSpot();
  on.aws.proxy.on({ action: 'DescribeSpotInstanceRequests', answer: { error: 'UnauthorizedOperation', status: 403 } });
  await verbs.terminate(machine, signal);
  const [request] = on.aws.proxy.requestsOf('CancelSpotInstanceRequests');
  assert.equal(request?.params['SpotInstanceRequestId.1'], machine.spotRequestId);
  assert.equal(await state(), 'terminated');
});

test('costs add computing, disks and address; one price that is missing is told as missing', { skip }, async () => {
  await run();
  const machine = await only();
  on.aws.proxy.on({
    service: 'pricing',
    action: 'GetProducts',
    answer: ({ body }) => ({ body: { PriceList: priceList(body) } }),
  });
  const cost = (await verbs.costs([machine], signal)).get(machine.id);
  const parts = Object.fromEntries((cost?.parts ?? []).map(({ kind, perHourUsd }) => [kind, perHourUsd]));
  assert.equal(parts.computing, 1.006);
  assert.equal(cost?.parts?.length, 3);
  assert.ok(cost !== undefined && cost.soFarUsd !== null && cost.soFarUsd >= 0 && cost.soFarUsd < 0.2);
  const sum = (cost.parts ?? []).every(({ perHourUsd }) => perHourUsd !== null)
    ? (cost.parts ?? []).reduce((total, { perHourUsd }) => total + (perHourUsd ?? 0), 0)
    : null;
  assert.equal(cost.perHourUsd, sum);
});

test('where prices may not be asked a machine costs a question mark and is listed all the same', { skip }, async () => {
  await run();
  const machine = await only();
  on.aws.proxy.on({
    service: 'pricing',
    action: 'GetProducts',
    answer: { error: 'AccessDeniedException', status: 400 },
  });
  const cost = (await verbs.costs([machine], signal)).get(machine.id);
  assert.deepEqual([cost?.perHourUsd, cost?.soFarUsd], [null, null]);
});

test('a spot machine costs what its own zone costs now', { skip }, async () => {
  const machine = await persistentSpot();
  on.aws.proxy.on({
    action: 'DescribeSpotPriceHistory',
    answer: {
      body: `<?xml version="1.0"?><DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><spotPriceHistorySet>${[
        ['us-east-1z', '0.1'],
        [machine.zone, '0.41'],
        [machine.zone, '0.39'],
      ]
        .map(
          ([zone, price]) =>
            `<item><instanceType>g5.xlarge</instanceType><availabilityZone>${zone}</availabilityZone><spotPrice>${price}</spotPrice><timestamp>2026-11-25T10:00:00Z</timestamp></item>`,
        )
        .join('')}</spotPriceHistorySet></DescribeSpotPriceHistoryResponse>`,
    },
  });
  const cost = (await verbs.costs([machine], signal)).get(machine.id);
  assert.equal(cost?.parts?.[0]?.perHourUsd, 0.41);
});

test('how long a machine is idle comes from one request for all of them', { skip }, async () => {
  const ids = [await run(), await run(), await run()];
  const machines = await list();
  const now = Date.now();
  const at = (minutes: number) => Math.floor((now - minutes * 60_000) / 1000);
  const [idle = '', busy = ''] = machines.map(({ id }) => id);
  on.aws.proxy.on({
    action: 'GetMetricData',
    answer: ({ body }) => {
      return metricAnswer(body, (id) =>
        id === idle
          ? [
              [at(5), 0.4],
              [at(10), 0.6],
              [at(15), 55],
            ]
          : id === busy
            ? [
                [at(5), 44],
                [at(10), 0.1],
              ]
            : [],
      );
    },
  });
  const found = await verbs.idle(machines, signal);
  assert.equal(on.aws.proxy.requestsOf('GetMetricData').length, 1);
  assert.equal(found.size, ids.length);
  assert.equal(found.get(idle)?.idleSince, new Date(at(10) * 1000).toISOString());
  assert.equal(found.get(idle)?.cpuShare, 0.004);
  assert.deepEqual(found.get(busy), { idleSince: null, cpuShare: 0.44 });
});

test('the system log is the newest where there is such, else the kept one', { skip }, async () => {
  await run();
  const machine = await only();
  assert.match(await verbs.systemLog(machine, signal), /Linux version/);
  on.aws.proxy.on({
    action: 'GetConsoleOutput',
    when: ({ params }) => params.Latest === 'true',
    answer: { error: 'UnsupportedOperation' },
  });
  assert.match(await verbs.systemLog(machine, signal), /Linux version/);
});

test('the console’s page is the machine’s own', { skip }, () => {
  const ref = { provider: 'aws', region: 'eu-west-1', id: 'i-0abc' } as const;
  assert.equal(
    verbs.consoleUrl(ref),
    'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0abc',
  );
});

test('a listing that is cut off says so; one that is given up ends at once', { skip }, async () => {
  on.aws.proxy.on({ action: 'DescribeInstances', answer: { error: 'RequestLimitExceeded', status: 503 } });
  await assert.rejects(list(), { code: 'cloud-throttled' });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  on.aws.proxy.on({ action: 'DescribeInstances', answer: () => held.then(() => ({ cut: 'before' as const })) });
  const cancel = new AbortController();
  const asked = verbs.list(REGION, cancel.signal)[Symbol.asyncIterator]().next();
  setTimeout(() => cancel.abort(), 100);
  await assert.rejects(Promise.resolve(asked), { name: 'AbortError' });
  release();
});

/** As the price list has them. */
function priceList(body: string): string[] {
  const product = (family: string, attributes: object, usd: string) =>
    JSON.stringify({
      product: { productFamily: family, attributes },
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } } },
    });
  return body.includes('instanceType')
    ? [product('Compute Instance', { instanceType: 'g5.xlarge', usagetype: 'BoxUsage:g5.xlarge' }, '1.006')]
    : [];
}

function metricAnswer(body: string, pointsOf: (id: string) => (readonly [number, number])[]) {
  const asked = body.startsWith('{')
    ? (JSON.parse(body) as {
        MetricDataQueries: { Id: string; MetricStat: { Metric: { Dimensions: { Value: string }[] } } }[];
      })
    : null;
  return {
    body: {
      MetricDataResults: (asked?.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
        const points = pointsOf(MetricStat.Metric.Dimensions[0]?.Value ?? '');
        return {
          Id,
          Label: Id,
          StatusCode: 'Complete',
          Timestamps: points.map(([at]) => at),
          Values: points.map(([, value]) => value),
        };
      }),
    },
  };
}
