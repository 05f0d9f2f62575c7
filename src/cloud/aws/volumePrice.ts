/** What a disk costs: its size, and operations and throughput beyond what comes with it. */
import { HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import type { Product } from './priceList.ts';

export interface VolumeAsk {
  readonly type: string;
  readonly sizeGb: number;
  readonly iops?: number | null;
  readonly throughputMbps?: number | null;
}

/** gp3 brings these along: https://aws.amazon.com/ebs/pricing/ */
const GP3_FREE = { iops: 3000, throughputMbps: 125 };
/** io2's operations are cheaper beyond these borders. */
const IO2_TIERS = [32_000, 64_000, Number.POSITIVE_INFINITY];

/**
 * @param products All of the volume type in the region.
 * @returns USD an hour; null where a part of the price is missing.
 */
export function volumePricePerHour(products: readonly Product[], ask: VolumeAsk): number | null {
  const size = priceOf(products, (one) => one.family === 'Storage', /VolumeUsage/);
  const parts = [
    size === null ? null : size * ask.sizeGb,
    iopsPerMonth(products, ask),
    throughputPerMonth(products, ask),
  ];
  return parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) / HOURS_PER_MONTH;
}

function iopsPerMonth(products: readonly Product[], { type, iops }: VolumeAsk): number | null {
  const wanted = iops ?? 0;
  const isIops = ({ family }: Product) => family === 'System Operation';
  if (type === 'gp3') {
    const extra = wanted - GP3_FREE.iops;
    const price = priceOf(products, isIops, /P-IOPS/);
    return extra <= 0 ? 0 : price === null ? null : price * extra;
  }
  if (type === 'io1') {
    const price = priceOf(products, isIops, /P-IOPS/);
    return price === null ? null : price * wanted;
  }
  if (type !== 'io2') {
    return 0;
  }
  let sum = 0;
  let from = 0;
  for (const [index, until] of IO2_TIERS.entries()) {
    const count = Math.min(wanted, until) - from;
    if (count <= 0) {
      break;
    }
    const price = priceOf(
      products,
      isIops,
      index === 0 ? /P-IOPS\.io2$/ : new RegExp(`P-IOPS\\.io2\\.tier${index + 1}$`),
    );
    if (price === null) {
      return null;
    }
    sum += price * count;
    from = until;
  }
  return sum;
}

function throughputPerMonth(products: readonly Product[], { type, throughputMbps }: VolumeAsk): number | null {
  const extra = (throughputMbps ?? 0) - GP3_FREE.throughputMbps;
  if (type !== 'gp3' || extra <= 0) {
    return 0;
  }
  const product = products.find((one) => /P-Throughput/.test(one.attributes.usagetype ?? ''));
  if (product === undefined) {
    return null;
  }
  const perMib = /^gi/i.test(product.unit) ? product.usd / 1024 : product.usd;
  return perMib * extra;
}

function priceOf(products: readonly Product[], fits: (one: Product) => boolean, usage: RegExp): number | null {
  return products.find((one) => fits(one) && usage.test(one.attributes.usagetype ?? ''))?.usd ?? null;
}
