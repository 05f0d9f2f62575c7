/** Offers and reserved terms as tables. */
import type { Offer, OfferQuota, Reservation, ReservedOffering } from '../../common/cloud/offer.ts';
import { formatUsd, HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import { formatTable } from '../table.ts';

const GIB = 2 ** 30;

export function offersTable(offers: readonly Offer[]): string[] {
  const head = ['TYPE', 'REGION', 'GPU', 'GPU GiB', 'VCPUS', 'GiB', 'ON DEMAND', 'SPOT', 'ZONE', 'QUOTA'];
  const rows = offers.map((one) => [
    one.instanceType,
    one.region,
    gpuText(one),
    gpuMemoryText(one),
    String(one.vcpus),
    String(Math.round(one.memoryBytes / GIB)),
    formatUsd(one.onDemandPerHourUsd),
    one.spot === null ? '-' : formatUsd(one.spot.perHourUsd),
    zoneText(one),
    quotaText(one.quota),
  ]);
  return formatTable([head, ...rows], [3, 4, 5, 6, 7]);
}

/** Without the region's name, which stands beside it: `b`. */
function zoneText({ spot, region }: Offer): string {
  return spot === null ? '-' : spot.zone.startsWith(region) ? spot.zone.slice(region.length) : spot.zone;
}

function gpuText({ gpu }: Offer): string {
  return gpu === null ? '-' : gpu.count === 1 ? gpu.name : `${gpu.count} × ${gpu.name}`;
}

/** Of all cards together. */
function gpuMemoryText({ gpu }: Offer): string {
  if (gpu === null) {
    return '-';
  }
  return gpu.memoryBytes === null ? '?' : String(Math.round((gpu.memoryBytes * gpu.count) / GIB));
}

/** `ok, 8 of 64`, `too small: 48 of 0`: the vCPUs that would be in use, of what is allowed. */
export function quotaText(quota: OfferQuota | null): string {
  if (quota === null) {
    return '?';
  }
  const then = quota.needed + (quota.used ?? 0);
  return then > quota.limit ? `too small: ${then} of ${quota.limit}` : `ok, ${then} of ${quota.limit}`;
}

const PAYMENT = { noUpfront: 'no upfront', partialUpfront: 'partial upfront', allUpfront: 'all upfront' } as const;

/** Beside paying on demand for the hours that a person expects to use. */
export function reservedTable(
  offerings: readonly ReservedOffering[],
  compare: { readonly onDemandPerHourUsd: number | null; readonly hoursPerMonth: number },
): string[] {
  const onDemand = compare.onDemandPerHourUsd === null ? null : compare.onDemandPerHourUsd * compare.hoursPerMonth;
  const head = [
    'ID',
    'TERM',
    'PAYMENT',
    'CLASS',
    'UPFRONT',
    'PER HOUR',
    'EFFECTIVE/h',
    'PER MONTH',
    'AGAINST ON DEMAND',
  ];
  const rows = offerings.map((one) => {
    const perMonth = one.effectivePerHourUsd * HOURS_PER_MONTH;
    return [
      one.id,
      one.termMonths % 12 === 0 ? `${one.termMonths / 12} y` : `${one.termMonths} months`,
      PAYMENT[one.payment],
      one.offeringClass,
      formatUsd(one.upfrontUsd),
      formatUsd(one.recurringPerHourUsd),
      formatUsd(one.effectivePerHourUsd),
      formatUsd(perMonth),
      savingText(perMonth, onDemand),
    ];
  });
  return formatTable([head, ...rows], [4, 5, 6, 7]);
}

function savingText(perMonth: number, onDemand: number | null): string {
  if (onDemand === null) {
    return '?';
  }
  const saved = onDemand - perMonth;
  return saved >= 0 ? `saves ${formatUsd(saved)} a month` : `costs ${formatUsd(-saved)} a month more`;
}

export function reservationsTable(reservations: readonly Reservation[]): string[] {
  const rows = reservations.map((one) => [
    one.id,
    `${one.count} × ${one.instanceType}`,
    one.state,
    one.endsAt?.slice(0, 10) ?? '?',
  ]);
  return formatTable([['ID', 'MACHINES', 'STATE', 'ENDS'], ...rows], []);
}
