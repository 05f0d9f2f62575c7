/** What the parts of a launch have in common: who asks, how fast, and for which launch. */
import { setTimeout as delay } from 'node:timers/promises';
import { guardTags } from '../../common/cloud/guardTags.ts';
import { hasGuard } from '../../common/cloud/guardUserData.ts';
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
  const guard = hasGuard(profile.guard) ? guardTags(profile.guard, now.getTime()) : {};
  const tags = [
    ...Object.entries(profile.tags),
    ...(profile.name === undefined ? [] : [['Name', profile.name] as const]),
    [TAGS.owner, clients.version] as const,
    [TAGS.launch, token] as const,
    ...Object.entries(guard),
  ];
  return tags.map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of groups and keys, which no guard looks at. */
export function plainTags(context: LaunchContext): { Key: string; Value: string }[] {
  const ours: readonly string[] = [TAGS.owner, TAGS.launch, ...Object.keys(context.profile.tags)];
  return launchTags(context, new Date(0)).filter(({ Key }) => ours.includes(Key));
}
