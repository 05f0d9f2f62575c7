/** What a launch will make, what it costs, and what it says while it works. */
import type { InstanceRef } from './instance.ts';

/** A row of the review. */
export interface ReviewRow {
  readonly kind: 'instance' | 'volume' | 'address' | 'securityGroup' | 'keyPair' | 'spotRequest' | 'license';
  /** What it is, for a person: `2 × g5.xlarge, spot`. */
  readonly title: string;
  readonly detail: string;
  /** Of all of the row together; null where the price is not known. Nothing is 0. */
  readonly perHourUsd: number | null;
  /** While the machines are stopped. */
  readonly stoppedPerHourUsd: number | null;
}

/** Something that a person should know before launching. */
export interface ReviewWarning {
  /** The field of the profile: `securityGroup.create.rules[0].from`. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Review {
  readonly rows: readonly ReviewRow[];
  readonly warnings: readonly ReviewWarning[];
  /** Null where a price is missing. */
  readonly perHourUsd: number | null;
  /** 730 hours. */
  readonly perMonthUsd: number | null;
  /** The dearest that it can become: on demand in place of spot, another region. */
  readonly atMostPerHourUsd: number | null;
  readonly stoppedPerMonthUsd: number | null;
  /** What the provider said when it was asked without doing it; null when it was not asked. */
  readonly dryRun: DryRun | null;
}

export interface DryRun {
  readonly isAllowed: boolean;
  /** One for each thing that was asked. */
  readonly answers: readonly { readonly what: string; readonly isAllowed: boolean; readonly message: string }[];
}

/** Told in this order while a launch works. */
export type LaunchEvent =
  /** A step begins: `Making security group p2`. */
  | { readonly type: 'step'; readonly message: string }
  | { readonly type: 'made'; readonly what: MadeThing }
  /** It goes on elsewhere: another zone, another region, on demand. */
  | { readonly type: 'fallback'; readonly message: string }
  /** Something that was made is taken away again. */
  | { readonly type: 'removed'; readonly what: MadeThing }
  /** Something that was made is still there, with the reason. */
  | { readonly type: 'left'; readonly what: MadeThing; readonly message: string };

export interface MadeThing {
  readonly kind: 'instance' | 'volume' | 'securityGroup' | 'keyPair' | 'keyFile' | 'spotRequest';
  readonly id: string;
  readonly region: string;
}

export interface LaunchResult {
  readonly instances: readonly InstanceRef[];
  /** Where it was launched in the end. */
  readonly region: string;
  readonly purchase: 'onDemand' | 'spot';
  readonly made: readonly MadeThing[];
  /** Where the private key was saved; null where none was made. */
  readonly keyFile: string | null;
}
