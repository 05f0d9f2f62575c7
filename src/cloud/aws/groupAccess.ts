/** Whom the security groups of a machine let in by a port. */
import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';

/** @returns Addresses in CIDR form, groups and lists of prefixes, each once. */
export function openToOf(groups: readonly SecurityGroup[], port: number): readonly string[] {
  const rules = groups.flatMap(({ IpPermissions }) => IpPermissions ?? []).filter((rule) => covers(rule, port));
  return [...new Set(rules.flatMap(sourcesOf))];
}

/** A protocol of -1 is all of them, with all ports. */
function covers({ IpProtocol, FromPort, ToPort }: IpPermission, port: number): boolean {
  return (
    IpProtocol === '-1' ||
    ((IpProtocol === 'tcp' || IpProtocol === '6') && (FromPort ?? 0) <= port && port <= (ToPort ?? 65_535))
  );
}

function sourcesOf({ IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }: IpPermission): string[] {
  return [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
    ...(PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ].filter((source) => source !== undefined);
}
