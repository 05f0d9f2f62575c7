/** All that the page "Reserved Instances" can say and hear. */
import type { Region } from './cloud/account.ts';
import type { Reservation, ReservedOffering } from './cloud/offer.ts';
import type { Problem } from './errors.ts';

/** What was found for one region and one instance type. */
export interface ReservedFinding {
  readonly region: string;
  readonly instanceType: string;
  readonly offerings: readonly ReservedOffering[];
  /** Null where it is not known. */
  readonly onDemandPerHourUsd: number | null;
  /** Null where they could not be asked. */
  readonly reservations: readonly Reservation[] | null;
  /** What could not be found out, a sentence each. */
  readonly faults: readonly string[];
}

/** How a purchase went. */
export type Purchase =
  | { readonly state: 'buying'; readonly title: string }
  | { readonly state: 'bought'; readonly title: string; readonly id: string }
  | { readonly state: 'refused'; readonly title: string; readonly problem: Problem }
  /** The answer was lost: it may have been bought. It is not asked for again by itself. */
  | { readonly state: 'unknown'; readonly title: string; readonly problem: Problem };

export type ToReservedPage =
  | {
      readonly type: 'begin';
      readonly regions: readonly Region[];
      readonly region: string;
      readonly instanceType: string;
    }
  | { readonly type: 'beginFailed'; readonly problem: Problem }
  | { readonly type: 'finding'; readonly ask: number; readonly finding: ReservedFinding }
  | { readonly type: 'findFailed'; readonly ask: number; readonly problem: Problem }
  | { readonly type: 'purchase'; readonly purchase: Purchase | null };

export type FromReservedPage =
  | { readonly type: 'ready' }
  | { readonly type: 'find'; readonly ask: number; readonly region: string; readonly instanceType: string }
  | { readonly type: 'buy'; readonly offering: string; readonly count: number };
