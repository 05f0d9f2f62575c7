/** Reserved terms: what an hour of them costs, and that one is never bought twice. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { providerModule } from '../../../../src/cloud/aws/aws.ts';
import { toOffering } from '../../../../src/cloud/aws/reserved.ts';
import { ruleReserved } from '../../../fixtures/cloud/awsPrices.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws } from '../../../fixtures/cloud/testAws.ts';

const YEAR = 31_536_000;
const MADE = {
  ReservedInstancesOfferingId: 'x',
  InstanceType: 'p2.xlarge',
  Duration: YEAR,
  OfferingType: 'Partial Upfront',
  OfferingClass: 'standard',
  FixedPrice: 876,
  UsagePrice: 0,
  CurrencyCode: 'USD',
  RecurringCharges: [{ Amount: 0.3, Frequency: 'Hourly' }],
} as const;

test('an hour of a term costs its share of what is paid at once, and what is paid for each hour', () => {
  const offering = toOffering({ ...MADE, RecurringCharges: [...MADE.RecurringCharges] }, 'us-east-1', 'standard');
  assert.deepEqual(
    [offering?.termMonths, offering?.upfrontUsd, offering?.recurringPerHourUsd, offering?.payment],
    [12, 876, 0.3, 'partialUpfront'],
  );
  assert.ok(Math.abs((offering?.effectivePerHourUsd ?? 0) - 0.4) < 1e-12);
});

test('a term in another currency, on hardware of its own or without an end is not offered', () => {
  const { RecurringCharges: _charges, ...rest } = MADE;
  const offered = (more: object) => toOffering({ ...rest, ...more }, 'us-east-1', 'standard') !== null;
  assert.deepEqual(
    [
      offered({}),
      offered({ CurrencyCode: 'CNY' }),
      offered({ InstanceTenancy: 'dedicated' }),
      offered({ Duration: 0 }),
      offered({ OfferingType: 'Heavy Utilization' }),
    ],
    [true, false, false, false, false],
  );
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
    ruleReserved(aws.proxy);
  }
});

const signal = () => AbortSignal.timeout(30_000);
const open = () => providerModule.open({ profile: null, version: '0.0.0' });
const ask = { region: 'us-east-1', instanceType: 'p3.2xlarge' } as const;
const purchases = () => aws?.proxy.requestsOf('PurchaseReservedInstancesOffering').length;

test('both classes are asked for by filter, on all pages', { skip }, async () => {
  const terms = await open().reservedOfferings(ask, signal());
  assert.deepEqual(
    terms.map((one) => [one.termMonths, one.offeringClass, one.payment]),
    [
      [36, 'standard', 'allUpfront'],
      [36, 'convertible', 'allUpfront'],
      [12, 'standard', 'noUpfront'],
      [12, 'convertible', 'noUpfront'],
    ],
  );
  const requests = aws?.proxy.requestsOf('DescribeReservedInstancesOfferings') ?? [];
  assert.deepEqual(
    [requests.length, requests[0]?.params['Filter.1.Value.1'], requests[0]?.params.IncludeMarketplace],
    [4, 'p3.2xlarge', 'false'],
  );
});

test('what is bought is sent as it was chosen, once', { skip }, async () => {
  const [term] = await open().reservedOfferings(ask, signal());
  assert.ok(term !== undefined);
  const id = await open().buyReserved(term, 2, signal());
  const [request] = aws?.proxy.requestsOf('PurchaseReservedInstancesOffering') ?? [];
  assert.deepEqual(
    [id, purchases(), request?.params.ReservedInstancesOfferingId, request?.params.InstanceCount],
    ['reserved-1', 1, term.id, '2'],
  );
});

test('a fault of AWS is no reason to buy again: nothing bought is said to be unknown', { skip }, async () => {
  const [term] = await open().reservedOfferings(ask, signal());
  assert.ok(term !== undefined);
  aws?.proxy.on({ action: 'PurchaseReservedInstancesOffering', answer: { error: 'InternalError', status: 500 } });
  await assert.rejects(open().buyReserved(term, 1, signal()), { code: 'cloud-unfinished' });
  assert.equal(purchases(), 1);
});

test('a purchase whose answer was lost is found again', { skip }, async () => {
  assert.ok(aws !== undefined);
  const [term] = await open().reservedOfferings(ask, signal());
  assert.ok(term !== undefined);
  const { proxy } = aws;
  proxy.on({
    action: 'PurchaseReservedInstancesOffering',
    answer: async (request) => {
      // AWS hears it, and the line breaks on the way back.
      bought.push(request.params.ReservedInstancesOfferingId ?? '');
      return { cut: 'before' };
    },
  });
  const bought: string[] = [];
  proxy.on({
    action: 'DescribeReservedInstances',
    answer: () => ({
      body: `<?xml version="1.0"?><DescribeReservedInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservedInstancesSet><item><reservedInstancesId>older</reservedInstancesId><instanceType>p3.2xlarge</instanceType><instanceCount>1</instanceCount><offeringClass>standard</offeringClass><start>2020-01-01T00:00:00.000Z</start></item><item><reservedInstancesId>lost</reservedInstancesId><instanceType>p3.2xlarge</instanceType><instanceCount>1</instanceCount><offeringClass>standard</offeringClass><start>${new Date().toISOString()}</start></item></reservedInstancesSet></DescribeReservedInstancesResponse>`,
    }),
  });
  assert.equal(await open().buyReserved(term, 1, signal()), 'lost');
  assert.deepEqual([bought, purchases()], [[term.id], 1]);
});

test('a purchase that AWS refuses says why', { skip }, async () => {
  const [term] = await open().reservedOfferings(ask, signal());
  assert.ok(term !== undefined);
  aws?.proxy.on({
    action: 'PurchaseReservedInstancesOffering',
    answer: { error: 'UnauthorizedOperation', status: 403 },
  });
  await assert.rejects(open().buyReserved(term, 1, signal()), {
    code: 'cloud-permission',
    message: 'The account may not use ec2:PurchaseReservedInstancesOffering.',
  });
});
