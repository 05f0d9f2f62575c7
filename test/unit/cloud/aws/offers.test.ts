/** Offers of GPU machines: what fits, what is asked, and what is told when a part of it fails. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { providerModule } from '../../../../src/cloud/aws/aws.ts';
import { fitsQuery, toOffer } from '../../../../src/cloud/aws/instanceTypes.ts';
import { quotaClassOf } from '../../../../src/cloud/aws/quotas.ts';
import { MAX_POINTS, thinned } from '../../../../src/cloud/aws/spotHistory.ts';
import { mergeParallel } from '../../../../src/cloud/mergeParallel.ts';
import type { OffersOfRegion } from '../../../../src/cloud/provider.ts';
import type { Offer, OfferQuery } from '../../../../src/common/cloud/offer.ts';
import { ec2, rulePrices } from '../../../fixtures/cloud/awsPrices.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws } from '../../../fixtures/cloud/testAws.ts';

const MIB = 2 ** 20;

function offerOf(type: string, gpu: { name: string; count: number; mib: number } | null): Offer {
  const offer = toOffer(
    {
      InstanceType: type as never,
      ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
      VCpuInfo: { DefaultVCpus: 4 },
      MemoryInfo: { SizeInMiB: 16_384 },
      ...(gpu === null
        ? {}
        : { GpuInfo: { Gpus: [{ Name: gpu.name, Count: gpu.count, MemoryInfo: { SizeInMiB: gpu.mib } }] } }),
    },
    'us-east-1',
  );
  assert.ok(offer !== null);
  return offer;
}

test('a machine fits by card, number of cards, memory of all cards together and name', () => {
  const g5 = offerOf('g5.12xlarge', { name: 'A10G', count: 4, mib: 22_888 });
  const one = offerOf('g5.xlarge', { name: 'A10G', count: 1, mib: 22_888 });
  const bare = offerOf('m5.large', null);
  const fits = (query: Omit<OfferQuery, 'regions'>) =>
    [g5, one, bare].map((offer) => fitsQuery(offer, { regions: [], ...query }));
  assert.deepEqual(fits({}), [true, true, false]);
  assert.deepEqual(fits({ withoutGpu: true }), [true, true, true]);
  assert.deepEqual(fits({ gpuName: 'a10g' }), [true, true, false]);
  assert.deepEqual(fits({ gpuName: 'A100' }), [false, false, false]);
  assert.deepEqual(fits({ gpuCount: 2 }), [true, false, false]);
  assert.deepEqual(fits({ gpuMemoryBytes: 24 * 1024 * MIB }), [true, true, false]); // Sold with 24 GB.
  assert.deepEqual(fits({ gpuMemoryBytes: 40 * 1024 * MIB }), [true, false, false]);
  assert.deepEqual(fits({ instanceType: 'g5.*' }), [true, true, false]);
  assert.deepEqual(fits({ instanceType: 'G5.X' }), [false, true, false]);
  assert.deepEqual(fits({ instanceType: 'm5', withoutGpu: true }), [false, false, true]);
});

test('each kind of machine is counted by its own quota', () => {
  const names = [
    'g5.xlarge',
    'gr6.4xlarge',
    'vt1.3xlarge',
    'p2.xlarge',
    'p4d.24xlarge',
    'p5.48xlarge',
    'dl1.24xlarge',
    'trn1.2xlarge',
    'm5.large',
    'u-6tb1.metal',
  ];
  assert.deepEqual(
    names.map((name) => [quotaClassOf(name)?.onDemand.code, quotaClassOf(name)?.spot.code]),
    [
      ['L-DB2E81BA', 'L-3819A6DF'],
      ['L-DB2E81BA', 'L-3819A6DF'],
      ['L-DB2E81BA', 'L-3819A6DF'],
      ['L-417A185B', 'L-7212CCBC'],
      ['L-417A185B', 'L-7212CCBC'],
      ['L-417A185B', 'L-C4BD4855'],
      ['L-6E869C2A', 'L-85EED4F7'],
      ['L-2C3B7624', 'L-6B0D517C'],
      ['L-1216C47A', 'L-34B43A08'],
      [undefined, undefined],
    ],
  );
});

test('a long history keeps its ends, its peak and no more points than can be shown', () => {
  const points = Array.from({ length: 1000 }, (_, at) => ({ at: String(at), perHourUsd: at === 537 ? 9 : 1 }));
  const kept = thinned(points);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [MAX_POINTS, points[0], points[999]]);
  assert.ok(kept.some(({ perHourUsd }) => perHourUsd === 9));
  assert.equal(thinned(points.slice(0, 60)).length, 60);
});

test('streams are merged as they speak, so many at a time', async () => {
  let open = 0;
  let most = 0;
  let finishLast: () => void = () => undefined;
  const last = new Promise<void>((resolve) => {
    finishLast = resolve;
  });
  async function* stream(name: number) {
    open += 1;
    most = Math.max(most, open);
    await (name === 0 ? last : undefined);
    yield `${name}a`;
    yield `${name}b`;
    open -= 1;
    if (name === 4) {
      finishLast();
    }
  }
  const seen: string[] = [];
  for await (const one of mergeParallel([0, 1, 2, 3, 4], 2, stream)) {
    seen.push(one);
  }
  assert.deepEqual([seen.length, most, seen.slice(-2)], [10, 2, ['0a', '0b']]);
  await assert.rejects(async () => {
    for await (const one of mergeParallel([1, 2], 2, async function* (at) {
      yield at;
      throw new Error(`broke ${at}`);
    })) {
      void one;
    }
  }, /broke/);
});

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
after(async () => {
  assert.deepEqual(aws?.proxy.unknown ?? [], []);
  await aws?.stop();
});
beforeEach(async () => {
  await aws?.reset();
  if (aws !== undefined) {
    rulePrices(aws.proxy);
  }
});

async function offers(query: OfferQuery, signal = AbortSignal.timeout(60_000)): Promise<OffersOfRegion[]> {
  const events: OffersOfRegion[] = [];
  for await (const event of providerModule.open({ profile: null, version: '0.0.0' }).offers(query, signal)) {
    events.push(event);
  }
  return events;
}

test('an offer has card, zones, prices, history and both quotas', { skip }, async () => {
  const [bare, full] = await offers({ regions: ['us-east-1'], instanceType: 'g5.xlarge', count: 3 });
  const [one] = full?.offers ?? [];
  assert.deepEqual(
    [bare?.isComplete, bare?.offers[0]?.onDemandPerHourUsd, full?.isComplete, full?.faults],
    [false, null, true, []],
  );
  assert.deepEqual(
    [one?.gpu?.name, one?.gpu?.count, one?.vcpus, one?.architecture, one?.zones.includes('us-east-1a')],
    ['A10G', 1, 4, 'x86_64', true],
  );
  assert.deepEqual(
    [one?.onDemandPerHourUsd, one?.spot?.zone, one?.spot?.history.length, one?.spot?.placementScore],
    [1.006, 'us-east-1b', 3, 7],
  );
  assert.deepEqual(
    [one?.quota?.limit, one?.quota?.needed, one?.quota?.used, one?.spotQuota?.name],
    [64, 12, 0, 'All G and VT Spot Instance Requests'],
  );
  assert.match(one?.quota?.requestUrl ?? '', /L-DB2E81BA$/);
});

test('all pages of the history are read', { skip }, async () => {
  const item = (zone: string, price: number, at: string) =>
    `<item><instanceType>g5.xlarge</instanceType><spotPrice>${price}</spotPrice><timestamp>${at}</timestamp><availabilityZone>${zone}</availabilityZone></item>`;
  aws?.proxy.on({
    action: 'DescribeSpotPriceHistory',
    answer: ({ params }) => ({
      body: ec2(
        'DescribeSpotPriceHistoryResponse',
        params.NextToken === undefined
          ? `<spotPriceHistorySet>${item('us-east-1a', 0.5, '2026-11-20T00:00:00Z')}</spotPriceHistorySet><nextToken>more</nextToken>`
          : `<spotPriceHistorySet>${item('us-east-1c', 0.3, '2026-11-19T00:00:00Z')}${item('us-east-1c', 0.2, '2026-11-18T00:00:00Z')}</spotPriceHistorySet>`,
      ),
    }),
  });
  const [, full] = await offers({ regions: ['us-east-1'], instanceType: 'g5.xlarge' });
  const spot = full?.offers[0]?.spot;
  assert.deepEqual(
    [spot?.zone, spot?.perHourUsd, spot?.history.map((one) => one.perHourUsd)],
    ['us-east-1c', 0.3, [0.2, 0.3]],
  );
});

test('what may not be asked is told, and the rest is there', { skip }, async () => {
  const denied = (action: string) => ({
    action,
    answer: { error: 'AccessDeniedException', message: `not authorized to perform: x:${action}`, status: 403 },
  });
  aws?.proxy.on(denied('GetProducts'));
  aws?.proxy.on(denied('GetServiceQuota'));
  aws?.proxy.on({ action: 'GetSpotPlacementScores', answer: { error: 'UnauthorizedOperation', status: 403 } });
  const [, full] = await offers({ regions: ['us-east-1'], instanceType: 'g5.xlarge' });
  const [one] = full?.offers ?? [];
  assert.deepEqual(
    [one?.onDemandPerHourUsd, one?.quota, one?.spot?.perHourUsd, one?.spot?.placementScore],
    [null, null, 0.36216, null],
  );
  assert.deepEqual(full?.faults.map((fault) => fault.split(':')[0]).sort(), ['us-east-1, prices', 'us-east-1, quotas']);
  assert.match(full?.faults.join() ?? '', /x:GetServiceQuota/);
});

test('a region that fails is told, and the others go on', { skip }, async () => {
  aws?.proxy.on({
    region: 'eu-west-1',
    action: 'DescribeInstanceTypes',
    answer: {
      error: 'UnauthorizedOperation',
      message: 'not authorized to perform: ec2:DescribeInstanceTypes',
      status: 403,
    },
  });
  const events = await offers({ regions: ['us-east-1', 'eu-west-1'], instanceType: 'g5.xlarge' });
  assert.deepEqual(events.map((one) => [one.region, one.isComplete, one.offers.length]).sort(), [
    ['eu-west-1', true, 0],
    ['us-east-1', false, 1],
    ['us-east-1', true, 1],
  ]);
});

test('credentials that are refused end all', { skip }, async () => {
  aws?.proxy.on({ action: 'DescribeInstanceTypes', answer: { error: 'AuthFailure', status: 401 } });
  await assert.rejects(offers({ regions: ['us-east-1', 'eu-west-1'] }), { code: 'cloud-credentials' });
});

test('a quota that the account never had changed is the default one', { skip }, async () => {
  aws?.proxy.on({ action: 'GetServiceQuota', answer: { error: 'NoSuchResourceException' } });
  aws?.proxy.on({ action: 'GetAWSDefaultServiceQuota', answer: { body: { Quota: { Value: 0 } } } });
  const [, full] = await offers({ regions: ['us-east-1'], instanceType: 'g5.xlarge' });
  assert.deepEqual([full?.offers[0]?.quota?.limit, full?.offers[0]?.quota?.needed], [0, 4]);
});

test('giving up while prices are asked for ends it', { skip }, async () => {
  const stop = new AbortController();
  aws?.proxy.on({
    action: 'GetProducts',
    answer: async () => {
      stop.abort();
      await delay(300);
      return { body: { PriceList: [] } };
    },
  });
  await assert.rejects(offers({ regions: ['us-east-1'], instanceType: 'g5.xlarge' }, stop.signal), {
    name: 'AbortError',
  });
});
