/** What of the account a launch can use: networks, security groups, key pairs. */
import {
  DescribeKeyPairsCommand,
  type IpPermission,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type RouteTable,
  type Subnet,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { NetworkChoice, SubnetChoice } from '../../common/cloud/choices.ts';
import type { ProfileRule } from '../../common/cloud/launchProfile.ts';
import type { CatalogueVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';

type ChoiceVerbs = Pick<CatalogueVerbs, 'networks' | 'securityGroups' | 'keyPairs' | 'roles'>;

export function createChoiceVerbs(clients: AwsClients): ChoiceVerbs {
  const told = async <T>(region: string, operation: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toCloudError(error, region, { operation, profile: clients.profile });
    }
  };
  return {
    networks: (region, signal) => told(region, 'ec2:DescribeVpcs', () => listNetworks(clients, region, signal)),
    securityGroups: (region, signal) =>
      told(region, 'ec2:DescribeSecurityGroups', async () => {
        const client = clients.of('ec2', region);
        const pages = paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}, { abortSignal: signal });
        const groups = await flat(pages, ({ SecurityGroups = [] }) => SecurityGroups);
        return groups.map((group) => ({
          id: group.GroupId ?? '',
          name: group.GroupName ?? '',
          description: group.Description ?? '',
          vpc: group.VpcId ?? null,
          rules: (group.IpPermissions ?? []).flatMap(toRules),
        }));
      }),
    keyPairs: (region, signal) =>
      told(region, 'ec2:DescribeKeyPairs', async () => {
        const client = clients.of('ec2', region);
        const { KeyPairs = [] } = await client.send(new DescribeKeyPairsCommand({}), { abortSignal: signal });
        return KeyPairs.map((pair) => ({
          name: pair.KeyName ?? '',
          type: pair.KeyType === 'ed25519' ? ('ed25519' as const) : ('rsa' as const),
          fingerprint: pair.KeyFingerprint ?? '',
        })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
      }),
    // Listing them needs IAM's client, which is not among ours; a role is named by hand.
    roles: async () => [],
  };
}

/** A list that never ends is a fault at the other end. */
const MAX_PAGES = 50;

async function flat<Page, T>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => readonly T[]): Promise<readonly T[]> {
  const all: T[] = [];
  let count = 0;
  for await (const page of pages) {
    all.push(...itemsOf(page));
    count += 1;
    if (count >= MAX_PAGES) {
      break;
    }
  }
  return all;
}

async function listNetworks(
  clients: AwsClients,
  region: string,
  signal: AbortSignal,
): Promise<readonly NetworkChoice[]> {
  const client = clients.of('ec2', region);
  const options = { abortSignal: signal };
  const [vpcs, subnets, tables] = await Promise.all([
    flat(paginateDescribeVpcs({ client }, {}, options), ({ Vpcs = [] }) => Vpcs),
    flat(paginateDescribeSubnets({ client }, {}, options), ({ Subnets = [] }) => Subnets),
    // Without the right to read them, a subnet is judged by whether it gives out public addresses.
    flat(paginateDescribeRouteTables({ client }, {}, options), ({ RouteTables = [] }) => RouteTables).catch(
      (error: unknown) => (signal.aborted ? Promise.reject(error) : null),
    ),
  ]);
  const networks = vpcs.map(
    (vpc): NetworkChoice => ({
      vpc: vpc.VpcId ?? '',
      name: nameOf(vpc.Tags),
      isDefault: vpc.IsDefault === true,
      cidr: vpc.CidrBlock ?? '',
      subnets: subnets
        .filter((subnet) => subnet.VpcId === vpc.VpcId)
        .map((subnet) => toSubnet(subnet, tables))
        .sort((a, b) => a.zone.localeCompare(b.zone) || a.id.localeCompare(b.id)),
    }),
  );
  return networks.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.vpc.localeCompare(b.vpc));
}

function toSubnet(subnet: Subnet, tables: readonly RouteTable[] | null): SubnetChoice {
  return {
    id: subnet.SubnetId ?? '',
    name: nameOf(subnet.Tags),
    zone: subnet.AvailabilityZone ?? '',
    cidr: subnet.CidrBlock ?? '',
    isPublic: tables === null ? subnet.MapPublicIpOnLaunch === true : hasWayOut(subnet, tables),
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
  };
}

/** Public is what has a way to an internet gateway, by its own table or else by its network's main one. */
function hasWayOut({ SubnetId, VpcId }: Subnet, tables: readonly RouteTable[]): boolean {
  const own = tables.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId));
  const main = tables.find(
    (table) => table.VpcId === VpcId && (table.Associations ?? []).some((one) => one.Main === true),
  );
  const routes = (own ?? main)?.Routes ?? [];
  return routes.some(
    (route) => route.DestinationCidrBlock === '0.0.0.0/0' && route.GatewayId?.startsWith('igw-') === true,
  );
}

function nameOf(tags: readonly Tag[] = []): string | null {
  return tags.find(({ Key }) => Key === 'Name')?.Value || null;
}

const PROTOCOLS: Readonly<Record<string, ProfileRule['protocol']>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmpv6: 'icmp',
};

/** One for each source. */
function toRules(permission: IpPermission): readonly ProfileRule[] {
  const { FromPort: from = -1, ToPort: to = -1, IpProtocol = '-1' } = permission;
  const protocol = PROTOCOLS[IpProtocol] ?? 'all';
  const isAll = protocol === 'all' || protocol === 'icmp' || from < 0;
  const port = isAll ? (protocol === 'icmp' ? 0 : '0-65535') : from === to ? from : `${from}-${to}`;
  const sources = [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => [CidrIp, Description] as const),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => [CidrIpv6, Description] as const),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, Description }) => [GroupId, Description] as const),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => [PrefixListId, Description] as const),
  ];
  return sources.flatMap(([source, description]) =>
    source === undefined
      ? []
      : [{ port, protocol, from: source, ...(description === undefined ? {} : { description }) }],
  );
}
