/** Addresses that are kept and lead nowhere, and ours wherever they lead. */
import { type Address, DescribeAddressesCommand, ReleaseAddressCommand } from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { perMonth, type SweepKind, tagged } from './sweepKind.ts';

export const sweepAddresses: SweepKind = {
  kind: 'address',
  operation: 'ec2:DescribeAddresses',
  removal: 'ec2:ReleaseAddress',
  async list(look) {
    // One answer has them all: the call has no pages.
    const { Addresses = [] } = await look.ec2.send(new DescribeAddressesCommand({}), { abortSignal: look.signal });
    const mine = Addresses.filter(
      (one) => one.AllocationId !== undefined && !one.ServiceManaged && (user(one) === null || tagged(one.Tags).isOurs),
    );
    const price = mine.length === 0 ? null : await look.prices.publicAddressPerHour(look.region, look.signal);
    return mine.map((address): Leftover => {
      const by = user(address);
      return {
        kind: 'address',
        id: address.AllocationId ?? '',
        region: look.region,
        ...tagged(address.Tags),
        isUnused: by === null,
        reason: `${address.PublicIp}; ${by === null ? 'leads to no machine' : `leads to ${by}, which counts it`}`,
        // One that leads to a machine is in that machine's sum.
        perMonthUsd: by === null ? perMonth(price) : 0,
        createdAt: null,
      };
    });
  },
  async use(look, { id }) {
    const { Addresses = [] } = await look.ec2.send(new DescribeAddressesCommand({ AllocationIds: [id] }), {
      abortSignal: look.signal,
    });
    const by = Addresses[0] === undefined ? null : user(Addresses[0]);
    return by === null ? null : `It leads to ${by} now.`;
  },
  remove: async (look, { id }) => {
    await look.ec2.send(new ReleaseAddressCommand({ AllocationId: id }), { abortSignal: look.signal });
  },
};

function user({ InstanceId, NetworkInterfaceId, AssociationId }: Address): string | null {
  return InstanceId || NetworkInterfaceId || AssociationId || null;
}
