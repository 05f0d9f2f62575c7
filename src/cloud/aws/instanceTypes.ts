/** The instance types of a region with what is in them, and the zones that have them. */
import {
  type InstanceTypeInfo,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import type { Gpu } from '../../common/cloud/instance.ts';
import type { Offer, OfferQuery } from '../../common/cloud/offer.ts';
import type { AwsClients } from './awsClients.ts';

const MIB = 2 ** 20;
/** A card sold with 24 GB has 22 GiB by AWS's figures, and people ask for 24. */
const AS_SOLD = 0.93;
/** AWS takes at most 200 values in a filter. */
const VALUES_A_FILTER = 100;
const MAX_PAGES = 100;

/** An offer before anything is known of its price. */
export function toOffer(info: InstanceTypeInfo, region: string): Offer | null {
  const type = info.InstanceType;
  const architectures = info.ProcessorInfo?.SupportedArchitectures ?? [];
  const architecture = architectures.includes('arm64') ? 'arm64' : 'x86_64';
  if (type === undefined || !architectures.includes(architecture)) {
    return null;
  }
  return {
    provider: 'aws',
    region,
    instanceType: type,
    gpu: gpuOf(info),
    vcpus: info.VCpuInfo?.DefaultVCpus ?? 0,
    memoryBytes: (info.MemoryInfo?.SizeInMiB ?? 0) * MIB,
    architecture,
    zones: [],
    onDemandPerHourUsd: null,
    spot: null,
    quota: null,
    spotQuota: null,
    localDiskBytes: (info.InstanceStorageInfo?.TotalSizeInGB ?? 0) * 1e9,
  };
}

function gpuOf({ GpuInfo }: InstanceTypeInfo): Gpu | null {
  const cards = GpuInfo?.Gpus ?? [];
  const [first] = cards;
  if (first === undefined) {
    return null;
  }
  const mib = first.MemoryInfo?.SizeInMiB;
  return {
    name: first.Name ?? 'GPU',
    count: cards.reduce((sum, card) => sum + (card.Count ?? 1), 0),
    memoryBytes: mib === undefined ? null : mib * MIB,
  };
}

export function fitsQuery({ gpu, instanceType }: Offer, query: OfferQuery): boolean {
  if (!patternOf(query.instanceType).test(instanceType)) {
    return false;
  }
  if (gpu === null) {
    return query.withoutGpu === true && query.gpuName === undefined && (query.gpuCount ?? 0) === 0;
  }
  const memory = gpu.memoryBytes === null ? Number.POSITIVE_INFINITY : gpu.memoryBytes * gpu.count;
  return (
    gpu.count >= (query.gpuCount ?? 0) &&
    memory >= (query.gpuMemoryBytes ?? 0) * AS_SOLD &&
    plain(gpu.name).includes(plain(query.gpuName ?? ''))
  );
}

/** `A10G`, `a10g`, `A 10 G`. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function patternOf(text = ''): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return /[*?]/.test(text) ? new RegExp(`^${escaped}$`, 'i') : new RegExp(escaped, 'i');
}

/** All types of the region that the query asks for, by name, without prices. */
export async function listTypes(
  clients: AwsClients,
  region: string,
  query: OfferQuery,
  signal: AbortSignal,
): Promise<readonly Offer[]> {
  const text = query.instanceType?.toLowerCase();
  const names = text === undefined ? undefined : /[*?]/.test(text) ? text : `*${text}*`;
  const offers: Offer[] = [];
  const pages = paginateDescribeInstanceTypes(
    { client: clients.of('ec2', region), pageSize: 100 },
    names === undefined ? {} : { Filters: [{ Name: 'instance-type', Values: [names] }] },
    { abortSignal: signal },
  );
  let count = 0;
  for await (const page of pages) {
    for (const info of page.InstanceTypes ?? []) {
      const offer = toOffer(info, region);
      if (offer !== null && fitsQuery(offer, query)) {
        offers.push(offer);
      }
    }
    count += 1;
    if (count >= MAX_PAGES) {
      break;
    }
  }
  return offers.sort(byFamilyAndSize);
}

function byFamilyAndSize(a: Offer, b: Offer): number {
  const [family = '', size = ''] = a.instanceType.split('.');
  const [otherFamily = '', otherSize = ''] = b.instanceType.split('.');
  return (
    family.localeCompare(otherFamily, 'en', { numeric: true }) ||
    a.vcpus - b.vcpus ||
    size.localeCompare(otherSize, 'en', { numeric: true })
  );
}

/** The zones of the region that have each type. */
export async function listZones(
  clients: AwsClients,
  region: string,
  types: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const zones = new Map<string, string[]>();
  for (let from = 0; from < types.length; from += VALUES_A_FILTER) {
    const pages = paginateDescribeInstanceTypeOfferings(
      { client: clients.of('ec2', region) },
      {
        LocationType: 'availability-zone',
        Filters: [{ Name: 'instance-type', Values: types.slice(from, from + VALUES_A_FILTER) }],
      },
      { abortSignal: signal },
    );
    let count = 0;
    for await (const page of pages) {
      for (const { InstanceType: type, Location: zone } of page.InstanceTypeOfferings ?? []) {
        if (type !== undefined && zone !== undefined) {
          zones.set(type, [...(zones.get(type) ?? []), zone]);
        }
      }
      count += 1;
      if (count >= MAX_PAGES) {
        break;
      }
    }
  }
  for (const list of zones.values()) {
    list.sort();
  }
  return zones;
}
