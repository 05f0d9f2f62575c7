/** The order of the offers: by a column, and kept while a person points at them. */
import type { Offer, OfferQuota } from '../../common/cloud/offer.ts';
import { keyOf } from './launchModel.ts';

export type OfferColumn = 'type' | 'region' | 'gpu' | 'gpuMemory' | 'vcpus' | 'memory' | 'onDemand' | 'spot' | 'quota';

export interface OfferSorting {
  readonly by: OfferColumn;
  readonly isDescending: boolean;
}

export const FIRST_SORTING: OfferSorting = { by: 'onDemand', isDescending: false };

/** A second press on a column turns it round. */
export function nextSorting(sorting: OfferSorting, by: OfferColumn): OfferSorting {
  const isLargestFirst = by === 'gpuMemory' || by === 'memory' || by === 'vcpus';
  return sorting.by === by ? { by, isDescending: !sorting.isDescending } : { by, isDescending: isLargestFirst };
}

/** Keys of all offers; what has no value in the column comes last, whichever way round. */
export function sortOffers(offers: Iterable<Offer>, { by, isDescending }: OfferSorting): string[] {
  const sign = isDescending ? -1 : 1;
  const rows = [...offers].map((offer) => ({ key: keyOf(offer), value: valueIn(offer, by) }));
  rows.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return (a.value === null ? 1 : 0) - (b.value === null ? 1 : 0) || compare(a.key, b.key);
    }
    return sign * compare(a.value, b.value) || compare(a.key, b.key);
  });
  return rows.map(({ key }) => key);
}

/** Rows that are there stay where they are; new ones come after them. */
export function keepOrder(order: readonly string[], offers: ReadonlyMap<string, Offer>): string[] {
  const known = new Set(order);
  return [...order.filter((key) => offers.has(key)), ...[...offers.keys()].filter((key) => !known.has(key))];
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function valueIn(offer: Offer, by: OfferColumn): string | number | null {
  const { gpu, quota } = offer;
  switch (by) {
    case 'type':
      return offer.instanceType;
    case 'region':
      return offer.region;
    case 'gpu':
      return gpu === null ? null : `${gpu.name} ${String(gpu.count).padStart(3, '0')}`;
    case 'gpuMemory':
      return gpuMemoryBytes(offer);
    case 'vcpus':
      return offer.vcpus;
    case 'memory':
      return offer.memoryBytes;
    case 'onDemand':
      return offer.onDemandPerHourUsd;
    case 'spot':
      return offer.spot?.perHourUsd ?? null;
    case 'quota':
      return quota === null ? null : isQuotaOk(quota) ? 0 : 1;
  }
}

/** Of all cards together. */
export function gpuMemoryBytes({ gpu }: Offer): number | null {
  return gpu === null || gpu.memoryBytes === null ? null : gpu.memoryBytes * gpu.count;
}

/** Where the use is not known, only the limit is judged by; null without a quota. */
export function isQuotaOk(quota: OfferQuota | null): boolean | null {
  return quota === null ? null : (quota.used ?? 0) + quota.needed <= quota.limit;
}
