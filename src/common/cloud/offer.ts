/** What a provider rents out: GPU machines with their prices, images to start from, and what an account may have. */
import type { Gpu, ProviderId } from './instance.ts';

/** Which machines are wanted. */
export interface OfferQuery {
  readonly regions: readonly string[];
  /** At least so many cards. */
  readonly gpuCount?: number;
  /** Of all cards together, at least. */
  readonly gpuMemoryBytes?: number;
  /** A part of the card's name, letter case aside: `a10g`. */
  readonly gpuName?: string;
  /** A part of the type's name, or with `*` and `?`: `g5.*`. */
  readonly instanceType?: string;
  /** How many machines will be asked for; quotas are judged by it. Default 1. */
  readonly count?: number;
  /** Also machines without a card. */
  readonly withoutGpu?: boolean;
}

/** One instance type in one region. */
export interface Offer {
  readonly provider: ProviderId;
  readonly region: string;
  readonly instanceType: string;
  readonly gpu: Gpu | null;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** Zones of the region that have the type. */
  readonly zones: readonly string[];
  /** Null while, or where, it is not known. */
  readonly onDemandPerHourUsd: number | null;
  readonly spot: SpotOffer | null;
  readonly quota: OfferQuota | null;
  /** The same for spot machines, which many providers count apart; null or absent where it is not known. */
  readonly spotQuota?: OfferQuota | null;
  /** Disks inside the machine, lost with it. */
  readonly localDiskBytes: number;
}

export interface SpotOffer {
  /** The cheapest zone's price now. */
  readonly perHourUsd: number;
  readonly zone: string;
  /** That zone's prices, oldest first, at most thirty days. */
  readonly history: readonly { readonly at: string; readonly perHourUsd: number }[];
  /** From 1 to 10, how likely it is to get one; null where the provider does not say. */
  readonly placementScore: number | null;
}

/** Whether the account may have what is asked for. */
export interface OfferQuota {
  /** What is counted: vCPUs at AWS. */
  readonly unit: string;
  readonly name: string;
  readonly limit: number;
  readonly needed: number;
  /** In use now by machines of the same kind; null where it is not known. */
  readonly used: number | null;
  /** Where more can be asked for. */
  readonly requestUrl: string;
}

/** A term bought beforehand. */
export interface ReservedOffering {
  readonly id: string;
  readonly region: string;
  readonly instanceType: string;
  readonly termMonths: number;
  readonly payment: 'noUpfront' | 'partialUpfront' | 'allUpfront';
  readonly offeringClass: 'standard' | 'convertible';
  readonly upfrontUsd: number;
  readonly recurringPerHourUsd: number;
  /** Upfront spread over the term, and the recurring price: what one hour of the term costs, used or not. */
  readonly effectivePerHourUsd: number;
}

/** A reservation that the account has. */
export interface Reservation {
  readonly id: string;
  readonly region: string;
  readonly instanceType: string;
  readonly count: number;
  readonly state: string;
  readonly endsAt: string | null;
}

export interface ImageQuery {
  readonly region: string;
  /** A part of the name, letter case aside; `*` and `?` stand for anything. Absent: the recommended ones. */
  readonly text?: string;
  readonly from?: ImageSource;
}

/** `recommended`: the provider's current deep-learning images; `own`: the account's; `marketplace`: sold or given by others. */
export type ImageSource = 'recommended' | 'own' | 'marketplace';

export interface Image {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  readonly description: string;
  readonly source: ImageSource;
  readonly architecture: 'x86_64' | 'arm64';
  readonly createdAt: string | null;
  /** The name under which the provider publishes its newest version; null for all others. */
  readonly parameter: string | null;
  /** Who a person signs in as over SSH: `ubuntu`, `ec2-user`. */
  readonly user: string;
  readonly rootDevice: string | null;
  readonly rootSizeGb: number | null;
  /** The deprecation date where it has one. */
  readonly deprecatedAt: string | null;
  readonly isMarketplace: boolean;
}
