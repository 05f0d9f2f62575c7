/** Facts about machines, launches, what is left of them, and jobs. */
import assert from 'node:assert/strict';
import type { LaunchEvent, MadeThing } from '../../src/common/cloud/launchRecord.ts';
import { LEFTOVER_KINDS } from '../../src/common/cloud/leftover.ts';
import { isOurs, TAGS } from '../../src/common/cloud/tags.ts';
import { alive, all, type Fact, launch, listed, oursIn, reach, rejectsWith, STATES, things } from './context.ts';

const INSTANCES: readonly Fact[] = [
  {
    name: 'machines of a region are listed, whoever made them, and no other region has them',
    verbs: ['list'],
    async check(context) {
      const [region, other] = context.regions;
      const made = await context.foreign(region, 3);
      const found = await listed(context, region);
      assert.deepEqual(found.map(({ id }) => id).sort(), made.map(({ id }) => id).sort());
      assert.ok(found.every((one) => one.region === region && one.provider === context.provider.id));
      assert.ok(found.every((one) => STATES.includes(one.state) && !isOurs(one.tags)));
      assert.deepEqual(await listed(context, other), []);
    },
  },
  {
    name: 'a machine stops, starts, starts anew and ends',
    verbs: ['list', 'start', 'stop', 'reboot', 'terminate'],
    async check(context) {
      const { provider, signal, regions } = context;
      const [ref] = await context.foreign(regions[0], 1);
      assert.ok(ref !== undefined);
      await reach(context, ref, ['running']);
      await provider.stop(ref, signal);
      await reach(context, ref, ['stopped']);
      await provider.start(ref, signal);
      await reach(context, ref, ['running']);
      await provider.reboot(ref, signal);
      await reach(context, ref, ['running']);
      await provider.terminate(ref, signal);
      await reach(context, ref, ['terminated']);
    },
  },
  {
    name: 'a machine that is not there is refused as not found by every verb',
    verbs: ['start', 'stop', 'reboot', 'terminate', 'systemLog', 'list'],
    async check({ provider, unknown, signal }) {
      await rejectsWith(provider.start(unknown, signal), 'cloud-not-found');
      await rejectsWith(provider.stop(unknown, signal), 'cloud-not-found');
      await rejectsWith(provider.reboot(unknown, signal), 'cloud-not-found');
      await rejectsWith(provider.terminate(unknown, signal), 'cloud-not-found');
      await rejectsWith(provider.systemLog(unknown, signal), 'cloud-not-found');
    },
  },
  {
    name: 'a list that is refused, throttled or cut says which, in words of ours',
    verbs: ['list'],
    async check(context) {
      const [region] = context.regions;
      for (const kind of ['permission', 'throttled', 'network'] as const) {
        context.fault('list', kind, region);
        await rejectsWith(listed(context, region), `cloud-${kind}`);
      }
    },
  },
  {
    name: 'costs are told by machine; what is not known is null, and nothing is less than nothing',
    verbs: ['list', 'costs'],
    async check(context) {
      const [region] = context.regions;
      await context.foreign(region, 2);
      const instances = await listed(context, region);
      const costs = await context.provider.costs(instances, context.signal);
      assert.deepEqual([...costs.keys()].sort(), instances.map(({ id }) => id).sort());
      const isPrice = (price: number | null) => price === null || (Number.isFinite(price) && price >= 0);
      assert.ok([...costs.values()].every((one) => isPrice(one.perHourUsd) && isPrice(one.soFarUsd)));
    },
  },
];

const LOOKS: readonly Fact[] = [
  {
    name: 'a running machine has a page in the console, a log and figures of its work',
    verbs: ['list', 'consoleUrl', 'systemLog', 'idle'],
    async check(context) {
      const { provider, signal, regions } = context;
      const [ref] = await context.foreign(regions[0], 1);
      assert.ok(ref !== undefined);
      await reach(context, ref, ['running']);
      const url = new URL(provider.consoleUrl(ref));
      assert.deepEqual(
        [url.protocol, url.href.includes(ref.id), url.href.includes(ref.region)],
        ['https:', true, true],
      );
      assert.equal(typeof (await provider.systemLog(ref, signal)), 'string');
      const share = (await provider.idle(await listed(context, ref.region), signal)).get(ref.id)?.cpuShare ?? null;
      assert.ok(share === null || (share >= 0 && share <= 1), `a share of ${share}`);
    },
  },
];

const LAUNCH: readonly Fact[] = [
  {
    name: 'a launch makes what it says, tagged as ours, and the same token makes nothing more',
    verbs: ['launch', 'list'],
    async check(context) {
      const profile = context.profile('once');
      const first = await launch(context, profile, 'contract-once');
      const again = await launch(context, profile, 'contract-once');
      assert.deepEqual(again.instances, first.instances);
      const found = alive(await listed(context, profile.region));
      assert.deepEqual(
        found.map(({ id }) => id),
        first.instances.map(({ id }) => id),
      );
      assert.ok(found.every(({ tags }) => isOurs(tags) && tags[TAGS.launch] === 'contract-once'));
      const ids = things(first.events, 'made')
        .filter(({ kind }) => kind === 'instance')
        .map(({ id }) => id);
      assert.deepEqual(
        ids,
        first.instances.map(({ id }) => id),
      );
    },
  },
  {
    name: 'a launch that finds no capacity takes away all that it made',
    verbs: ['launch', 'list', 'leftovers'],
    async check(context) {
      const profile = context.profile('nowhere');
      const events: LaunchEvent[] = [];
      context.fault('launch', 'capacity', profile.region);
      const launching = context.provider.launch(profile, {
        token: 'contract-nowhere',
        folder: context.folder,
        onEvent: (event) => void events.push(event),
        signal: context.signal,
      });
      await rejectsWith(launching, 'cloud-capacity');
      const ids = (list: readonly MadeThing[]) => list.map(({ id }) => id).sort();
      assert.deepEqual(ids(things(events, 'removed')), ids(things(events, 'made')));
      assert.deepEqual(await oursIn(context, profile.region), []);
    },
  },
  {
    name: 'a launch that is given up takes away all that it made',
    verbs: ['launch', 'leftovers'],
    async check(context) {
      const profile = context.profile('given-up');
      const stop = new AbortController();
      const events: LaunchEvent[] = [];
      const launching = context.provider.launch(profile, {
        token: 'contract-given-up',
        folder: context.folder,
        onEvent(event) {
          events.push(event);
          if (event.type === 'made') {
            stop.abort();
          }
        },
        signal: stop.signal,
      });
      await assert.rejects(launching, { name: 'AbortError' });
      assert.ok(things(events, 'made').length > 0);
      assert.deepEqual(await oursIn(context, profile.region), []);
    },
  },
  {
    name: 'a review has a row for each thing, and a sum that misses nothing',
    verbs: ['review'],
    async check({ provider, profile, signal }) {
      const review = await provider.review({ ...profile('review'), count: 2 }, { isAsked: true }, signal);
      assert.ok(review.rows.some(({ kind }) => kind === 'instance') && review.dryRun !== null);
      const prices = review.rows.map(({ perHourUsd }) => perHourUsd);
      const sum = prices.includes(null) ? null : prices.reduce<number>((total, price) => total + (price ?? 0), 0);
      assert.equal(review.perHourUsd === null, sum === null);
      assert.ok(Math.abs((review.perHourUsd ?? 0) - (sum ?? 0)) < 1e-9);
    },
  },
  {
    name: "a launched machine carries its profile's guard, and takes another",
    verbs: ['launch', 'list', 'guard', 'setGuard'],
    async check(context) {
      const { provider, signal } = context;
      const profile = {
        ...context.profile('guard'),
        guard: { deadlineHours: 2, idleMinutes: 15, action: 'stop' as const },
      };
      const before = Date.now();
      const [ref] = (await launch(context, profile, 'contract-guard')).instances;
      assert.ok(ref !== undefined);
      const guardNow = async () => {
        const found = (await listed(context, ref.region)).find(({ id }) => id === ref.id);
        return found === undefined ? null : provider.guard(found);
      };
      const guard = await guardNow();
      assert.deepEqual([guard?.idleMinutes, guard?.action], [15, 'stop']);
      const hours = (Date.parse(guard?.deadline ?? '') - before) / 3600_000;
      assert.ok(hours > 1.9 && hours < 2.2, `the deadline is in ${hours} hours`);
      await provider.setGuard(ref, { deadline: null, idleMinutes: 45 }, signal);
      const after = await guardNow();
      assert.deepEqual([after?.deadline, after?.idleMinutes, after?.action], [null, 45, 'stop']);
    },
  },
  {
    name: 'a machine of somebody else has no guard of ours',
    verbs: ['list', 'guard'],
    async check(context) {
      await context.foreign(context.regions[0], 1);
      const [found] = await listed(context, context.regions[0]);
      assert.ok(found !== undefined);
      assert.equal(context.provider.guard(found), null);
    },
  },
  {
    name: 'a running machine says how to get in, and that it is ready',
    verbs: ['launch', 'list', 'connect', 'readiness'],
    async check(context) {
      const [ref] = (await launch(context, context.profile('connect'), 'contract-connect')).instances;
      assert.ok(ref !== undefined);
      await reach(context, ref, ['running']);
      const info = await context.provider.connect(ref, context.signal);
      assert.ok(info.host !== '' && info.user !== '' && info.port > 0);
      assert.equal((await context.provider.readiness(ref, context.signal)).isRunning, true);
      await rejectsWith(context.provider.connect(context.unknown, context.signal), 'cloud-not-found');
    },
  },
  {
    name: 'a region without warnings has none',
    verbs: ['notices'],
    async check({ provider, regions: [region], signal }) {
      assert.deepEqual(await provider.notices(region, signal), []);
    },
  },
];

const SWEEP: readonly Fact[] = [
  {
    name: 'what a launch made lies in its region under its kind, and goes when it is removed',
    verbs: ['launch', 'leftovers', 'remove'],
    async check(context) {
      const { provider, signal } = context;
      const profile = context.profile('sweep');
      const { instances } = await launch(context, profile, 'contract-sweep');
      const kinds = (await all(provider.leftovers(profile.region, signal))).map(({ kind }) => kind);
      assert.deepEqual([...new Set(kinds)].sort(), LEFTOVER_KINDS.toSorted());
      const ours = await oursIn(context, profile.region);
      assert.ok(instances.every(({ id }) => ours.some((one) => one.id === id && one.kind === 'instance')));
      const removals = await all(provider.remove(ours, signal));
      assert.deepEqual(
        removals.filter(({ isRemoved }) => !isRemoved).map(({ leftover, message }) => `${leftover.id}: ${message}`),
        [],
      );
      context.settle();
      assert.deepEqual(await oursIn(context, profile.region), []);
    },
  },
];

const JOBS: readonly Fact[] = [
  {
    name: 'a job is submitted once for a token, listed, read and stopped',
    verbs: ['submit', 'jobs', 'job', 'logs', 'cancel'],
    async check(context) {
      const { provider, signal } = context;
      const request = await context.job('contract-job');
      const ref = await provider.submit(request, signal);
      assert.deepEqual(await provider.submit(request, signal), ref);
      const found = (await all(provider.jobs(request.region, signal))).flat();
      assert.deepEqual(
        found.map(({ id }) => id),
        [ref.id],
      );
      const job = await provider.job(ref, signal);
      assert.deepEqual([job.isOurs, job.instanceType, job.isSpot], [true, request.instanceType, request.spot !== null]);
      const page = await provider.logs(ref, null, signal);
      assert.deepEqual((await provider.logs(ref, page.cursor, signal)).lines, []);
      // An emulator may have ended it by now.
      await provider.cancel(ref, signal).catch((error: { code?: string }) => assert.equal(error.code, 'cloud-state'));
      assert.ok(['stopping', 'stopped', 'completed'].includes((await provider.job(ref, signal)).state));
    },
  },
  {
    name: 'a job that is not there is refused as not found',
    verbs: ['job'],
    async check({ provider, regions: [region], signal }) {
      const ref = { provider: provider.id, region, id: 'no-such-job' };
      await rejectsWith(provider.job(ref, signal), 'cloud-not-found');
    },
  },
];

export const MACHINE_FACTS: readonly Fact[] = [...INSTANCES, ...LOOKS, ...LAUNCH, ...SWEEP, ...JOBS];
