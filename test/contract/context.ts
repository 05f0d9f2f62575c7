/** What a fact of the contract is given, and how facts look at machines, launches and what is left of them. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobRequest, Provider } from '../../src/cloud/provider.ts';
import type { Instance, InstanceRef, InstanceState } from '../../src/common/cloud/instance.ts';
import type { LaunchProfile } from '../../src/common/cloud/launchProfile.ts';
import type { LaunchEvent, MadeThing } from '../../src/common/cloud/launchRecord.ts';
import type { Leftover } from '../../src/common/cloud/leftover.ts';
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

export const STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'terminating',
  'terminated',
  'unknown',
];

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) {
    found.push(one);
  }
  return found;
}

export const listed = async ({ provider, signal }: Context, region: string): Promise<Instance[]> =>
  (await all(provider.list(region, signal))).flat();

export const alive = (instances: readonly Instance[]) =>
  instances.filter(({ state }) => state !== 'terminated' && state !== 'terminating');

/** Waits until a machine is in a state, a minute at most. */
export async function reach(context: Context, ref: InstanceRef, states: readonly InstanceState[]): Promise<void> {
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

export const rejectsWith = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof SkilletError, `not in our words: ${error}`);
    assert.equal(error.code, code, `${error.message} ${error.remedy}`);
    return true;
  });

interface Launched {
  readonly events: readonly LaunchEvent[];
  readonly instances: readonly InstanceRef[];
}

export async function launch(
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

export const things = (events: readonly LaunchEvent[], type: 'made' | 'removed'): MadeThing[] =>
  events.flatMap((event) => (event.type === type ? [event.what] : []));

/** What of ours lies in a region and is not about to go. */
export async function oursIn(context: Context, region: string): Promise<Leftover[]> {
  const found = await all(context.provider.leftovers(region, context.signal));
  return found.flatMap(({ leftovers }) => leftovers).filter((one) => one.isOurs);
}
