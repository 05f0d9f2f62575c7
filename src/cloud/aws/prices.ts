/** Prices of what a region rents out, remembered for a day. */
import { paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { listProducts, type Product, type ProductsQuery } from './priceList.ts';
import { type VolumeAsk, volumePricePerHour } from './volumePrice.ts';

/** USD. What is not known is absent or null: that includes what the account may not ask, which `onFault` is told. */
export interface Prices {
  /** An hour on demand, by instance type: Linux on shared hardware without other software. */
  onDemand(region: string, types: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** An hour of a disk. `standard` disks are paid by use besides, which nobody knows beforehand. */
  volume(region: string, volume: VolumeAsk, signal: AbortSignal): Promise<number | null>;
  snapshotGbMonth(region: string, signal: AbortSignal): Promise<number | null>;
  publicAddressPerHour(region: string, signal: AbortSignal): Promise<number | null>;
  /** The cheapest zone of each type, now. */
  spotNow(region: string, types: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, SpotPrice>>;
}

export interface SpotPrice {
  readonly perHourUsd: number;
  readonly zone: string;
}

export interface PricesOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told why a price is not known, where asking failed. */
  readonly onFault?: (error: SkilletError) => void;
}

const DAY_MS = 24 * 3600_000;
/** Spot prices move a few times a day. */
const SPOT_MS = 5 * 60_000;
/** The API takes no more in one filter, by its length. */
const TYPES_A_REQUEST = 40;

export function createPrices(clients: AwsClients, { now = Date.now, onFault }: PricesOptions = {}): Prices {
  const shop: Shop = { clients, now, onFault: onFault ?? (() => undefined) };
  const first = async (region: string, query: ProductsQuery, usage: RegExp, signal: AbortSignal) =>
    (await askProducts(shop, region, query, signal)).find(({ attributes }) => usage.test(attributes.usagetype ?? ''))
      ?.usd ?? null;
  return {
    onDemand: (region, types, signal) => askOnDemand(shop, region, types, signal),
    spotNow: (region, types, signal) => askSpot(shop, region, types, signal),
    async volume(region, volume, signal) {
      const query = { serviceCode: 'AmazonEC2', fields: { volumeApiName: volume.type } } as const;
      return volumePricePerHour(await askProducts(shop, region, query, signal), volume);
    },
    snapshotGbMonth: (region, signal) =>
      first(
        region,
        { serviceCode: 'AmazonEC2', fields: { productFamily: 'Storage Snapshot' } },
        /EBS:SnapshotUsage$/,
        signal,
      ),
    publicAddressPerHour: (region, signal) =>
      first(
        region,
        { serviceCode: 'AmazonVPC', fields: { group: 'VPCPublicIPv4Address' } },
        /PublicIPv4:InUseAddress$/,
        signal,
      ),
  };
}

/** Where prices are asked for, and what is remembered of them. */
interface Shop {
  readonly clients: AwsClients;
  readonly now: () => number;
  readonly onFault: (error: SkilletError) => void;
}

/** Undefined where it was not asked, or too long ago. */
function recall<T>({ clients, now }: Shop, key: string, forMs: number): T | undefined {
  const known = clients.remembered.get(key);
  return known !== undefined && now() - known.at < forMs ? (known.value as T) : undefined;
}

function remember({ clients, now }: Shop, key: string, value: unknown): void {
  clients.remembered.set(key, { at: now(), value });
}

/** What is remembered, or asked for now; null where it cannot be had, which is told and not remembered. */
async function known<T>(
  shop: Shop,
  { key, forMs, region, operation }: { key: string; forMs: number; region: string; operation: string },
  ask: () => Promise<T>,
): Promise<T | null> {
  const before = recall<T>(shop, key, forMs);
  if (before !== undefined) {
    return before;
  }
  try {
    const found = await ask();
    remember(shop, key, found);
    return found;
  } catch (error) {
    const told = toCloudError(error, region, { operation, profile: shop.clients.profile });
    if (!(told instanceof SkilletError)) {
      throw told;
    }
    shop.onFault(told);
    return null;
  }
}

async function askProducts(
  shop: Shop,
  region: string,
  query: ProductsQuery,
  signal: AbortSignal,
): Promise<readonly Product[]> {
  const what = {
    key: `products ${region} ${JSON.stringify(query)}`,
    forMs: DAY_MS,
    region,
    operation: 'pricing:GetProducts',
  };
  const fields = { ...query.fields, regionCode: region };
  return (
    (await known(shop, what, () => listProducts(shop.clients.of('pricing', region), { ...query, fields }, signal))) ??
    []
  );
}

async function askOnDemand(
  shop: Shop,
  region: string,
  types: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const key = (type: string) => `onDemand ${region} ${type}`;
  const missing = [...new Set(types)].filter((type) => recall(shop, key(type), DAY_MS) === undefined);
  for (let from = 0; from < missing.length; from += TYPES_A_REQUEST) {
    const some = missing.slice(from, from + TYPES_A_REQUEST);
    const query = { serviceCode: 'AmazonEC2', fields: { ...LINUX, instanceType: some } } as const;
    const found = await askProducts(shop, region, query, signal);
    for (const type of found.length === 0 ? [] : some) {
      // Null is remembered too: the region does not sell it.
      remember(shop, key(type), found.find((one) => one.attributes.instanceType === type && one.usd > 0)?.usd ?? null);
    }
  }
  return new Map(
    types.flatMap((type) => {
      const price = recall<number | null>(shop, key(type), DAY_MS) ?? null;
      return price === null ? [] : [[type, price] as const];
    }),
  );
}

async function askSpot(
  shop: Shop,
  region: string,
  types: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SpotPrice>> {
  const wanted = [...new Set(types)].sort();
  if (wanted.length === 0) {
    return new Map();
  }
  const what = {
    key: `spot ${region} ${wanted.join(' ')}`,
    forMs: SPOT_MS,
    region,
    operation: 'ec2:DescribeSpotPriceHistory',
  };
  const ask = { region, types: wanted, at: new Date(shop.now()) };
  return (await known(shop, what, () => askSpotNow(shop.clients, ask, signal))) ?? new Map();
}

const LINUX = {
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  capacitystatus: 'Used',
} as const;

interface SpotAsk {
  readonly region: string;
  readonly types: readonly string[];
  readonly at: Date;
}

/** From now on is how AWS is asked for the prices of now: it answers with the last one of each zone before it. */
async function askSpotNow(
  clients: AwsClients,
  { region, types, at }: SpotAsk,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SpotPrice>> {
  const input = {
    InstanceTypes: types as never[],
    ProductDescriptions: ['Linux/UNIX'],
    StartTime: at,
    EndTime: at,
  };
  const client = clients.of('ec2', region);
  const newest = new Map<string, { readonly at: number; readonly type: string; readonly price: SpotPrice }>();
  let pages = 0;
  for await (const page of paginateDescribeSpotPriceHistory({ client }, input, { abortSignal: signal })) {
    for (const {
      InstanceType: type,
      AvailabilityZone: zone,
      SpotPrice: text,
      Timestamp: time,
    } of page.SpotPriceHistory ?? []) {
      const perHourUsd = Number.parseFloat(text ?? '');
      const key = `${type} ${zone}`;
      const stamp = time?.getTime() ?? 0;
      if (type !== undefined && zone !== undefined && perHourUsd > 0 && stamp >= (newest.get(key)?.at ?? 0)) {
        newest.set(key, { at: stamp, type, price: { perHourUsd, zone } });
      }
    }
    pages += 1;
    if (pages >= 50) {
      break;
    }
  }
  const cheapest = new Map<string, SpotPrice>();
  for (const { type, price } of newest.values()) {
    if (price.perHourUsd < (cheapest.get(type)?.perHourUsd ?? Number.POSITIVE_INFINITY)) {
      cheapest.set(type, price);
    }
  }
  return cheapest;
}
