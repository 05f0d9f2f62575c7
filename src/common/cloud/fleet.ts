/** All machines that an account has, as they are known now: what the views show. */
import type { Problem } from '../errors.ts';
import type { Instance, InstanceCost, InstanceIdle, InstanceRef } from './instance.ts';

/** What ends a machine by itself. */
export interface FleetGuard {
  /** ISO 8601; null for never. */
  readonly deadline: string | null;
  readonly idleMinutes: number | null;
  readonly action: 'stop' | 'terminate';
}

/** A machine with all that is known about it; null is "not known (yet)". */
export interface FleetRow {
  readonly instance: Instance;
  readonly cost: InstanceCost | null;
  /** When `cost` was asked, ms. */
  readonly costAt: number;
  readonly idle: InstanceIdle | null;
  readonly guard: FleetGuard | null;
}

export interface FleetRegion {
  readonly name: string;
  /** What people call it; its name while that is not known. */
  readonly title: string;
  readonly rows: readonly FleetRow[];
  /** Why it could not be listed; its rows are those of the last time. */
  readonly fault: Problem | null;
  /** When it was last listed to its end, ms; null for never. */
  readonly listedAt: number | null;
  readonly isListing: boolean;
}

export interface FleetState {
  /** By name. */
  readonly regions: readonly FleetRegion[];
  readonly defaultRegion: string | null;
  /** What keeps all regions from being asked: nobody is signed in. */
  readonly fault: Problem | null;
  /** Whether every region was asked at least once. */
  readonly isComplete: boolean;
}

/** Where a machine stands among all: ids are unique within a region alone. */
export function instanceKey({ provider, region, id }: InstanceRef): string {
  return `${provider}/${region}/${id}`;
}

export interface Burning {
  /** Of the prices that are known. */
  readonly perHourUsd: number;
  /** Machines whose price, or a part of it, is not known. */
  readonly unknown: number;
  readonly machines: number;
}

/** What machines cost an hour together; of one whose sum is not known the known parts count. */
export function sumCosts(rows: readonly FleetRow[]): Burning {
  const there = rows.filter(({ instance }) => instance.state !== 'terminated');
  let perHourUsd = 0;
  let unknown = 0;
  for (const { cost } of there) {
    if (cost?.perHourUsd === null || cost === null) {
      unknown += 1;
    }
    perHourUsd += cost?.perHourUsd ?? knownPart(cost);
  }
  return { perHourUsd, unknown, machines: there.length };
}

function knownPart(cost: InstanceCost | null): number {
  return (cost?.parts ?? []).reduce((sum, { perHourUsd }) => sum + (perHourUsd ?? 0), 0);
}
