/** Waiting until a machine lets one in: in its order, and never for ever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadyOptions, type ReadyStep, waitUntilReady } from '../../../src/cloud/waitUntilReady.ts';
import type { ConnectInfo, Readiness } from '../../../src/common/cloud/connection.ts';
import { SkilletError } from '../../../src/common/errors.ts';

const INFO: ConnectInfo = {
  ...{ host: '203.0.113.5', port: 22, user: 'ubuntu', name: null, keyPair: null, keyFile: null },
  ...{ hostKeys: [], services: [], access: { groups: ['door (sg-1)'], openTo: ['198.51.100.0/24'] } },
};
const at = (isRunning: boolean, systemCheck: Readiness['systemCheck'], instanceCheck = systemCheck): Readiness => ({
  ...{ isRunning, systemCheck, instanceCheck },
});

/** Each question takes the next answer; the last one stays. */
function machine(answers: readonly (Readiness | Error)[], ports: readonly (string | null)[], info = INFO) {
  const steps: ReadyStep[] = [];
  let nowMs = 0;
  let asked = 0;
  let tried = 0;
  const options: ReadyOptions = {
    provider: {
      connect: async () => info,
      readiness: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)];
        if (answer === undefined || answer instanceof Error) {
          throw answer ?? new Error('no answer');
        }
        return answer;
      },
    },
    instance: { provider: 'aws', region: 'us-east-1', id: 'i-1' },
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    clock: {
      nowMs: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
      },
    },
    tryPort: async () => ports[Math.min(tried++, ports.length - 1)] ?? null,
  };
  return { steps, options, elapsedMs: () => nowMs };
}

test('each thing is waited for in its order, and told once', async () => {
  const { options, steps, elapsedMs } = machine(
    [at(false, 'unknown'), at(false, 'unknown'), at(true, 'waiting'), at(true, 'ok', 'waiting'), at(true, 'ok')],
    ['refused', null],
  );
  assert.equal(await waitUntilReady(options), INFO);
  assert.deepEqual(steps, ['starting', 'systemCheck', 'instanceCheck', 'port']);
  assert.equal(elapsedMs(), 25_000);
});

test('a machine that is up already is ready at once', async () => {
  const { options, steps, elapsedMs } = machine([at(true, 'ok')], [null]);
  await waitUntilReady(options);
  assert.deepEqual([steps, elapsedMs()], [['port'], 0]);
});

test('checks of which nothing is known hold nobody up', async () => {
  const { options, steps } = machine([at(true, 'unknown')], [null]);
  await waitUntilReady(options);
  assert.deepEqual(steps, ['port']);
});

test('it ends after ten minutes and says what it waited for', async () => {
  const { options, elapsedMs } = machine([at(true, 'ok', 'waiting')], [null]);
  await assert.rejects(waitUntilReady(options), {
    code: 'cloud-connect',
    message: "Waited 10 minutes in vain for the provider's check of its system.",
  });
  assert.equal(elapsedMs(), 600_000);
});

test('a port that stays shut is told with whom the group lets in', async () => {
  const { options } = machine([at(true, 'ok')], ['no answer']);
  await assert.rejects(waitUntilReady({ ...options, limitMs: 90_000 }), {
    message:
      'Waited 1.5 minutes in vain for its SSH port to open (203.0.113.5:22: no answer). security group door (sg-1) lets in 198.51.100.0/24.',
  });
});

test('a group without any rule for the port is told at once, with the rule that is missing', async () => {
  const info = { ...INFO, access: { groups: ['door (sg-1)'], openTo: [] } };
  const { options, elapsedMs } = machine([at(true, 'ok')], ['no answer'], info);
  await assert.rejects(waitUntilReady(options), {
    message: 'Nobody is let in by port 22: security group door (sg-1) has no rule for it.',
    remedy: 'Add a rule to the security group: TCP, port 22, from your own address.',
  });
  assert.equal(elapsedMs(), 0);
});

test('a check that has failed ends it', async () => {
  const { options } = machine([at(true, 'waiting'), at(true, 'failed', 'waiting')], [null]);
  await assert.rejects(waitUntilReady(options), {
    message: "The provider's check of the machine's hardware has failed.",
  });
});

test('a provider that is busy for a moment is asked again; one that refuses is not', async () => {
  const busy = new SkilletError('cloud-throttled', 'us-east-1', { message: 'slow down', remedy: '' });
  await waitUntilReady(machine([busy, at(true, 'ok')], [null]).options);
  const refused = new SkilletError('cloud-state', 'i-1', { message: 'The machine is stopped.', remedy: '' });
  await assert.rejects(waitUntilReady(machine([refused], [null]).options), { code: 'cloud-state' });
});

test('it can be given up', async () => {
  const stop = new AbortController();
  const { options } = machine([at(false, 'unknown')], [null]);
  const onStep = () => stop.abort();
  await assert.rejects(waitUntilReady({ ...options, onStep, signal: stop.signal }), { name: 'AbortError' });
});
