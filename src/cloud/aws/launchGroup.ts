/** The security group of a launch: made with its rules, or found where the answer of an earlier try was lost. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { MY_ADDRESS, portsOf } from '../../common/cloud/groupRules.ts';
import type { LaunchProfile, ProfileRule } from '../../common/cloud/launchProfile.ts';
import type { Making } from './launchLedger.ts';
import { type LaunchContext, launchFilter, plainTags } from './launchParts.ts';

export type NewGroup = Extract<LaunchProfile['securityGroup'], { type: 'create' }>;

/** @param place `vpc`: the network it is for. */
export function makingGroup(
  context: LaunchContext,
  group: NewGroup,
  place: { readonly region: string; readonly vpc: string },
): Making<string> {
  const client = context.clients.of('ec2', place.region);
  return {
    kind: 'securityGroup',
    region: place.region,
    name: group.name,
    idsOf: (id) => [id],
    find: (signal) => findOurs(context, place.region, signal),
    async create() {
      try {
        const command = new CreateSecurityGroupCommand({
          GroupName: group.name,
          Description: 'Made by Skillet for a launch',
          VpcId: place.vpc,
          TagSpecifications: [{ ResourceType: 'security-group', Tags: plainTags(context) }],
        });
        return (await client.send(command, { abortSignal: context.signal })).GroupId ?? '';
      } catch (error) {
        const [ours] = isNamed(error, 'InvalidGroup.Duplicate')
          ? await findOurs(context, place.region, context.signal)
          : [];
        if (ours === undefined) {
          throw error;
        }
        return ours; // The answer to an earlier try was lost.
      }
    },
    async remove(id, abortSignal) {
      try {
        await client.send(new DeleteSecurityGroupCommand({ GroupId: id }), { abortSignal });
      } catch (error) {
        if (!isNamed(error, 'InvalidGroup.NotFound')) {
          throw error;
        }
      }
    },
  };
}

async function findOurs(context: LaunchContext, region: string, abortSignal: AbortSignal): Promise<readonly string[]> {
  const command = new DescribeSecurityGroupsCommand({ Filters: [launchFilter(context.token)] });
  const answer = await context.clients.of('ec2', region).send(command, { abortSignal });
  return (answer.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
}

/** @param myAddress In CIDR form; null where no rule asks for it. */
export async function openPorts(
  context: LaunchContext,
  group: NewGroup,
  place: { readonly region: string; readonly id: string; readonly myAddress: string | null },
): Promise<void> {
  if (group.rules.length === 0) {
    return;
  }
  try {
    await context.clients.of('ec2', place.region).send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: place.id,
        IpPermissions: group.rules.map((rule) => toPermission(rule, place.myAddress)),
      }),
      { abortSignal: context.signal },
    );
  } catch (error) {
    if (!isNamed(error, 'InvalidPermission.Duplicate')) {
      throw error; // Else an earlier try was heard.
    }
  }
}

export function needsMyAddress(group: LaunchProfile['securityGroup']): boolean {
  return group.type === 'create' && group.rules.some(({ from }) => from === MY_ADDRESS);
}

export function toPermission(rule: ProfileRule, myAddress: string | null): IpPermission {
  const from = rule.from === MY_ADDRESS ? (myAddress ?? '') : rule.from;
  const isV6 = from.includes(':');
  const ports = portsOf(rule);
  const note = rule.description === undefined ? {} : { Description: rule.description };
  const protocol = rule.protocol === 'icmp' && isV6 ? 'icmpv6' : rule.protocol;
  return {
    IpProtocol: rule.protocol === 'all' ? '-1' : protocol,
    ...(rule.protocol === 'all' ? {} : { FromPort: ports?.from ?? -1, ToPort: ports?.to ?? -1 }),
    ...(isV6 ? { Ipv6Ranges: [{ CidrIpv6: from, ...note }] } : { IpRanges: [{ CidrIp: from, ...note }] }),
  };
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
