/** What one kind of leftover says of itself to the sweep, and what all kinds of a region look at together. */
import {
  type EC2Client,
  type Instance as Ec2Instance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  type Tag,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { Leftover, LeftoverKind } from '../../common/cloud/leftover.ts';
import { isOurs } from '../../common/cloud/tags.ts';
import type { Prices } from './prices.ts';

export interface SweepKind {
  readonly kind: LeftoverKind;
  /** What listing it needs, as IAM calls it. */
  readonly operation: string;
  /** What removing it needs. */
  readonly removal: string;
  list(look: SweepLook): Promise<readonly Leftover[]>;
  /** @returns Why it must stay, as it is now; null where nothing uses it. Throws "…NotFound" where it is gone. */
  use(look: SweepLook, leftover: Leftover): Promise<string | null>;
  remove(look: SweepLook, leftover: Leftover): Promise<void>;
}

/** A region while it is swept; what several kinds ask is asked once. */
export interface SweepLook {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly prices: Prices;
  readonly signal: AbortSignal;
  /** All machines that are not terminated. */
  instances(): Promise<readonly Ec2Instance[]>;
  volumes(): Promise<readonly Volume[]>;
}

export interface LookParts {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly prices: Prices;
  readonly signal: AbortSignal;
}

export function createLook(parts: LookParts): SweepLook {
  const { ec2: client, signal } = parts;
  let instances: Promise<readonly Ec2Instance[]> | null = null;
  let volumes: Promise<readonly Volume[]> | null = null;
  return {
    ...parts,
    instances: () => {
      instances ??= collect(
        paginateDescribeInstances({ client, pageSize: 1000 }, {}, { abortSignal: signal }),
        ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances).filter(isThere),
      );
      return instances;
    },
    volumes: () => {
      volumes ??= collect(
        paginateDescribeVolumes({ client, pageSize: 500 }, {}, { abortSignal: signal }),
        ({ Volumes = [] }) => Volumes,
      );
      return volumes;
    },
  };
}

function isThere({ State }: Ec2Instance): boolean {
  return State?.Name !== 'terminated' && State?.Name !== 'shutting-down';
}

/** All pages of a listing as one list. */
export async function collect<P, T>(pages: AsyncIterable<P>, itemsOf: (page: P) => readonly T[]): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) {
    items.push(...itemsOf(page));
  }
  return items;
}

/** A machine, or whatever else carries tags, as a leftover begins. */
export function tagged(tags: readonly Tag[] | undefined): Pick<Leftover, 'name' | 'isOurs'> {
  const values = Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return { name: values.Name || null, isOurs: isOurs(values) };
}

export const perMonth = (perHourUsd: number | null): number | null => (perHourUsd === null ? null : perHourUsd * 730);
