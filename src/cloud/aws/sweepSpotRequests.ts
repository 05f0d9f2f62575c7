/** Spot requests that wait for a machine: they cost nothing until they get one. */
import {
  CancelSpotInstanceRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  paginateDescribeSpotInstanceRequests,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { collect, type SweepKind, tagged } from './sweepKind.ts';

export const sweepSpotRequests: SweepKind = {
  kind: 'spotRequest',
  operation: 'ec2:DescribeSpotInstanceRequests',
  removal: 'ec2:CancelSpotInstanceRequests',
  async list({ ec2: client, region, signal }) {
    const open = await collect(
      paginateDescribeSpotInstanceRequests(
        { client, pageSize: 1000 },
        { Filters: [{ Name: 'state', Values: ['open'] }] },
        { abortSignal: signal },
      ),
      ({ SpotInstanceRequests = [] }) => SpotInstanceRequests.filter(({ InstanceId }) => !InstanceId),
    );
    return open.map(
      ({ SpotInstanceRequestId: id = '', Tags, LaunchSpecification, Type, CreateTime }): Leftover => ({
        kind: 'spotRequest',
        id,
        region,
        ...tagged(Tags),
        isUnused: true,
        reason: `${Type ?? 'one-time'}, for ${LaunchSpecification?.InstanceType ?? 'a machine'}; launches as soon as there is room`,
        perMonthUsd: 0,
        createdAt: CreateTime?.toISOString() ?? null,
      }),
    );
  },
  async use({ ec2, signal }, { id }) {
    const command = new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [id] });
    const { SpotInstanceRequests = [] } = await ec2.send(command, { abortSignal: signal });
    const machine = SpotInstanceRequests[0]?.InstanceId;
    return machine ? `It has got the machine ${machine} now.` : null;
  },
  remove: async ({ ec2, signal }, { id }) => {
    await ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [id] }), { abortSignal: signal });
  },
};
