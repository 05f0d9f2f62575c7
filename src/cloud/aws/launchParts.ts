/** What the parts of a launch have in common: who asks, how fast, and for which launch. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import { TAGS } from '../../common/cloud/tags.ts';
import type { AwsClients } from './awsClients.ts';

/** How a launch waits; tests are in more of a hurry. */
export interface LaunchPace {
  /** Between looks whether the machines run. */
  readonly pollMs: number;
  /** How often to look before it is given up. */
  readonly polls: number;
  /** Between looks for what may have been made, and tries to remove. */
  readonly pausesMs: readonly number[];
  readonly undoLimitMs: number;
}

export const LAUNCH_PACE: LaunchPace = {
  pollMs: 3000,
  polls: 200,
  pausesMs: [1000, 2000, 4000, 8000],
  undoLimitMs: 10 * 60_000,
};

/** One launch: where it asks, and the tag that joins what it makes. */
export interface LaunchContext {
  readonly clients: AwsClients;
  readonly pace: LaunchPace;
  readonly token: string;
  readonly profile: LaunchProfile;
  readonly signal: AbortSignal;
}

export const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  delay(ms, undefined, signal === undefined ? {} : { signal });

/** Filters that find what a launch made. */
export function launchFilter(token: string): { Name: string; Values: string[] } {
  return { Name: `tag:${TAGS.launch}`, Values: [token] };
}

/** The tags of all that a launch makes, as AWS writes them. @param now The guard's deadline counts from then. */
export function launchTags({ clients, token, profile }: LaunchContext, now: Date): { Key: string; Value: string }[] {
  const { deadlineHours, idleMinutes, action } = profile.guard;
  const deadline = deadlineHours === null ? [] : [new Date(now.getTime() + deadlineHours * 3_600_000).toISOString()];
  const tags: [string, string][] = [
    ...Object.entries(profile.tags),
    ...(profile.name === undefined ? [] : [['Name', profile.name] as [string, string]]),
    [TAGS.owner, clients.version],
    [TAGS.launch, token],
    ...deadline.map((at): [string, string] => [TAGS.deadline, at]),
    [TAGS.idleMinutes, String(idleMinutes ?? 0)],
    [TAGS.guardAction, action],
  ];
  return tags.map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of groups and keys, which no guard looks at. */
export function plainTags(context: LaunchContext): { Key: string; Value: string }[] {
  const guards: readonly string[] = [TAGS.deadline, TAGS.idleMinutes, TAGS.guardAction, 'Name'];
  return launchTags(context, new Date(0)).filter(({ Key }) => !guards.includes(Key));
}
