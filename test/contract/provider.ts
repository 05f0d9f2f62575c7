/** What every provider does alike: facts over its verbs, run on each of them. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobRequest, OffersOfRegion, Provider } from '../../src/cloud/provider.ts';
import type { Instance, InstanceRef, InstanceState } from '../../src/common/cloud/instance.ts';
import type { LaunchProfile } from '../../src/common/cloud/launchProfile.ts';
import type { LaunchEvent, MadeThing } from '../../src/common/cloud/launchRecord.ts';
import { LEFTOVER_KINDS, type Leftover } from '../../src/common/cloud/leftover.ts';
import { isOurs, TAGS } from '../../src/common/cloud/tags.ts';
import { SkilletError } from '../../src/common/errors.ts';

export type Verb = Exclude<keyof Provider, 'id' | 'profile'>;
export type FaultKind = 'permission' | 'capacity' | 'throttled' | 'network';

/** One account of a provider, empty at the beginning of each fact. */
export interface Context {
  readonly provider: Provider;
  /** Two regions that the account may use; the first is its default. */
  readonly regions: readonly [string, string];
  readonly signal: AbortSignal;
  /** Where launches find files. */
  readonly folder: string;
  readonly unknown: InstanceRef;
  /** Machines that somebody else made, running. */
  foreign(region: string, count: number): Promise<readonly InstanceRef[]>;
  profile(name: string): LaunchProfile;
  job(token: string): Promise<JobRequest>;
  /** The verb's next calls meet this fault in that region. */
  fault(verb: Verb, kind: FaultKind, region: string): void;
  /** What is on its way arrives, where the provider has no time of its own. */
  settle(): void;
  /** Some part of a name that at least one image has, in other letters. */
  readonly imageText: string;
  readonly reservedType: string;
}

export interface Fact {
  readonly name: string;
  /** Without one of these the fact cannot be asked. */
  readonly verbs: readonly Verb[];
  check(context: Context): Promise<void>;
}

const STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'terminating',
  'terminated',
  'unknown',
];

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) {
    found.push(one);
  }
  return found;
}

const listed = async ({ provider, signal }: Context, region: string): Promise<Instance[]> =>
  (await all(provider.list(region, signal))).flat();

const alive = (instances: readonly Instance[]) =>
  instances.filter(({ state }) => state !== 'terminated' && state !== 'terminating');

/** Waits until a machine is in a state, a minute at most. */
async function reach(context: Context, ref: InstanceRef, states: readonly InstanceState[]): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    context.settle();
    const found = (await listed(context, ref.region)).find(({ id }) => id === ref.id);
    if (states.includes(found?.state ?? 'terminated')) {
      return;
    }
    await delay(200, undefined, { signal: context.signal });
  }
  assert.fail(`${ref.id} did not become ${states.join(' or ')}`);
}

const rejectsWith = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof SkilletError, `not in our words: ${error}`);
    assert.equal(error.code, code, `${error.message} ${error.remedy}`);
    return true;
  });

interface Launched {
  readonly events: readonly LaunchEvent[];
  readonly instances: readonly InstanceRef[];
}

async function launch(
  context: Context,
  profile: LaunchProfile,
  token: string,
  signal = context.signal,
): Promise<Launched> {
  const events: LaunchEvent[] = [];
  const { instances } = await context.provider.launch(profile, {
    token,
    folder: context.folder,
    onEvent: (event) => void events.push(event),
    signal,
  });
  return { events, instances };
}

const things = (events: readonly LaunchEvent[], type: 'made' | 'removed'): MadeThing[] =>
  events.flatMap((event) => (event.type === type ? [event.what] : []));

/** What of ours lies in a region and is not about to go. */
async function oursIn(context: Context, region: string): Promise<Leftover[]> {
  const found = await all(context.provider.leftovers(region, context.signal));
  return found.flatMap(({ leftovers }) => leftovers).filter((one) => one.isOurs);
}

const ACCOUNT: readonly Fact[] = [
  {
    name: 'the account has a name and a default region, which is among its regions',
    verbs: ['identity', 'regions', 'defaultRegion'],
    async check({ provider, regions, signal }) {
      const [identity, found, usual] = await Promise.all([
        provider.identity(signal),
        provider.regions(signal),
        provider.defaultRegion(),
      ]);
      assert.deepEqual([identity.provider, usual], [provider.id, regions[0]]);
      assert.ok(identity.accountId !== '' && identity.who !== '');
      const names = found.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)].sort());
      assert.ok(regions.every((region) => names.includes(region)) && found.every(({ title }) => title !== ''));
    },
  },
  {
    name: 'a signal that is aborted already ends each verb with AbortError',
    verbs: ['identity', 'regions', 'images', 'networks', 'securityGroups', 'keyPairs', 'reservations', 'offers'],
    async check({ provider, regions: [region] }) {
      const signal = AbortSignal.abort();
      const asked = {
        identity: () => provider.identity(signal),
        regions: () => provider.regions(signal),
        images: () => provider.images({ region }, signal),
        networks: () => provider.networks(region, signal),
        securityGroups: () => provider.securityGroups(region, signal),
        keyPairs: () => provider.keyPairs(region, signal),
        reservations: () => provider.reservations(region, signal),
        offers: () => all(provider.offers({ regions: [region] }, signal)),
      };
      const names = await Promise.all(
        Object.values(asked).map((ask) =>
          ask().then(
            () => 'done',
            (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
          ),
        ),
      );
      assert.deepEqual(
        names,
        names.map(() => 'AbortError'),
      );
    },
  },
];

const CATALOGUE: readonly Fact[] = [
  {
    name: 'offers come first without prices and then with them, each region for itself',
    verbs: ['offers'],
    async check({ provider, regions, signal }) {
      const events = await all(provider.offers({ regions, gpuName: 'a10g', gpuCount: 1 }, signal));
      for (const region of regions) {
        const own = events.filter((one) => one.region === region);
        assert.deepEqual(
          own.map(({ isComplete }) => isComplete),
          [false, true],
        );
        assert.ok((own[0]?.offers.length ?? 0) > 0);
        assert.deepEqual(own[0]?.offers.map(typeOf), own[1]?.offers.map(typeOf));
      }
      const offers = events.flatMap((one) => one.offers);
      assert.ok(offers.every(({ gpu }) => gpu?.name.toLowerCase().includes('a10g')));
      assert.ok(offers.every((one) => one.onDemandPerHourUsd === null || one.onDemandPerHourUsd > 0));
      assert.ok(events.some((one) => one.offers.some(({ onDemandPerHourUsd }) => onDemandPerHourUsd !== null)));
    },
  },
  {
    name: 'an image is found by a part of its name in other letters, and the newest comes first',
    verbs: ['images'],
    async check({ provider, regions: [region], signal, imageText }) {
      const found = await provider.images({ region, text: imageText }, signal);
      assert.ok(found.length > 0, `no image for ${imageText}`);
      const usual = await provider.images({ region }, signal);
      const dates = usual.map(({ createdAt }) => createdAt ?? '');
      assert.deepEqual([usual.length > 0, dates], [true, dates.toSorted().reverse()]);
      assert.ok(usual.every((one) => one.source === 'recommended' && one.user !== '' && one.region === region));
      assert.equal((await provider.images({ region, text: 'no image has this name' }, signal)).length, 0);
    },
  },
  {
    name: 'subnets of a network lie in zones of the region',
    verbs: ['networks'],
    async check({ provider, regions: [region], signal }) {
      const networks = await provider.networks(region, signal);
      const subnets = networks.flatMap((one) => one.subnets);
      assert.ok(networks.some(({ isDefault }) => isDefault) && subnets.length > 0);
      assert.ok(subnets.every(({ zone }) => zone.startsWith(region)));
    },
  },
  {
    name: 'reserved terms are told the cheapest first, by what an hour of the term costs',
    verbs: ['reservedOfferings'],
    async check({ provider, regions: [region], signal, reservedType }) {
      const terms = await provider.reservedOfferings({ region, instanceType: reservedType }, signal);
      const prices = terms.map((one) => one.effectivePerHourUsd);
      assert.deepEqual([terms.length > 1, prices], [true, prices.toSorted((a, b) => a - b)]);
      assert.ok(terms.every((one) => one.instanceType === reservedType && one.region === region && one.termMonths > 0));
    },
  },
  {
    name: 'a term that was bought is among the reservations',
    verbs: ['reservedOfferings', 'buyReserved', 'reservations'],
    async check({ provider, regions: [region], signal, reservedType }) {
      const [term] = await provider.reservedOfferings({ region, instanceType: reservedType }, signal);
      assert.ok(term !== undefined);
      const id = await provider.buyReserved(term, 2, signal);
      const found = (await provider.reservations(region, signal)).find((one) => one.id === id);
      assert.deepEqual([found?.instanceType, found?.count], [reservedType, 2]);
    },
  },
];

const typeOf = ({ instanceType }: OffersOfRegion['offers'][number]) => instanceType;

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

export const FACTS: readonly Fact[] = [...ACCOUNT, ...CATALOGUE, ...INSTANCES, ...LAUNCH, ...SWEEP, ...JOBS];

/** Why a fact cannot be asked of a provider yet, or false. */
export function missingFor(provider: Provider, { verbs }: Fact): string | false {
  const missing = verbs.filter((verb) => typeof provider[verb] !== 'function');
  return missing.length > 0 && `joined later: ${missing.join(', ')}`;
}
