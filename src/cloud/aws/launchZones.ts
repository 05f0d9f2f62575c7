/** Where in a region a launch can be tried: its zones, each with a subnet, in the order in which they are tried. */
import { DescribeInstanceTypeOfferingsCommand, DescribeSubnetsCommand, type Subnet } from '@aws-sdk/client-ec2';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { createPrices } from './prices.ts';

export interface LaunchZone {
  readonly zone: string;
  readonly subnet: string;
  readonly vpc: string;
  /** Whether machines in the subnet get a public address by themselves. */
  readonly givesAddress: boolean;
}

/**
 * The zones that have the type and a subnet for it: the profile's own zone first, else the one where a spot machine is
 * cheapest now, the others by name.
 *
 * @throws {SkilletError} `cloud-not-found`: no such subnet or network; `cloud-capacity`: no zone of it has the type.
 */
export async function findZones(
  clients: AwsClients,
  { profile, region }: { readonly profile: LaunchProfile; readonly region: string },
  signal: AbortSignal,
): Promise<readonly LaunchZone[]> {
  const { network, instanceType, fallback } = profile;
  const path =
    network.subnet === undefined ? (network.vpc === undefined ? 'network' : 'network.vpc') : 'network.subnet';
  try {
    const subnets = await findSubnets(clients, { network, region }, signal);
    if (subnets.length === 0) {
      throw new SkilletError('cloud-not-found', path, {
        message:
          network.vpc === undefined
            ? `${region} has no default network.`
            : `${network.vpc} has no subnet in ${region}.`,
        remedy: 'Name a subnet in network.subnet; the form of Launch GPU Instance lists them.',
      });
    }
    if (network.subnet !== undefined) {
      return subnets.map(toZone);
    }
    const offered = await zonesWithType(clients, { instanceType, region }, signal);
    const zones = bestOfEach(subnets.map(toZoneWithRoom).filter(({ zone }) => offered.has(zone)));
    const wanted = region === profile.region ? profile.zone : undefined;
    const cheapest =
      profile.purchase.type === 'spot' ? await cheapestZone(clients, { instanceType, region }, signal) : null;
    const preferred = wanted ?? cheapest;
    const first = zones.filter(({ zone }) => zone === preferred);
    const others = zones.filter(({ zone }) => zone !== preferred);
    const allowed = wanted === undefined || fallback.zones ? [...first, ...others] : first;
    const tried = fallback.zones ? allowed : allowed.slice(0, 1);
    if (tried.length === 0) {
      throw new SkilletError('cloud-capacity', 'instanceType', {
        message: `${wanted ?? region} has no ${instanceType}.`,
        remedy: 'Choose another zone, region or type; skillet offers lists them.',
      });
    }
    return tried;
  } catch (error) {
    throw toCloudError(error, path);
  }
}

/** Null where it is not known, which keeps nobody from launching. */
export async function cheapestZone(
  clients: AwsClients,
  { instanceType, region }: { readonly instanceType: string; readonly region: string },
  signal: AbortSignal,
): Promise<string | null> {
  const prices = await createPrices(clients).spotNow(region, [instanceType], signal);
  return prices.get(instanceType)?.zone ?? null;
}

async function findSubnets(
  clients: AwsClients,
  { network, region }: { readonly network: LaunchProfile['network']; readonly region: string },
  abortSignal: AbortSignal,
): Promise<readonly Subnet[]> {
  const place =
    network.vpc === undefined
      ? { Name: 'default-for-az', Values: ['true'] }
      : { Name: 'vpc-id', Values: [network.vpc] };
  const input = network.subnet === undefined ? { Filters: [place] } : { SubnetIds: [network.subnet] };
  const answer = await clients.of('ec2', region).send(new DescribeSubnetsCommand(input), { abortSignal });
  return answer.Subnets ?? [];
}

async function zonesWithType(
  clients: AwsClients,
  { instanceType, region }: { readonly instanceType: string; readonly region: string },
  abortSignal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const answer = await clients.of('ec2', region).send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: [instanceType] }],
    }),
    { abortSignal },
  );
  return new Set((answer.InstanceTypeOfferings ?? []).flatMap(({ Location }) => Location ?? []));
}

interface ZoneWithRoom extends LaunchZone {
  readonly freeAddresses: number;
}

function toZone(subnet: Subnet): LaunchZone {
  return {
    zone: subnet.AvailabilityZone ?? '',
    subnet: subnet.SubnetId ?? '',
    vpc: subnet.VpcId ?? '',
    givesAddress: subnet.MapPublicIpOnLaunch === true,
  };
}

function toZoneWithRoom(subnet: Subnet): ZoneWithRoom {
  return { ...toZone(subnet), freeAddresses: subnet.AvailableIpAddressCount ?? 0 };
}

/** Of several subnets in a zone the one that can be reached, and then the emptiest. */
function bestOfEach(zones: readonly ZoneWithRoom[]): LaunchZone[] {
  const sorted = [...zones].sort(
    (a, b) =>
      a.zone.localeCompare(b.zone) ||
      Number(b.givesAddress) - Number(a.givesAddress) ||
      b.freeAddresses - a.freeAddresses,
  );
  const best = sorted.filter(({ zone }, index) => sorted[index - 1]?.zone !== zone);
  return best.map(({ freeAddresses: _free, ...zone }) => zone);
}
