/** Reserved offerings found, compared, and bought once after a person's word. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Provider } from '../../../../src/cloud/provider.ts';
import { reservedCosts } from '../../../../src/common/cloud/reservedCosts.ts';
import type { ErrorCode } from '../../../../src/common/errorCodes.ts';
import { SkilletError } from '../../../../src/common/errors.ts';
import type { ToReservedPage } from '../../../../src/common/reservedMessages.ts';
import {
  createReservedSession,
  type PurchaseQuestion,
} from '../../../../src/extension/cloud/launch/reservedSession.ts';
import { createFormProvider, offer, offersOf, reservedOffering } from '../../../fixtures/cloud/formProvider.ts';

function begin(verbs: Partial<Provider>, isConfirmed = true) {
  const told: ToReservedPage[] = [];
  const questions: PurchaseQuestion[] = [];
  let seen: () => void = () => {};
  const provider = createFormProvider({
    reservedOfferings: async () => [reservedOffering()],
    reservations: async () => [],
    offers: () =>
      offersOf({ region: 'us-east-1', offers: [offer({ onDemandPerHourUsd: 1 })], isComplete: true, faults: [] }),
    ...verbs,
  });
  const session = createReservedSession({
    provider: () => provider,
    wanted: { region: null, instanceType: 'g5.xlarge' },
    async confirm(question) {
      questions.push(question);
      return isConfirmed;
    },
    tell(message) {
      told.push(message);
      seen();
    },
  });
  const find = async () => {
    const there = new Promise<void>((resolve) => {
      seen = () => told.some(({ type }) => type === 'finding' || type === 'findFailed') && resolve();
    });
    await session.receive({ type: 'find', ask: 1, region: 'us-east-1', instanceType: 'g5.xlarge' });
    await there;
  };
  const buy = () => session.receive({ type: 'buy', offering: 'r-1y-all', count: 2 });
  return { provider, told, questions, find, buy };
}

test('terms are told with the on-demand price, and what may not be asked is a fault', async () => {
  const { told, find } = begin({
    reservations: () =>
      Promise.reject(new SkilletError('cloud-permission', 'aws', { message: 'You may not.', remedy: '' })),
  });
  await find();
  assert.deepEqual(told, [
    {
      type: 'finding',
      ask: 1,
      finding: {
        region: 'us-east-1',
        instanceType: 'g5.xlarge',
        offerings: [reservedOffering()],
        onDemandPerHourUsd: 1,
        reservations: null,
        faults: ['Your reservations: You may not.'],
      },
    },
  ]);
});

test('the question names the type to be typed and all that is owed', async () => {
  const { questions, find, buy } = begin({}, false);
  await find();
  await buy();
  assert.deepEqual(questions, [
    {
      instanceType: 'g5.xlarge',
      title: '2 × g5.xlarge in us-east-1, 12 months, all upfront',
      committedUsd: 10_000,
      detail:
        '$10,000 in total for 12 months, used or not: $10,000 now and nothing for each hour of the term. The class is standard. It cannot be cancelled.',
    },
  ]);
});

test('without a yes nothing is bought', async () => {
  const { provider, find, buy } = begin({}, false);
  await find();
  await buy();
  assert.equal(provider.asked.includes('buyReserved'), false);
});

test('a second press while one is being bought buys nothing more', async () => {
  const { provider, told, find, buy } = begin({ buyReserved: async () => 'ri-1' });
  await find();
  await Promise.all([buy(), buy()]);
  assert.equal(provider.asked.filter((verb) => verb === 'buyReserved').length, 1);
  assert.deepEqual(told.at(-1), {
    type: 'purchase',
    purchase: { state: 'bought', title: '2 × g5.xlarge in us-east-1, 12 months, all upfront', id: 'ri-1' },
  });
});

for (const [code, state] of [
  ['cloud-network', 'unknown'],
  ['cloud-unfinished', 'unknown'],
  ['cloud-quota', 'refused'],
] as const satisfies readonly (readonly [ErrorCode, string])[]) {
  test(`a purchase that ends with ${code} is told as ${state}, and asked for once`, async () => {
    const { provider, told, find, buy } = begin({
      buyReserved: () => Promise.reject(new SkilletError(code, 'aws', { message: 'No.', remedy: '' })),
    });
    await find();
    await buy();
    const last = told.at(-1);
    assert.equal(last?.type === 'purchase' && last.purchase?.state, state);
    assert.equal(provider.asked.filter((verb) => verb === 'buyReserved').length, 1);
  });
}

test('a term is reckoned against the hours that the machine will run', () => {
  const half = reservedOffering({ upfrontUsd: 2190, recurringPerHourUsd: 0.25, payment: 'partialUpfront' });
  // 2190 + 0.25 × 8760 = 4380, which is 365 hours a month at $1.
  assert.deepEqual(reservedCosts(half, 1, 730), { committedUsd: 4380, breakEvenHoursPerMonth: 365, savingUsd: 4380 });
  assert.deepEqual(reservedCosts(half, 1, 100).savingUsd, 1200 - 4380);
  assert.equal(reservedCosts(half, 0.4, 730).breakEvenHoursPerMonth, null);
  assert.deepEqual(reservedCosts(half, null, 730), {
    committedUsd: 4380,
    breakEvenHoursPerMonth: null,
    savingUsd: null,
  });
});
