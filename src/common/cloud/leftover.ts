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

/** A machine that ends frees its disks, groups and keys; a request that is open would start another machine. */
const ORDER: readonly LeftoverKind[] = [
  'spotRequest',
  'instance',
  'address',
  'volume',
  'securityGroup',
  'snapshot',
  'keyPair',
];

/** Kind by kind, in an order in which they can go. */
export function removalOrder(leftovers: readonly Leftover[]): readonly (readonly Leftover[])[] {
  return ORDER.map((kind) => leftovers.filter((one) => one.kind === kind)).filter((some) => some.length > 0);
}
