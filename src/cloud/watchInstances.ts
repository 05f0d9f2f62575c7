/** All machines of an account, in all of its regions at once; nothing is asked while nobody looks. */
import { type FleetRow, type FleetState, instanceKey } from '../common/cloud/fleet.ts';
import type { InstanceRef, InstanceState } from '../common/cloud/instance.ts';
import { isOurs } from '../common/cloud/tags.ts';
import { type Problem, toProblem } from '../common/errors.ts';
import { limitParallel } from './limitParallel.ts';
import type { Provider } from './provider.ts';
import { type Clock, createRegionWatch, type RegionWatch } from './regionWatch.ts';

export interface FleetOptions {
  readonly provider: Pick<
    Provider,
    'id' | 'identity' | 'regions' | 'defaultRegion' | 'list' | 'costs' | 'idle' | 'guard'
  >;
  /** The only regions to ask; empty for all of the account. */
  readonly regions: readonly string[];
  /** Regions that had machines the last time: they are asked first. */
  readonly first?: readonly string[];
  readonly isLookedAt?: (row: FleetRow) => boolean;
  readonly clock?: Clock;
}

/** What has become different. */
export interface FleetChange {
  /** Regions came or went, or who is signed in. */
  readonly isWhole: boolean;
  /** Regions whose rows came or went, or whose own words have changed. */
  readonly regions: readonly string[];
  /** Keys of rows that say something else. */
  readonly rows: readonly string[];
}

export interface Fleet {
  state(): FleetState;
  row(key: string): FleetRow | null;
  /** @returns What ends the listening. */
  onDidChange(listen: (change: FleetChange) => void): () => void;
  /** Only what is seen is kept up to date. */
  setVisible(isVisible: boolean): void;
  /** Looks now: at one region, or at all, and at who is signed in. Settles when it has ended. */
  refresh(region?: string): Promise<void>;
  /** Looks once, seen or not, where machines of ours cost something. */
  lookAtOurs(): Promise<void>;
  /** What was just asked for, until the provider says so itself. */
  expect(instance: InstanceRef, state: InstanceState): void;
  /** Other rows are looked at now. */
  followIdle(): void;
  dispose(): void;
}

const LISTINGS_AT_ONCE = 8;
const FOLLOWERS_AT_ONCE = 8;
/** After the regions could not be asked for. */
const AGAIN_MS = 60_000;

const realClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export function createFleet(options: FleetOptions): Fleet {
  const { provider, clock = realClock } = options;
  const limits = { list: limitParallel(LISTINGS_AT_ONCE), follow: limitParallel(FOLLOWERS_AT_ONCE) };
  const watches = new Map<string, RegionWatch>();
  const listeners = new Set<(change: FleetChange) => void>();
  let fault: Problem | null = null;
  let defaultRegion: string | null = null;
  let beginning: AbortController | null = null;
  let isBegun = false;
  let isVisible = false;
  let titles: ReadonlyMap<string, string> = new Map();
  let endWait: () => void = () => undefined;
  const isSignedOut = () => fault?.code === 'cloud-credentials';

  const tell = (change: Partial<FleetChange>) => {
    for (const listen of listeners) {
      listen({ isWhole: false, regions: [], rows: [], ...change });
    }
  };
  const pauseAll = () => {
    for (const watch of watches.values()) {
      watch.pause();
    }
  };
  const stop = () => {
    endWait();
    beginning?.abort();
    beginning = null;
    pauseAll();
  };
  const signedOut = (problem: Problem) => {
    fault = problem;
    pauseAll();
    tell({ isWhole: true });
  };
  const watch = (name: string): RegionWatch => {
    const known = watches.get(name);
    if (known !== undefined) {
      return known;
    }
    const made = createRegionWatch({
      name,
      title: () => titles.get(name) ?? name,
      provider,
      clock,
      limits,
      isVisible: () => isVisible && !isSignedOut(),
      isLookedAt: options.isLookedAt ?? (() => true),
      onChange: (ids) =>
        tell(
          ids === null
            ? { regions: [name] }
            : { rows: ids.map((id) => instanceKey({ provider: provider.id, region: name, id })) },
        ),
      onSignedOut: async (problem) => {
        // A region that is not switched on refuses like a wrong key: who it is tells them apart.
        const isSignedIn = await provider.identity(AbortSignal.timeout(20_000)).then(
          () => true,
          () => false,
        );
        if (!isSignedIn) {
          signedOut(problem);
        }
        return !isSignedIn;
      },
    });
    watches.set(name, made);
    return made;
  };
  const askTitles = async (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    if (options.regions.length > 0) {
      return new Map(options.regions.map((name) => [name, name]));
    }
    const regions = await provider.regions(signal);
    return new Map(regions.map(({ name, title }) => [name, title]));
  };

  const begin = async () => {
    beginning?.abort();
    endWait();
    const mine = new AbortController();
    beginning = mine;
    fault = null;
    isBegun = false;
    try {
      const known = await provider.defaultRegion();
      defaultRegion = options.regions.length === 0 || options.regions.includes(known) ? known : null;
      const early = [...(defaultRegion === null ? [] : [defaultRegion]), ...(options.first ?? [])];
      const asked = askTitles(mine.signal);
      asked.catch(() => undefined); // It is awaited below.
      const looks = new Map(
        early
          .filter((name) => options.regions.length === 0 || options.regions.includes(name))
          .map((name) => [name, watch(name).look()]),
      );
      tell({ isWhole: true });
      const found = await asked;
      if (beginning !== mine) {
        return;
      }
      titles = found;
      for (const name of [...watches.keys()].filter((one) => !found.has(one) && one !== defaultRegion)) {
        watches.get(name)?.pause();
        watches.delete(name);
      }
      isBegun = true;
      const rest = [...found.keys()].filter((name) => !looks.has(name));
      const others = rest.map((name) => watch(name).look());
      tell({ isWhole: true });
      await Promise.all([...looks.values(), ...others]);
    } catch (error) {
      if (beginning === mine) {
        const problem = toProblem(error, provider.id);
        fault = problem;
        isBegun = true;
        if (isSignedOut()) {
          pauseAll();
        } else if (isVisible) {
          endWait = clock.after(AGAIN_MS, () => void begin());
        }
      }
    } finally {
      if (beginning === mine) {
        beginning = null;
        tell({ isWhole: true });
      }
    }
  };

  return {
    state() {
      const regions = [...watches.values()]
        .map((one) => one.state())
        .sort((a, b) => a.name.localeCompare(b.name, 'en'));
      const isComplete = isBegun && regions.every((one) => one.listedAt !== null || one.fault !== null);
      return { regions, defaultRegion, fault, isComplete: fault !== null || isComplete };
    },
    row: (key) => rowOf(watches, key),
    onDidChange(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    setVisible(isSeen) {
      if (isSeen === isVisible) {
        return;
      }
      isVisible = isSeen;
      if (!isSeen) {
        stop();
      } else if (!isBegun || (fault !== null && !isSignedOut())) {
        void begin();
      } else if (!isSignedOut()) {
        for (const one of watches.values()) {
          one.resume();
        }
      }
    },
    async refresh(region) {
      const one = region === undefined ? undefined : watches.get(region);
      await (one === undefined || fault !== null ? begin() : one.look());
    },
    async lookAtOurs() {
      const burning = [...watches.values()].filter((one) =>
        one.state().rows.some(({ instance }) => isOurs(instance.tags) && instance.state !== 'terminated'),
      );
      await Promise.all(burning.map((one) => one.look()));
    },
    expect: ({ region, id }, state) => watches.get(region)?.expect(id, state),
    followIdle() {
      for (const one of watches.values()) {
        one.followIdle();
      }
    },
    dispose() {
      listeners.clear();
      isVisible = false;
      stop();
    },
  };
}

function rowOf(watches: ReadonlyMap<string, RegionWatch>, key: string): FleetRow | null {
  const [, region = '', id = ''] = key.split('/');
  return (
    watches
      .get(region)
      ?.state()
      .rows.find(({ instance }) => instance.id === id) ?? null
  );
}
