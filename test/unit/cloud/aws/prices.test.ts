/** Prices as the Price List API tells them: reckoning alone, then through the SDK. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { type Product, readProduct } from '../../../../src/cloud/aws/priceList.ts';
import { createPrices } from '../../../../src/cloud/aws/prices.ts';
import { volumePricePerHour } from '../../../../src/cloud/aws/volumePrice.ts';
import { formatUsd } from '../../../../src/common/cloud/priceText.ts';
import type { SkilletError } from '../../../../src/common/errors.ts';
import { rulePrices } from '../../../fixtures/cloud/awsPrices.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws } from '../../../fixtures/cloud/testAws.ts';

const product = (family: string, usagetype: string, usd: number, unit = 'GB-Mo'): Product => ({
  family,
  attributes: { usagetype },
  unit,
  usd,
});
const GP3 = [
  product('Storage', 'EUW1-EBS:VolumeUsage.gp3', 0.08),
  product('System Operation', 'EUW1-EBS:VolumeP-IOPS.gp3', 0.005, 'IOPS-Mo'),
  product('Provisioned Throughput', 'EUW1-EBS:VolumeP-Throughput.gp3', 40.96, 'GiBps-mo'),
];
const IO2 = [
  product('Storage', 'EBS:VolumeUsage.io2', 0.125),
  product('System Operation', 'EBS:VolumeP-IOPS.io2.tier2', 0.0455),
  product('System Operation', 'EBS:VolumeP-IOPS.io2.tier3', 0.032),
  product('System Operation', 'EBS:VolumeP-IOPS.io2', 0.065),
];
const perMonth = (price: number | null) => (price === null ? null : Math.round(price * 730 * 1000) / 1000);

test('a gp3 disk pays for what is beyond 3,000 operations and 125 MiB/s', () => {
  assert.equal(perMonth(volumePricePerHour(GP3, { type: 'gp3', sizeGb: 100 })), 8);
  assert.equal(perMonth(volumePricePerHour(GP3, { type: 'gp3', sizeGb: 100, iops: 3000, throughputMbps: 125 })), 8);
  assert.equal(perMonth(volumePricePerHour(GP3, { type: 'gp3', sizeGb: 100, iops: 4000, throughputMbps: 250 })), 18);
});

test("io2's operations are cheaper beyond 32,000 and 64,000", () => {
  const iops = (count: number) => perMonth(volumePricePerHour(IO2, { type: 'io2', sizeGb: 100, iops: count }));
  assert.deepEqual([iops(1000), iops(40_000), iops(70_000)], [77.5, 2456.5, 3740.5]);
});

test('a disk with a part of unknown price has no price', () => {
  const [size] = GP3;
  assert.ok(size !== undefined);
  assert.equal(volumePricePerHour([], { type: 'gp3', sizeGb: 1 }), null);
  assert.equal(perMonth(volumePricePerHour([size], { type: 'gp3', sizeGb: 100 })), 8);
  assert.equal(volumePricePerHour([size], { type: 'gp3', sizeGb: 100, iops: 4000 }), null);
  assert.equal(volumePricePerHour([size], { type: 'gp3', sizeGb: 100, throughputMbps: 300 }), null);
});

test('a product in another currency, without terms or that is no JSON has no price', () => {
  const terms = (pricePerUnit: object) => ({
    product: { productFamily: 'x', attributes: {} },
    terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit } } } } },
  });
  assert.deepEqual(readProduct(JSON.stringify(terms({ CNY: '1' }))), []);
  assert.deepEqual(readProduct('{"product":{}}'), []);
  assert.deepEqual(readProduct('nonsense'), []);
  assert.deepEqual(readProduct(JSON.stringify(terms({ USD: '0.5' }))), [
    { family: 'x', attributes: {}, unit: 'Hrs', usd: 0.5 },
  ]);
});

test('a price that is not known is a question mark', () => {
  assert.deepEqual([null, 0, 0.0042, 1.006, 32.7726, 1234.5].map(formatUsd), [
    '?',
    '$0.00',
    '$0.0042',
    '$1.006',
    '$32.77',
    '$1234.50',
  ]);
});

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
after(async () => {
  assert.deepEqual(aws?.proxy.unknown ?? [], []);
  await aws?.stop();
});
beforeEach(() => aws?.proxy.reset());

const signal = () => AbortSignal.timeout(30_000);
const clients = () => createAwsClients({ profile: null, version: '0.0.0' });

test('prices are asked for in us-east-1, for several types at once, and remembered for a day', { skip }, async () => {
  assert.ok(aws !== undefined);
  rulePrices(aws.proxy, { regions: { 'eu-west-1': 1.1 } });
  let now = 1_000_000;
  const prices = createPrices(clients(), { now: () => now });
  const ask = () => prices.onDemand('eu-west-1', ['g5.xlarge', 'g4dn.xlarge', 'p2.xlarge'], signal());
  assert.deepEqual(
    [...(await ask())].map(([type, price]) => [type, Math.round(price * 1e4) / 1e4]),
    [
      ['g5.xlarge', 1.1066],
      ['g4dn.xlarge', 0.5786],
    ],
  );
  await ask();
  const [request, more] = aws.proxy.requestsOf('GetProducts');
  assert.deepEqual([request?.region, request?.service, more], ['us-east-1', 'pricing', undefined]);
  const { Filters, ServiceCode } = JSON.parse(request?.body ?? '{}');
  assert.equal(ServiceCode, 'AmazonEC2');
  assert.deepEqual(Filters.map((one: { Field: string; Value: string }) => `${one.Field}=${one.Value}`).sort(), [
    'capacitystatus=Used',
    'instanceType=g5.xlarge,g4dn.xlarge,p2.xlarge',
    'operatingSystem=Linux',
    'preInstalledSw=NA',
    'regionCode=eu-west-1',
    'tenancy=Shared',
  ]);
  now += 25 * 3600_000;
  await ask();
  assert.equal(aws.proxy.requestsOf('GetProducts').length, 2);
});

test('disks, snapshots and addresses have their prices', { skip }, async () => {
  assert.ok(aws !== undefined);
  rulePrices(aws.proxy);
  const prices = createPrices(clients());
  const disk = await prices.volume('us-east-1', { type: 'io1', sizeGb: 100, iops: 1000 }, signal());
  assert.deepEqual(
    [
      perMonth(disk),
      await prices.snapshotGbMonth('us-east-1', signal()),
      await prices.publicAddressPerHour('us-east-1', signal()),
    ],
    [77.5, 0.05, 0.005],
  );
  assert.equal(await prices.volume('us-east-1', { type: 'nonsense', sizeGb: 1 }, signal()), null);
});

test("a spot machine's price is its cheapest zone's now", { skip }, async () => {
  assert.ok(aws !== undefined);
  rulePrices(aws.proxy, { spot: { 'g5.xlarge': 0.4 } });
  const spot = await createPrices(clients()).spotNow('us-east-1', ['g5.xlarge', 'p2.xlarge'], signal());
  assert.deepEqual([...spot], [['g5.xlarge', { perHourUsd: 0.36, zone: 'us-east-1b' }]]);
  const [request] = aws.proxy.requestsOf('DescribeSpotPriceHistory');
  assert.deepEqual(
    [request?.params['ProductDescription.1'], request?.params['InstanceType.1']],
    ['Linux/UNIX', 'g5.xlarge'],
  );
});

test('a price that may not be asked for is not known, is told, and is asked for again later', { skip }, async () => {
  assert.ok(aws !== undefined);
  rulePrices(aws.proxy);
  aws.proxy.on({
    action: 'GetProducts',
    times: 1,
    answer: { error: 'AccessDeniedException', message: 'User is not authorized to perform: pricing:GetProducts' },
  });
  const faults: SkilletError[] = [];
  const prices = createPrices(clients(), { onFault: (fault) => void faults.push(fault) });
  assert.equal((await prices.onDemand('us-east-1', ['g5.xlarge'], signal())).size, 0);
  assert.deepEqual(
    faults.map(({ code, message }) => [code, message]),
    [['cloud-permission', 'The account may not use pricing:GetProducts.']],
  );
  assert.equal((await prices.onDemand('us-east-1', ['g5.xlarge'], signal())).get('g5.xlarge'), 1.006);
});

test('an aborted question is an abort, not a missing price', { skip }, async () => {
  assert.ok(aws !== undefined);
  const stop = new AbortController();
  aws.proxy.on({
    action: 'GetProducts',
    answer: async () => {
      stop.abort();
      await delay(300);
      return { body: { PriceList: [] } };
    },
  });
  const asking = createPrices(clients()).onDemand('us-east-1', ['g5.xlarge'], stop.signal);
  await assert.rejects(asking, { name: 'AbortError' });
});
