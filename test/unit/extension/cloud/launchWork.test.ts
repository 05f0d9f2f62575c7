/** A launch from the press to its known end, and when its token is kept, used again, or replaced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaunchOptions, Provider } from '../../../../src/cloud/provider.ts';
import type { Instance } from '../../../../src/common/cloud/instance.ts';
import type { LaunchProfile } from '../../../../src/common/cloud/launchProfile.ts';
import type { LaunchResult } from '../../../../src/common/cloud/launchRecord.ts';
import { TAGS } from '../../../../src/common/cloud/tags.ts';
import type { ErrorCode } from '../../../../src/common/errorCodes.ts';
import { SkilletError } from '../../../../src/common/errors.ts';
import type { LaunchState } from '../../../../src/common/launchMessages.ts';
import {
  createLaunchWork,
  type KeptLaunch,
  type LaunchWork,
} from '../../../../src/extension/cloud/launch/launchWork.ts';
import { createFormProvider } from '../../../fixtures/cloud/formProvider.ts';
import { formProfile } from '../../../fixtures/cloud/profiles.ts';

const result: LaunchResult = {
  instances: [{ provider: 'aws', region: 'us-east-1', id: 'i-1' }],
  region: 'us-east-1',
  purchase: 'onDemand',
  made: [],
  keyFile: null,
};
const fault = (code: ErrorCode) => new SkilletError(code, 'launch', { message: `${code}.`, remedy: '' });

/** What each attempt does, in order; the last one for all after it. */
type Attempt = (profile: LaunchProfile, options: LaunchOptions) => Promise<LaunchResult>;

interface Begun {
  readonly work: LaunchWork;
  readonly tokens: string[];
  readonly profiles: LaunchProfile[];
  kept(): KeptLaunch | null;
  until(state: LaunchState): Promise<void>;
}

function begin(attempts: readonly Attempt[], more: { verbs?: Partial<Provider>; kept?: KeptLaunch } = {}): Begun {
  const tokens: string[] = [];
  const profiles: LaunchProfile[] = [];
  let kept = more.kept ?? null;
  let made = 0;
  const provider = createFormProvider({
    launch: (profile, options) => {
      const attempt = attempts[Math.min(tokens.length, attempts.length - 1)];
      tokens.push(options.token);
      profiles.push(profile);
      assert.ok(attempt !== undefined);
      return attempt(profile, options);
    },
    ...more.verbs,
  });
  const work = createLaunchWork({
    provider: () => provider,
    account: () => null,
    newToken: () => {
      made += 1;
      return `token-${made}`;
    },
    kept: {
      get: () => kept,
      set: async (next) => {
        kept = next;
      },
    },
  });
  return {
    work,
    tokens,
    profiles,
    kept: () => kept,
    until: (state) =>
      new Promise((resolve) => {
        if (work.view().state === state) {
          resolve();
          return;
        }
        const listening = work.onDidChange(() => {
          if (work.view().state === state) {
            listening.dispose();
            resolve();
          }
        });
      }),
  };
}

const succeed: Attempt = async () => result;
const failWith =
  (code: ErrorCode): Attempt =>
  () =>
    Promise.reject(fault(code));
/** As a provider does: it stops when it is told to. */
const untilCancelled: Attempt = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('a launch that was done keeps no token, and the next one has a new one', async () => {
  const { work, tokens, kept, until } = begin([succeed]);
  assert.equal(work.launch(formProfile(), '/w'), true);
  await until('done');
  assert.deepEqual(work.view().result, result);
  assert.equal(kept(), null);
  work.launch(formProfile(), '/w');
  await until('atWork');
  await until('done');
  assert.deepEqual(tokens, ['token-1', 'token-2']);
});

test('a second press while a launch is at work begins nothing', async () => {
  const { work, tokens, until } = begin([untilCancelled]);
  assert.equal(work.launch(formProfile(), '/w'), true);
  assert.equal(work.launch(formProfile(), '/w'), false);
  assert.equal(work.tryAgain(), false);
  await new Promise(setImmediate);
  work.cancel();
  await until('cancelled');
  assert.deepEqual(tokens, ['token-1']);
});

test('the token is kept before the provider is asked for anything', async () => {
  let before: KeptLaunch | null = null;
  const { work, kept, until } = begin([
    async () => {
      before = kept();
      return result;
    },
  ]);
  work.launch(formProfile({ account: 'west', fallback: { regions: ['us-west-2'] } }), '/w');
  await until('done');
  assert.deepEqual(before, {
    token: 'token-1',
    account: 'west',
    regions: ['us-east-1', 'us-west-2'],
    title: '1 × g5.xlarge in us-east-1',
  });
});

for (const code of ['cloud-unfinished', 'cloud-network', 'cloud-unavailable'] as const) {
  test(`after ${code} the token is kept, Try Again uses it, and another launch is refused`, async () => {
    const { work, tokens, profiles, kept, until } = begin([failWith(code), succeed]);
    work.launch(formProfile(), '/w');
    await until('unknown');
    assert.equal(kept()?.token, 'token-1');
    assert.equal(work.view().canTryAgain, true);
    assert.equal(work.launch(formProfile({ instanceType: 'g4dn.xlarge' }), '/w'), false);
    assert.equal(work.tryAgain(), true);
    await until('done');
    assert.deepEqual(tokens, ['token-1', 'token-1']);
    assert.deepEqual(profiles[0], profiles[1]);
    assert.equal(kept(), null);
  });
}

test('after a rollback the form does not say that whether a machine was made is not known', async () => {
  const { work, until } = begin([failWith('cloud-network')]);
  work.launch(formProfile(), '/w');
  await until('unknown');
  assert.equal(work.view().note, 'Nothing of it is known to be left. A machine that was asked for may still appear.');
});

test('a fault that nobody foresaw counts as an end that is not known', async () => {
  const { work, kept, until } = begin([() => Promise.reject(new TypeError('x is not a function'))]);
  work.launch(formProfile(), '/w');
  await until('unknown');
  assert.equal(kept()?.token, 'token-1');
});

test('after a refusal nothing was made: the token is dropped, and Try Again has a new one', async () => {
  const { work, tokens, kept, until } = begin([failWith('cloud-quota'), succeed]);
  work.launch(formProfile(), '/w');
  await until('failed');
  assert.equal(kept(), null);
  work.tryAgain();
  await until('done');
  assert.deepEqual(tokens, ['token-1', 'token-2']);
});

test('a refusal that leaves something behind keeps the token', async () => {
  const { work, kept, until } = begin([
    (_, { onEvent }) => {
      const what = { kind: 'securityGroup', id: 'sg-1', region: 'us-east-1' } as const;
      onEvent({ type: 'made', what });
      onEvent({ type: 'left', what, message: 'It is in use.' });
      return Promise.reject(fault('cloud-capacity'));
    },
  ]);
  work.launch(formProfile(), '/w');
  await until('unknown');
  assert.equal(kept()?.token, 'token-1');
  assert.equal(work.view().note, 'Something that was made is still there.');
});

test('cancelling a first attempt whose remains were removed is a known end', async () => {
  const { work, kept, until } = begin([untilCancelled]);
  work.launch(formProfile(), '/w');
  await until('atWork');
  work.cancel();
  assert.equal(work.view().state, 'cancelling');
  await until('cancelled');
  assert.equal(kept(), null);
});

test('a cancel before the provider was asked for anything is a known end', async () => {
  const { work, tokens, kept, until } = begin([succeed]);
  work.launch(formProfile(), '/w');
  work.cancel();
  await until('cancelled');
  assert.deepEqual([tokens, kept()], [[], null]);
});

test('cancelling Try Again keeps the token and says that the first attempt is still not known', async () => {
  const { work, tokens, kept, until } = begin([failWith('cloud-network'), untilCancelled, succeed]);
  work.launch(formProfile(), '/w');
  await until('unknown');
  work.tryAgain();
  await new Promise(setImmediate);
  work.cancel();
  await until('unknown');
  assert.equal(
    work.view().note,
    'This attempt was cancelled. Whether the first attempt made a machine is still not known.',
  );
  assert.equal(kept()?.token, 'token-1');
  work.tryAgain();
  await until('done');
  assert.deepEqual(tokens, ['token-1', 'token-1', 'token-1']);
});

test('a refusal of Try Again does not say what became of the first attempt', async () => {
  const { work, kept, until } = begin([failWith('cloud-network'), failWith('cloud-permission')]);
  work.launch(formProfile(), '/w');
  await until('unknown');
  work.tryAgain();
  await until('atWork');
  await until('unknown');
  assert.equal(work.view().problem?.code, 'cloud-permission');
  assert.equal(kept()?.token, 'token-1');
});

test('a cancel that came too late says so, and the machine is told', async () => {
  let finish: () => void = () => {};
  const { work, until } = begin([
    () =>
      new Promise((resolve) => {
        finish = () => resolve(result);
      }),
  ]);
  work.launch(formProfile(), '/w');
  await until('atWork');
  await new Promise(setImmediate);
  work.cancel();
  finish();
  await until('done');
  assert.equal(work.view().note, 'It was too late to cancel: the launch was done.');
});

const machine = (tags: Record<string, string>, state: Instance['state'] = 'running') =>
  ({ provider: 'aws', region: 'us-east-1', id: 'i-9', state, purchase: 'spot', tags }) as unknown as Instance;
const old: KeptLaunch = { token: 'old', account: null, regions: ['us-east-1'], title: '1 × g5.xlarge in us-east-1' };

test('a launch that a reload has cut off is looked up by its token', async () => {
  const { work, kept, until } = begin([succeed], {
    kept: old,
    verbs: {
      async *list() {
        yield [machine({ [TAGS.launch]: 'another' }), machine({ [TAGS.launch]: 'old' })];
      },
    },
  });
  const { state, canTryAgain } = work.view();
  assert.deepEqual({ state, canTryAgain }, { state: 'unknown', canTryAgain: false });
  assert.equal(work.tryAgain(), false);
  assert.equal(work.launch(formProfile(), '/w'), false);
  await work.lookUp();
  await until('done');
  assert.deepEqual(work.view().result?.instances, [{ provider: 'aws', region: 'us-east-1', id: 'i-9' }]);
  assert.equal(kept(), null);
});

test('a look that finds nothing keeps the token, and lets a person leave it', async () => {
  const { work, kept, tokens, until } = begin([succeed], {
    kept: old,
    verbs: {
      async *list() {
        yield [machine({ [TAGS.launch]: 'old' }, 'terminated')];
      },
    },
  });
  await work.lookUp();
  assert.equal(work.view().hasLooked, true);
  assert.equal(kept()?.token, 'old');
  work.forget();
  assert.equal(work.view().state, 'idle');
  work.launch(formProfile(), '/w');
  await until('done');
  assert.deepEqual(tokens, ['token-1']);
});

test('a look that fails says so and keeps the token', async () => {
  const { work, kept } = begin([succeed], {
    kept: old,
    verbs: {
      // biome-ignore lint/correctness/useYield: it fails before the first page
      async *list() {
        throw fault('cloud-credentials');
      },
    },
  });
  await work.lookUp();
  assert.equal(work.view().problem?.code, 'cloud-credentials');
  assert.equal(work.view().hasLooked, false);
  assert.equal(kept()?.token, 'old');
});
