/** The fleet of machines over a provider in memory: first rows, faults, what is asked how often, and what is never asked. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createFleet, type Fleet, type FleetChange, type FleetOptions } from '../../../src/cloud/watchInstances.ts';
import { instanceKey } from '../../../src/common/cloud/fleet.ts';
import type { Instance } from '../../../src/common/cloud/instance.ts';
import { TAGS } from '../../../src/common/cloud/tags.ts';
import { SkilletError } from '../../../src/common/errors.ts';
import { createHandClock, type HandClock } from '../../fixtures/cloud/handClock.ts';
import { createMemoryCloud, type MemoryCloud, type MemoryOptions } from '../../fixtures/cloud/memoryProvider.ts';

interface Watched {
  readonly cloud: MemoryCloud;
  readonly clock: HandClock;
  readonly fleet: Fleet;
  readonly changes: FleetChange[];
  /** How often a verb was called. */
  count(verb: string): number;
}

function watch(t: TestContext, memory: MemoryOptions = {}, options: Partial<FleetOptions> = {}): Watched {
  const clock = createHandClock();
  const cloud = createMemoryCloud({ now: clock.now, ...memory });
  const fleet = createFleet({ provider: cloud.provider, regions: [], clock, ...options });
  t.after(fleet.dispose);
  const changes: FleetChange[] = [];
  fleet.onDidChange((change) => changes.push(change));
  return { cloud, clock, fleet, changes, count: (verb) => cloud.calls.filter((call) => call.verb === verb).length };
}

async function until(is: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!is()) {
    assert.ok(Date.now() < deadline, 'it did not come about');
    await setImmediate();
  }
}

/** All that goes on without time passing has ended. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    await setImmediate();
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}

const rowsOf = (fleet: Fleet) => fleet.state().regions.flatMap(({ rows }) => rows);
const throttled = new SkilletError('cloud-throttled', 'us-west-2', { message: 'Too often.', remedy: 'Wait.' });
const signedOut = new SkilletError('cloud-credentials', 'aws', { message: 'Expired.', remedy: 'Sign in.' });

test('all regions are listed, and costs come later without keeping rows back', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 6 });
  cloud.slow('costs', 300);
  fleet.setVisible(true);
  await until(() => rowsOf(fleet).length === 6);
  assert.ok(rowsOf(fleet).every(({ cost }) => cost === null));
  assert.deepEqual(
    fleet.state().regions.map(({ name }) => name),
    ['us-east-1', 'us-west-2'],
  );
  await until(() => rowsOf(fleet).every(({ cost, instance }) => cost !== null || instance.state === 'terminated'));
  assert.equal(fleet.state().isComplete, true);
});

test('a page is shown while the next is under way', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 300, regions: ['us-east-1'], pageSize: 100 });
  cloud.slow('list', 30);
  const sizes = new Set<number>();
  fleet.onDidChange(() => sizes.add(rowsOf(fleet).length));
  fleet.setVisible(true);
  await until(() => rowsOf(fleet).length === 300);
  assert.ok(sizes.has(100), `${[...sizes]}`);
});

test('a region that fails keeps its fault to itself, is asked ever more rarely, and heals', async (t) => {
  const { cloud, clock, fleet, count } = watch(t, { instances: 4 });
  cloud.fail('list', throttled, { region: 'us-west-2' });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  const faults = () => fleet.state().regions.map(({ fault }) => fault?.message ?? null);
  assert.deepEqual(faults(), [null, 'Too often.']);
  assert.equal(fleet.state().fault, null);
  await quiet();
  for (const minutes of [1, 2]) {
    const before = count('list');
    clock.pass(minutes * 60_000);
    await quiet();
    assert.ok(count('list') > before);
  }
  // The healthy one comes every minute, the other in four.
  assert.deepEqual(clock.waits(), [60_000, 240_000]);
  cloud.heal();
  await fleet.refresh('us-west-2');
  assert.deepEqual(faults(), [null, null]);
  assert.equal(rowsOf(fleet).length, 4);
});

test('nothing is asked while hidden; what was under way is given up', async (t) => {
  const { cloud, clock, fleet, count } = watch(t, { instances: 2 });
  clock.pass(3_600_000);
  await quiet();
  assert.equal(cloud.calls.length, 0);
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  await quiet();
  fleet.setVisible(false);
  const before = cloud.calls.length;
  clock.pass(3_600_000);
  await quiet();
  assert.equal(cloud.calls.length, before);
  assert.deepEqual(clock.waits(), []);
  fleet.setVisible(true);
  clock.pass(0);
  await until(() => count('list') === 4);
});

test('a look in the first place that is broken off by hiding begins anew when it is seen again', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 2 });
  cloud.slow('regions', 50);
  fleet.setVisible(true);
  await quiet();
  fleet.setVisible(false);
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  assert.equal(rowsOf(fleet).length, 2);
});

test('while something changes it is looked at every five seconds, else every minute', async (t) => {
  const { cloud, clock, fleet } = watch(t, { instances: 1, regions: ['us-east-1'] });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  await quiet();
  const [row] = rowsOf(fleet);
  assert.ok(row);
  const { id } = row.instance;
  cloud.instances.set(id, { ...row.instance, state: 'running' });
  await fleet.refresh();
  await quiet();
  assert.deepEqual(clock.waits(), [60_000]);
  await cloud.provider.stop(row.instance, AbortSignal.timeout(5000));
  await fleet.refresh('us-east-1');
  await quiet();
  assert.deepEqual(clock.waits(), [5000]);
  cloud.settle();
  clock.pass(5000);
  await until(() => rowsOf(fleet)[0]?.instance.state === 'stopped');
  await quiet();
  assert.deepEqual(clock.waits(), [60_000]);
});

test('what was asked for is shown until the provider says so itself, and not for ever', async (t) => {
  const { cloud, clock, fleet } = watch(t, { instances: 1, regions: ['us-east-1'] });
  const [machine] = cloud.instances.values();
  assert.ok(machine);
  cloud.instances.set(machine.id, { ...machine, state: 'running' });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  fleet.expect(machine, 'stopping');
  const state = () => fleet.row(instanceKey(machine))?.instance.state;
  assert.equal(state(), 'stopping');
  await fleet.refresh('us-east-1'); // The provider's list is behind.
  assert.equal(state(), 'stopping');
  clock.pass(61_000);
  await until(() => state() === 'running');
});

test('the late answer of an older look never replaces a newer one', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 1, regions: ['us-east-1'] });
  const [machine] = cloud.instances.values();
  assert.ok(machine);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const old: Instance = { ...machine, name: 'old' };
  let looks = 0;
  const provider = {
    ...cloud.provider,
    async *list() {
      looks += 1;
      if (looks === 1) {
        await held; // A provider that does not hear its signal.
        yield [old];
      } else {
        yield [{ ...machine, name: 'new' }];
      }
    },
  };
  const late = createFleet({ provider, regions: ['us-east-1'] });
  t.after(late.dispose);
  t.after(fleet.dispose);
  const first = late.refresh();
  await until(() => looks === 1);
  await late.refresh('us-east-1');
  release();
  await first;
  assert.deepEqual(
    rowsOf(late).map(({ instance }) => instance.name),
    ['new'],
  );
});

test('a late price is not told of a machine that is in another state by now', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 1, regions: ['us-east-1'] });
  const [machine] = cloud.instances.values();
  assert.ok(machine);
  cloud.instances.set(machine.id, { ...machine, state: 'running' });
  cloud.slow('costs', 200);
  fleet.setVisible(true);
  await until(() => cloud.calls.some(({ verb }) => verb === 'costs'));
  cloud.instances.set(machine.id, { ...machine, state: 'stopped' });
  await fleet.refresh('us-east-1');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(rowsOf(fleet)[0]?.instance.state, 'stopped');
  assert.equal(rowsOf(fleet)[0]?.cost, null);
});

test('idle times are asked at most every five minutes, of running machines that are looked at', async (t) => {
  const looked = new Set<string>();
  const { cloud, clock, fleet, count } = watch(
    t,
    { instances: 4, regions: ['us-east-1'] },
    { isLookedAt: ({ instance }) => looked.has(instance.id) },
  );
  for (const machine of cloud.instances.values()) {
    cloud.instances.set(machine.id, { ...machine, state: 'running' });
  }
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  await quiet();
  assert.equal(count('idle'), 0);
  const [first = '', second = ''] = cloud.instances.keys();
  looked.add(first);
  fleet.followIdle();
  await until(() => count('idle') === 1);
  await quiet();
  looked.add(second);
  fleet.followIdle();
  await until(() => count('idle') === 2);
  const asked = () =>
    cloud.calls.filter(({ verb }) => verb === 'idle').map(({ args }) => (args[0] as Instance[]).map(({ id }) => id));
  assert.deepEqual(asked(), [[first], [second]]);
  for (let minute = 0; minute < 4; minute += 1) {
    clock.pass(60_000);
    await quiet();
  }
  assert.equal(count('idle'), 2);
  clock.pass(60_000);
  await quiet();
  assert.equal(count('idle'), 3);
});

test('expired credentials stop all asking until somebody looks anew', async (t) => {
  const { cloud, clock, fleet, count } = watch(t, { instances: 2 });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  await quiet();
  cloud.fail('list', signedOut);
  cloud.fail('identity', signedOut);
  clock.pass(60_000);
  await until(() => fleet.state().fault !== null);
  await quiet();
  const before = count('list');
  clock.pass(3_600_000);
  await quiet();
  assert.equal(count('list'), before);
  assert.equal(rowsOf(fleet).length, 2, 'what was known stays');
  cloud.heal();
  await fleet.refresh();
  assert.equal(fleet.state().fault, null);
});

test('a region that refuses the key while the account does not is that region’s fault alone', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 2 });
  cloud.fail('list', signedOut, { region: 'us-west-2' });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  assert.equal(fleet.state().fault, null);
  assert.deepEqual(
    fleet.state().regions.map(({ fault }) => fault?.code ?? null),
    [null, 'cloud-credentials'],
  );
});

test('where only some regions are wanted, no others are asked, nor which there are', async (t) => {
  const { fleet, cloud, count } = watch(t, { instances: 4 }, { regions: ['us-west-2'] });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  assert.equal(count('regions'), 0);
  const asked = cloud.calls.filter(({ verb }) => verb === 'list').map(({ args }) => args[0]);
  assert.deepEqual(asked, ['us-west-2']);
});

test('a quiet look asks only where machines of ours are', async (t) => {
  const { cloud, fleet } = watch(t, { instances: 4 });
  for (const machine of cloud.instances.values()) {
    const tags: Record<string, string> = machine.region === 'us-west-2' ? { [TAGS.owner]: '0.1.0' } : {};
    cloud.instances.set(machine.id, { ...machine, state: 'running', tags });
  }
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  fleet.setVisible(false);
  cloud.calls.length = 0;
  await fleet.lookAtOurs();
  await quiet();
  const asked = cloud.calls.filter(({ verb }) => verb === 'list').map(({ args }) => args[0]);
  assert.deepEqual(asked, ['us-west-2']);
  assert.ok(cloud.calls.every(({ verb }) => verb !== 'idle'));
});

test('a machine that is gone leaves, and one row’s change is told as one', async (t) => {
  const { cloud, fleet, changes } = watch(t, { instances: 2, regions: ['us-east-1'] });
  fleet.setVisible(true);
  await until(() => fleet.state().isComplete);
  await quiet();
  const [first, second] = [...cloud.instances.values()];
  assert.ok(first && second);
  changes.length = 0;
  cloud.instances.set(first.id, { ...first, name: 'renamed' });
  await fleet.refresh('us-east-1');
  assert.deepEqual(changes[0], { isWhole: false, regions: [], rows: [instanceKey(first)] });
  cloud.instances.delete(second.id);
  await fleet.refresh('us-east-1');
  assert.deepEqual(
    rowsOf(fleet).map(({ instance }) => instance.id),
    [first.id],
  );
});

test('1,000 machines in 20 regions: first rows at once, prices that take 0.4 s do not keep them', async (t) => {
  const regions = Array.from({ length: 20 }, (_, index) => `region-${index + 1}`);
  const cloud = createMemoryCloud({ regions, instances: 1000, pageSize: 1000 });
  cloud.slow('list', 100);
  cloud.slow('regions', 100);
  cloud.slow('costs', 400);
  const fleet = createFleet({ provider: cloud.provider, regions: [] });
  t.after(fleet.dispose);
  const startedAt = performance.now();
  let most = 0;
  let running = 0;
  fleet.onDidChange(() => {
    running = fleet.state().regions.filter(({ isListing }) => isListing).length;
    most = Math.max(most, running);
  });
  fleet.setVisible(true);
  await until(() => rowsOf(fleet).length > 0);
  const first = performance.now() - startedAt;
  await until(() => rowsOf(fleet).length === 1000);
  const all = performance.now() - startedAt;
  await until(() => rowsOf(fleet).every(({ cost, instance }) => cost !== null || instance.state === 'terminated'));
  const priced = performance.now() - startedAt;
  t.diagnostic(`first rows ${first.toFixed(0)} ms, all ${all.toFixed(0)} ms, prices ${priced.toFixed(0)} ms`);
  assert.ok(first < all && all < priced);
});
