/** Prices of what a region rents out, remembered for a day. */
import { paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import type { SkilletError } from '../../common/errors.ts';
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
  const recall = <T>(key: string, forMs: number): T | undefined => {
    const known = clients.remembered.get(key);
    return known !== undefined && now() - known.at < forMs ? (known.value as T) : undefined;
  };
  const remember = (key: string, value: unknown) => clients.remembered.set(key, { at: now(), value });
  const known = async <T>(what: string, operation: string, ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await ask();
    } catch (error) {
      const told = toCloudError(error, what, { operation, profile: clients.profile });
      if (!isFault(told)) {
        throw told;
      }
      onFault?.(told);
      return null;
    }
  };
  const products = async (region: string, query: ProductsQuery, signal: AbortSignal) => {
    const key = `products ${region} ${JSON.stringify(query)}`;
    const before = recall<readonly Product[]>(key, DAY_MS);
    if (before !== undefined) {
      return before;
    }
    const fields = { ...query.fields, regionCode: region };
    const found = await known(region, 'pricing:GetProducts', () =>
      listProducts(clients.of('pricing', region), { ...query, fields }, signal),
    );
    if (found !== null) {
      remember(key, found);
    }
    return found ?? [];
  };
  return {
    async onDemand(region, types, signal) {
      const key = (type: string) => `onDemand ${region} ${type}`;
      const missing = [...new Set(types)].filter((type) => recall(key(type), DAY_MS) === undefined);
      for (let from = 0; from < missing.length; from += TYPES_A_REQUEST) {
        const some = missing.slice(from, from + TYPES_A_REQUEST);
        const ask = { serviceCode: 'AmazonEC2', fields: { ...LINUX, instanceType: some } } as const;
        const found = await products(region, ask, signal);
        for (const type of found.length === 0 ? [] : some) {
          // Null is remembered too: the region does not sell it.
          remember(key(type), found.find((one) => one.attributes.instanceType === type && one.usd > 0)?.usd ?? null);
        }
      }
      return new Map(
        types.flatMap((type) => {
          const price = recall<number | null>(key(type), DAY_MS) ?? null;
          return price === null ? [] : [[type, price] as const];
        }),
      );
    },
    async volume(region, volume, signal) {
      const fields = { volumeApiName: volume.type };
      return volumePricePerHour(await products(region, { serviceCode: 'AmazonEC2', fields }, signal), volume);
    },
    async snapshotGbMonth(region, signal) {
      const fields = { productFamily: 'Storage Snapshot' };
      const found = await products(region, { serviceCode: 'AmazonEC2', fields }, signal);
      return found.find(({ attributes }) => /EBS:SnapshotUsage$/.test(attributes.usagetype ?? ''))?.usd ?? null;
    },
    async publicAddressPerHour(region, signal) {
      const fields = { group: 'VPCPublicIPv4Address' };
      const found = await products(region, { serviceCode: 'AmazonVPC', fields }, signal);
      return found.find(({ attributes }) => /PublicIPv4:InUseAddress$/.test(attributes.usagetype ?? ''))?.usd ?? null;
    },
    async spotNow(region, types, signal) {
      const wanted = [...new Set(types)];
      const key = `spot ${region} ${wanted.toSorted().join(' ')}`;
      const before = recall<ReadonlyMap<string, SpotPrice>>(key, SPOT_MS);
      if (before !== undefined || wanted.length === 0) {
        return before ?? new Map();
      }
      const found = await known(region, 'ec2:DescribeSpotPriceHistory', () =>
        askSpotNow(clients, { region, types: wanted, at: new Date(now()) }, signal),
      );
      if (found !== null) {
        remember(key, found);
      }
      return found ?? new Map();
    },
  };
}

const LINUX = {
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  capacitystatus: 'Used',
} as const;

function isFault(error: unknown): error is SkilletError {
  return error instanceof Error && error.name === 'SkilletError';
}

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
