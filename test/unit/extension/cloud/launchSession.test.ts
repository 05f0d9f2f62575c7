/** What the form is answered: offers as they come, one question of a kind, and a launch of what was reviewed alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OffersOfRegion, Provider } from '../../../../src/cloud/provider.ts';
import { launchProfileSchema } from '../../../../src/common/cloud/launchProfile.ts';
import { SkilletError } from '../../../../src/common/errors.ts';
import type { ToLaunchPage } from '../../../../src/common/launchMessages.ts';
import { createLaunchSession, type LaunchSession } from '../../../../src/extension/cloud/launch/launchSession.ts';
import { createLaunchWork, type LaunchWork } from '../../../../src/extension/cloud/launch/launchWork.ts';
import {
  createFormProvider,
  type FormProvider,
  offer,
  offersOf,
  review,
} from '../../../fixtures/cloud/formProvider.ts';
import { formProfile } from '../../../fixtures/cloud/profiles.ts';

interface Begun {
  readonly session: LaunchSession;
  readonly provider: FormProvider;
  readonly work: LaunchWork;
  readonly told: readonly ToLaunchPage[];
  /** The first message that fits, among those that were and those that come. */
  until(isWanted: (message: ToLaunchPage) => boolean): Promise<ToLaunchPage>;
}

function begin(verbs: Partial<Provider>): Begun {
  const provider = createFormProvider(verbs);
  const told: ToLaunchPage[] = [];
  const waiting = new Set<() => void>();
  const work = createLaunchWork({
    provider: () => provider,
    account: () => null,
    newToken: () => 'token',
    kept: { get: () => null, set: async () => {} },
  });
  const session = createLaunchSession({
    provider: () => provider,
    accounts: async () => [],
    account: null,
    work,
    check(input) {
      const read = launchProfileSchema.safeParse(input);
      return read.success
        ? { profile: read.data, problems: [] }
        : { profile: null, problems: [{ code: 'cloud-profile', path: 'region', message: 'is missing.', remedy: '' }] };
    },
    tell(message) {
      told.push(message);
      for (const look of waiting) {
        look();
      }
    },
    folder: () => '/w',
    restMs: 1,
  });
  return {
    session,
    provider,
    work,
    told,
    until: (isWanted) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told.find(isWanted);
          if (found !== undefined) {
            waiting.delete(look);
            resolve(found);
          }
        };
        waiting.add(look);
        look();
      }),
  };
}

const written = {
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  image: { id: { id: 'ami-0dl0tf218000000001' } },
  securityGroup: { create: { name: 'skillet' } },
};
const isType =
  <T extends ToLaunchPage['type']>(type: T) =>
  (message: ToLaunchPage) =>
    message.type === type;

test('the page is told whose account it is and which regions there are', async () => {
  const { session, until } = begin({});
  session.receive({ type: 'ready', account: null });
  assert.deepEqual(await until(isType('begin')), {
    type: 'begin',
    start: {
      account: null,
      accounts: [],
      regions: [
        { name: 'us-east-1', title: 'US East (N. Virginia)' },
        { name: 'eu-west-1', title: 'Europe (Ireland)' },
      ],
      defaultRegion: 'us-east-1',
      who: '123456789012',
    },
  });
});

test('without credentials the page is told so, with the remedy', async () => {
  const { session, until } = begin({
    regions: () =>
      Promise.reject(new SkilletError('cloud-credentials', 'aws', { message: 'Expired.', remedy: 'Sign in again.' })),
  });
  session.receive({ type: 'ready', account: null });
  const told = await until(isType('beginFailed'));
  assert.equal(told.type === 'beginFailed' && told.problem.remedy, 'Sign in again.');
});

test('offers reach the page region by region, each as soon as it is known', async () => {
  const first: OffersOfRegion = { region: 'us-east-1', offers: [offer()], isComplete: false, faults: [] };
  let later: (found: OffersOfRegion) => void = () => {};
  const second = new Promise<OffersOfRegion>((resolve) => {
    later = resolve;
  });
  const { session, told, until } = begin({ offers: () => offersOf(first, second) });
  session.receive({ type: 'searchOffers', ask: 1, query: { regions: ['us-east-1'] } });
  await until(isType('offers'));
  assert.equal(told.some(isType('offersEnd')), false);
  later({ ...first, offers: [offer({ onDemandPerHourUsd: 1.006 })], isComplete: true });
  await until(isType('offersEnd'));
  assert.deepEqual(
    told.flatMap((one) => (one.type === 'offers' ? [one.isComplete] : [])),
    [false, true],
  );
});

test('a second search ends the first one, whose answers no longer count', async () => {
  const signals: AbortSignal[] = [];
  const { session, told, until } = begin({
    async *offers({ regions: [region = ''] }, signal) {
      signals.push(signal);
      await new Promise(setImmediate);
      yield { region, offers: [], isComplete: true, faults: [] };
    },
  });
  session.receive({ type: 'searchOffers', ask: 1, query: { regions: ['us-east-1'] } });
  session.receive({ type: 'searchOffers', ask: 2, query: { regions: ['eu-west-1'] } });
  await until(isType('offersEnd'));
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
  assert.deepEqual(
    told.flatMap((one) => (one.type === 'offers' ? [one.ask] : [])),
    [2],
  );
});

test('closing the page ends what it has asked for, and not a launch', async () => {
  let asked: AbortSignal | undefined;
  let launched: AbortSignal | undefined;
  const { session, work, until } = begin({
    async *offers(_, signal) {
      asked = signal;
      await new Promise(() => {});
    },
    review: async () => review(1.006, true),
    launch: (_, { signal }) => {
      launched = signal;
      return new Promise(() => {});
    },
  });
  session.receive({ type: 'searchOffers', ask: 1, query: { regions: ['us-east-1'] } });
  session.receive({ type: 'review', ask: 2, profile: written });
  await until(isType('review'));
  session.receive({ type: 'launch', ask: 2 });
  await until((one) => one.type === 'launch' && one.view.state === 'atWork');
  await new Promise(setImmediate);
  session.dispose();
  assert.deepEqual([asked?.aborted, launched?.aborted, work.view().state], [true, false, 'atWork']);
});

test('only what was reviewed is launched, once, and with the answers of that review', async () => {
  const launched: unknown[] = [];
  const { session, until, work } = begin({
    review: async () => review(1.006, true),
    launch: (profile) => {
      launched.push(profile);
      return new Promise(() => {});
    },
  });
  session.receive({ type: 'launch', ask: 1 });
  session.receive({ type: 'review', ask: 1, profile: written });
  await until((one) => one.type === 'review' && one.ask === 1);
  session.receive({ type: 'launch', ask: 7 });
  session.receive({ type: 'launch', ask: 1 });
  session.receive({ type: 'launch', ask: 1 });
  await new Promise(setImmediate);
  assert.deepEqual(launched, [formProfile()]);
  assert.equal(work.view().state, 'atWork');
});

test('a form that was changed after its review is not launched by the old button', async () => {
  const { session, provider, until } = begin({ review: async () => review(1.006, true) });
  session.receive({ type: 'review', ask: 1, profile: written });
  await until(isType('review'));
  session.receive({ type: 'draft', ask: 2, profile: { ...written, count: 100 } });
  session.receive({ type: 'launch', ask: 1 });
  await new Promise(setImmediate);
  assert.equal(provider.asked.includes('launch'), false);
});

test('a form with a fault is told it at once, and no cost is asked for', async () => {
  const { session, provider, told } = begin({ review: async () => review(1, null) });
  session.receive({ type: 'draft', ask: 1, profile: { instanceType: 'g5.xlarge' } });
  assert.equal(told.length, 1);
  assert.equal(told[0]?.type === 'problems' && told[0].problems[0]?.path, 'region');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(provider.asked, []);
});

test('of many changes in a moment the last one alone is asked for its costs', async () => {
  const asked: number[] = [];
  const { session, until } = begin({
    review: async ({ count }, { isAsked }) => {
      assert.equal(isAsked, false);
      asked.push(count);
      return review(1, null);
    },
  });
  for (const count of [1, 2, 3]) {
    session.receive({ type: 'draft', ask: count, profile: { ...written, count } });
  }
  await until((one) => one.type === 'review' && one.ask === 3);
  assert.deepEqual(asked, [3]);
});

test('what may not be listed is a fault beside the rest', async () => {
  const { session, until } = begin({
    keyPairs: async () => [{ name: 'mine', type: 'rsa', fingerprint: 'aa' }],
    roles: () =>
      Promise.reject(
        new SkilletError('cloud-permission', 'aws', { message: 'You may not: iam:ListInstanceProfiles.', remedy: '' }),
      ),
  });
  session.receive({ type: 'askChoices', region: 'us-east-1' });
  const told = await until(isType('choices'));
  assert.ok(told.type === 'choices');
  assert.deepEqual(
    [told.choices.keyPairs.length, told.choices.faults],
    [1, ['Roles: You may not: iam:ListInstanceProfiles.']],
  );
});
