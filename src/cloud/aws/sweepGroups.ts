/** Security groups that nothing is in and no other group names, and ours wherever they are used. */
import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { collect, type SweepKind, type SweepLook, tagged } from './sweepKind.ts';

export const sweepGroups: SweepKind = {
  kind: 'securityGroup',
  operation: 'ec2:DescribeSecurityGroups',
  removal: 'ec2:DeleteSecurityGroup',
  async list(look) {
    const groups = await allGroups(look);
    const candidates = groups.filter(({ GroupName }) => GroupName !== 'default');
    const inUse = candidates.length === 0 ? new Set<string>() : await groupsOfInterfaces(look);
    return candidates.flatMap((group): Leftover[] => {
      const { GroupId: id = '', GroupName = '', Description = '', Tags, VpcId } = group;
      const { name, isOurs } = tagged(Tags);
      const use = useOf(id, inUse, groups);
      const where = VpcId === undefined ? '' : ` in ${VpcId}`;
      return use !== null && !isOurs
        ? []
        : [
            {
              kind: 'securityGroup',
              id,
              region: look.region,
              name: name ?? GroupName,
              isOurs,
              isUnused: use === null,
              reason: `${Description || GroupName}${where}; ${use ?? 'nothing is in it'}`,
              perMonthUsd: 0,
              createdAt: null,
            },
          ];
    });
  },
  async use(look, { id }) {
    // Asked for by its id first: one that is gone is told by that.
    await look.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }), { abortSignal: look.signal });
    const use = useOf(id, await groupsOfInterfaces(look), await allGroups(look));
    return use === null ? null : `${use[0]?.toUpperCase()}${use.slice(1)} now.`;
  },
  remove: async (look, { id }) => {
    await look.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }), { abortSignal: look.signal });
  },
};

function allGroups({ ec2: client, signal }: SweepLook): Promise<SecurityGroup[]> {
  return collect(
    paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}, { abortSignal: signal }),
    ({ SecurityGroups = [] }) => SecurityGroups,
  );
}

/** A stopped machine keeps its interfaces, so its groups count as used. */
async function groupsOfInterfaces({ ec2: client, signal }: SweepLook): Promise<Set<string>> {
  const ids = await collect(
    paginateDescribeNetworkInterfaces({ client, pageSize: 1000 }, {}, { abortSignal: signal }),
    ({ NetworkInterfaces = [] }) =>
      NetworkInterfaces.flatMap(({ Groups = [] }) => Groups.map(({ GroupId = '' }) => GroupId)),
  );
  return new Set(ids);
}

function useOf(id: string, inUse: ReadonlySet<string>, groups: readonly SecurityGroup[]): string | null {
  if (inUse.has(id)) {
    return 'a network interface is in it';
  }
  const by = groups.find(
    ({ GroupId, IpPermissions = [], IpPermissionsEgress = [] }) =>
      GroupId !== id &&
      [...IpPermissions, ...IpPermissionsEgress].some(({ UserIdGroupPairs = [] }) =>
        UserIdGroupPairs.some((pair) => pair.GroupId === id),
      ),
  );
  return by === undefined ? null : `a rule of ${by.GroupId} names it`;
}
