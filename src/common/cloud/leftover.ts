/** What lies at a provider and costs, or will be forgotten: what a sweep finds. */

export const LEFTOVER_KINDS = [
  'instance',
  'volume',
  'address',
  'securityGroup',
  'keyPair',
  'spotRequest',
  'snapshot',
] as const;
export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

export interface Leftover {
  readonly kind: LeftoverKind;
  readonly id: string;
  readonly region: string;
  readonly name: string | null;
  /** Whether Skillet made it, by its tag. */
  readonly isOurs: boolean;
  /** Whether nothing uses it: a volume at no machine, a group that nothing is in. */
  readonly isUnused: boolean;
  /** Why it is listed, for a person. */
  readonly reason: string;
  readonly perMonthUsd: number | null;
  readonly createdAt: string | null;
}

/** How removing one went. */
export interface Removal {
  readonly leftover: Leftover;
  readonly isRemoved: boolean;
  /** Why not; empty when it is removed. */
  readonly message: string;
}
