/** The machines of one region: listed anew as often as they change, with costs and idle times that follow. */
import type { FleetRegion, FleetRow } from '../common/cloud/fleet.ts';
import { type Instance, type InstanceState, isChanging } from '../common/cloud/instance.ts';
import { type Problem, toProblem } from '../common/errors.ts';
import type { Limit } from './limitParallel.ts';
import type { Provider } from './provider.ts';

/** Time as tests can set it. */
export interface Clock {
  now(): number;
  /** @returns What ends the wait. */
  after(ms: number, run: () => void): () => void;
}

export interface RegionParts {
  readonly name: string;
  title(): string;
  readonly provider: Pick<Provider, 'list' | 'costs' | 'idle' | 'guard'>;
  readonly clock: Clock;
  /** Of listings, and of all that follows them. */
  readonly limits: { readonly list: Limit; readonly follow: Limit };
  isVisible(): boolean;
  /** Whether somebody looks at it, so that its idle time may cost something. */
  isLookedAt(row: FleetRow): boolean;
  /** Rows came, went, or the region's own words have changed: `rows` is null; else these rows alone have. */
  onChange(rows: readonly string[] | null): void;
  /** Nobody is signed in, as it seems from here. @returns Whether that is so for the whole account. */
  onSignedOut(problem: Problem): Promise<boolean>;
}

export interface RegionWatch {
  state(): FleetRegion;
  /** Lists now; what was under way is given up. Settles when it has ended, in whichever way. */
  look(): Promise<void>;
  /** Looks when it is time, which may be now. */
  resume(): void;
  /** Gives up what is under way, and looks no more by itself. */
  pause(): void;
  /** What was just asked for, until the provider says so itself. */
  expect(id: string, state: InstanceState): void;
  /** Asks for idle times that have become old. */
  followIdle(): void;
}

const FAST_MS = 5_000;
const SLOW_MS = 60_000;
/** Where something has been changing for long, it is not waited for any more. */
const LONG_CHANGE_MS = 10 * 60_000;
const LONG_CHANGE_EVERY_MS = 30_000;
const LONGEST_MS = 15 * 60_000;
const COST_AGE_MS = 5 * 60_000;
/** Idle times are billed by the machine. */
const IDLE_AGE_MS = 5 * 60_000;
/** The provider's lists may be a while behind what was asked of it. */
const EXPECT_MS = 60_000;

interface Expectation {
  readonly from: InstanceState;
  readonly to: InstanceState;
  readonly until: number;
}

export function createRegionWatch(parts: RegionParts): RegionWatch {
  const { clock, provider, name, limits } = parts;
  const rows = new Map<string, FleetRow>();
  const expected = new Map<string, Expectation>();
  const idleAt = new Map<string, number>();
  let current: AbortController | null = null;
  let following: AbortController | null = null;
  let fault: Problem | null = null;
  let listedAt: number | null = null;
  let endedAt: number | null = null;
  let failures = 0;
  let changingSince: number | null = null;
  let endWait: () => void = () => undefined;

  const take = (instance: Instance): 'new' | 'changed' | 'same' => {
    const shown = withExpectation(instance, expected, clock.now());
    const old = rows.get(shown.id);
    if (old !== undefined && JSON.stringify(old.instance) === JSON.stringify(shown)) {
      return 'same';
    }
    // Another state has other costs: the old ones would be wrong.
    const keeps = old !== undefined && costKey(old.instance) === costKey(shown);
    rows.set(shown.id, {
      instance: shown,
      cost: keeps ? old.cost : null,
      costAt: keeps ? old.costAt : 0,
      idle: shown.state === 'running' ? (old?.idle ?? null) : null,
      guard: provider.guard(shown),
    });
    return old === undefined ? 'new' : 'changed';
  };

  const list = async (mine: AbortController) => {
    const seen = new Set<string>();
    for await (const page of provider.list(name, mine.signal)) {
      if (current !== mine) {
        return;
      }
      const kinds = page.map((instance) => [instance.id, take(instance)] as const);
      for (const { id } of page) {
        seen.add(id);
      }
      const changed = kinds.filter(([, kind]) => kind === 'changed').map(([id]) => id);
      if (kinds.some(([, kind]) => kind === 'new')) {
        parts.onChange(null);
      } else if (changed.length > 0) {
        parts.onChange(changed);
      }
    }
    if (current === mine) {
      const gone = [...rows.keys()].filter((id) => !seen.has(id));
      for (const id of gone) {
        rows.delete(id);
        idleAt.delete(id);
      }
      if (gone.length > 0) {
        parts.onChange(null);
      }
    }
  };

  const look = async () => {
    endWait();
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const hadWords = `${fault?.message} ${listedAt === null}`;
    if (listedAt === null) {
      parts.onChange(null);
    }
    try {
      await limits.list(() => list(mine), mine.signal);
      if (current !== mine) {
        return;
      }
      [fault, failures, listedAt] = [null, 0, clock.now()];
    } catch (error) {
      if (current !== mine) {
        return; // Given up: its end is no fault.
      }
      const problem = toProblem(error, name);
      failures += 1;
      if (problem.code === 'cloud-credentials' && (await parts.onSignedOut(problem))) {
        current = current === mine ? null : current;
        return;
      }
      if (current !== mine) {
        return;
      }
      fault = problem;
    }
    current = null;
    endedAt = clock.now();
    if (`${fault?.message} ${listedAt === null}` !== hadWords) {
      parts.onChange(null);
    }
    plan();
    void follow();
  };

  const delay = (): number => {
    if (failures > 0) {
      return Math.min(LONGEST_MS, SLOW_MS * 2 ** (failures - 1));
    }
    if (![...rows.values()].some(({ instance }) => isChanging(instance.state))) {
      changingSince = null;
      return SLOW_MS;
    }
    changingSince ??= clock.now();
    return clock.now() - changingSince > LONG_CHANGE_MS ? LONG_CHANGE_EVERY_MS : FAST_MS;
  };

  const plan = () => {
    endWait();
    if (parts.isVisible() && current === null) {
      const wait = endedAt === null ? 0 : Math.max(0, endedAt + delay() - clock.now());
      endWait = clock.after(wait, () => void look());
    }
  };

  const ask = async <T>(
    wanted: readonly FleetRow[],
    verb: (instances: readonly Instance[], signal: AbortSignal) => Promise<ReadonlyMap<string, T>>,
    merge: (row: FleetRow, answer: T) => FleetRow,
  ) => {
    const { signal } = following ?? new AbortController();
    if (wanted.length === 0 || signal.aborted) {
      return;
    }
    const answers = await limits.follow(
      () =>
        verb(
          wanted.map(({ instance }) => instance),
          signal,
        ),
      signal,
    );
    const changed: string[] = [];
    for (const { instance } of signal.aborted ? [] : wanted) {
      const [row, answer] = [rows.get(instance.id), answers.get(instance.id)];
      // What is in another state by now is not told what held for the old one.
      if (row !== undefined && answer !== undefined && costKey(row.instance) === costKey(instance)) {
        rows.set(instance.id, merge(row, answer));
        changed.push(instance.id);
      }
    }
    if (changed.length > 0) {
      parts.onChange(changed);
    }
  };

  const follow = async () => {
    if (following !== null) {
      return; // The next look brings what this one leaves.
    }
    const mine = new AbortController();
    following = mine;
    try {
      const now = clock.now();
      const old = [...rows.values()].filter(
        ({ cost, costAt, instance }) =>
          instance.state !== 'terminated' && (cost === null || now - costAt > COST_AGE_MS) && now - costAt > FAST_MS,
      );
      await ask(old, provider.costs, (row, cost) => ({ ...row, cost, costAt: clock.now() }));
      await askIdle();
    } catch {
      // A price that cannot be had is shown as not known, and asked again after the next look.
    } finally {
      following = following === mine ? null : following;
    }
  };

  const askIdle = async () => {
    const now = clock.now();
    const wanted = !parts.isVisible()
      ? []
      : [...rows.values()].filter(
          (row) =>
            row.instance.state === 'running' &&
            now - (idleAt.get(row.instance.id) ?? Number.NEGATIVE_INFINITY) >= IDLE_AGE_MS &&
            parts.isLookedAt(row),
        );
    for (const { instance } of wanted) {
      idleAt.set(instance.id, now); // Also where it fails: it is billed all the same.
    }
    await ask(wanted, provider.idle, (row, idle) => ({ ...row, idle }));
  };

  return {
    state: () => ({
      name,
      title: parts.title(),
      rows: [...rows.values()],
      fault,
      listedAt,
      isListing: current !== null,
    }),
    look,
    resume: plan,
    pause() {
      endWait();
      current?.abort();
      following?.abort();
      [current, following] = [null, null];
    },
    expect(id, state) {
      const row = rows.get(id);
      if (row !== undefined && row.instance.state !== state) {
        expected.set(id, { from: row.instance.state, to: state, until: clock.now() + EXPECT_MS });
        take(row.instance);
        parts.onChange([id]);
      }
    },
    followIdle: () => void follow(),
  };
}

function withExpectation(instance: Instance, expected: Map<string, Expectation>, now: number): Instance {
  const expectation = expected.get(instance.id);
  if (expectation === undefined) {
    return instance;
  }
  if (instance.state === expectation.from && now < expectation.until) {
    return { ...instance, state: expectation.to };
  }
  expected.delete(instance.id);
  return instance;
}

/** What a machine's costs hang on. */
function costKey({ state, instanceType, launchedAt, volumeIds, publicAddress }: Instance): string {
  return JSON.stringify([state, instanceType, launchedAt, volumeIds, publicAddress]);
}
