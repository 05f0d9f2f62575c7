/** A machine at a provider, in words that are the same for all of them. */

export const PROVIDER_IDS = ['aws', 'azure', 'gcp'] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

/** Providers' own states are translated at the edge; `unknown` is a state that none of these words says. */
export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'terminating' | 'terminated' | 'unknown';

export type PurchaseOption = 'onDemand' | 'spot' | 'reserved';

export interface Gpu {
  /** As its maker calls it: `A10G`, `T4`. */
  readonly name: string;
  readonly count: number;
  /** Of one card; null where the provider does not say. */
  readonly memoryBytes: number | null;
}

/** What names one machine anywhere. */
export interface InstanceRef {
  readonly provider: ProviderId;
  readonly region: string;
  /** The provider's own: `i-0abc…`. */
  readonly id: string;
}

export interface Instance extends InstanceRef {
  /** What a person called it; null without a name. */
  readonly name: string | null;
  readonly zone: string | null;
  readonly state: InstanceState;
  /** Why it is in that state, in the provider's words; null where it says nothing. */
  readonly stateReason: string | null;
  readonly instanceType: string;
  readonly gpu: Gpu | null;
  readonly purchase: PurchaseOption;
  /** The request that keeps a spot machine, which starts it anew while it is open; null for all others. */
  readonly spotRequestId: string | null;
  /** ISO 8601 of its last start; null where it is not told. */
  readonly launchedAt: string | null;
  /** ISO 8601 of its last stop, where the provider says so. */
  readonly stoppedAt: string | null;
  readonly publicAddress: string | null;
  readonly privateAddress: string | null;
  readonly imageId: string | null;
  readonly keyPair: string | null;
  readonly securityGroups: readonly string[];
  readonly volumeIds: readonly string[];
  /** Those of its volumes that stay when it is terminated; absent where the provider does not say. */
  readonly keptVolumeIds?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What a machine costs; null is "not known", never nothing. */
export interface InstanceCost {
  /** While it is in its present state: computing and disks when it runs, disks alone when it is stopped. */
  readonly perHourUsd: number | null;
  /** Since its last start, computing alone. */
  readonly soFarUsd: number | null;
  /** What `perHourUsd` is made of; absent where the provider gives the sum alone. */
  readonly parts?: readonly CostPart[];
}

/** A thing that costs: the machine, one of its disks, its address. */
export interface CostPart {
  readonly kind: 'computing' | 'volume' | 'address';
  /** For a person: `vol-0abc…, gp3, 100 GB`. */
  readonly what: string;
  /** Null where it is not known. */
  readonly perHourUsd: number | null;
}

/** How long a machine has had nothing to do, by the provider's own figures. */
export interface InstanceIdle {
  /** Null where it is at work, or too young to tell. */
  readonly idleSince: string | null;
  /** From 0 to 1, over the last five minutes; null without figures. */
  readonly cpuShare: number | null;
}

/** States that a machine leaves by itself within minutes. */
export function isChanging(state: InstanceState): boolean {
  return state === 'pending' || state === 'stopping' || state === 'terminating';
}
