/** Disks that no machine has. */
import { DeleteVolumeCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { perMonth, type SweepKind, tagged } from './sweepKind.ts';

export const sweepVolumes: SweepKind = {
  kind: 'volume',
  operation: 'ec2:DescribeVolumes',
  removal: 'ec2:DeleteVolume',
  async list(look) {
    const free = (await look.volumes()).filter(({ State }) => State === 'available' || State === 'error');
    return Promise.all(
      free.map(async ({ VolumeId = '', VolumeType = '', Size = 0, Iops, Throughput, Tags, CreateTime }) => {
        const disk = { type: VolumeType, sizeGb: Size, iops: Iops ?? null, throughputMbps: Throughput ?? null };
        return {
          kind: 'volume',
          id: VolumeId,
          region: look.region,
          ...tagged(Tags),
          isUnused: true,
          reason: `${VolumeType}, ${Size} GiB; attached to no machine`,
          perMonthUsd: perMonth(await look.prices.volume(look.region, disk, look.signal)),
          createdAt: CreateTime?.toISOString() ?? null,
        } satisfies Leftover;
      }),
    );
  },
  async use(look, { id }) {
    const { Volumes = [] } = await look.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }), {
      abortSignal: look.signal,
    });
    const machine = Volumes[0]?.Attachments?.[0]?.InstanceId;
    const isFree = Volumes[0]?.State === 'available' || Volumes[0]?.State === 'error';
    return isFree ? null : `It is attached to ${machine ?? 'a machine'} now.`;
  },
  remove: async (look, { id }) => {
    await look.ec2.send(new DeleteVolumeCommand({ VolumeId: id }), { abortSignal: look.signal });
  },
};
