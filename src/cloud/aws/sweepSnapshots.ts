/** The account's own snapshots whose disk is gone and that no image of its own needs, and ours in any case. */
import {
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  paginateDescribeImages,
  paginateDescribeSnapshots,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { collect, type SweepKind, type SweepLook, tagged } from './sweepKind.ts';

const GIB = 1024 ** 3;

export const sweepSnapshots: SweepKind = {
  kind: 'snapshot',
  operation: 'ec2:DescribeSnapshots',
  removal: 'ec2:DeleteSnapshot',
  async list(look) {
    const { ec2: client, region, signal } = look;
    const snapshots = await collect(
      paginateDescribeSnapshots({ client, pageSize: 1000 }, { OwnerIds: ['self'] }, { abortSignal: signal }),
      ({ Snapshots = [] }) => Snapshots,
    );
    if (snapshots.length === 0) {
      return [];
    }
    const volumes = new Set((await look.volumes()).map(({ VolumeId }) => VolumeId));
    const images = await imagesBySnapshot(look);
    const left = snapshots
      .map((snapshot) => ({ snapshot, use: useOf(snapshot, volumes, images), ...tagged(snapshot.Tags) }))
      .filter(({ use, isOurs }) => use === null || isOurs);
    const price = left.length === 0 ? null : await look.prices.snapshotGbMonth(region, signal);
    return left.map(({ snapshot, use, name, isOurs }): Leftover => {
      const sizeGb = sizeOf(snapshot);
      return {
        kind: 'snapshot',
        id: snapshot.SnapshotId ?? '',
        region,
        name,
        isOurs,
        isUnused: use === null,
        reason: `${Math.round(sizeGb * 10) / 10} GiB at most; ${use ?? 'its disk is gone and no image needs it'}`,
        perMonthUsd: price === null ? null : price * sizeGb,
        createdAt: snapshot.StartTime?.toISOString() ?? null,
      };
    });
  },
  async use(look, { id }) {
    const { ec2, signal } = look;
    await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }), { abortSignal: signal });
    const image = (await imagesBySnapshot(look)).get(id);
    return image === undefined ? null : `The image ${image} needs it now.`;
  },
  remove: async ({ ec2, signal }, { id }) => {
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }), { abortSignal: signal });
  },
};

/** AWS bills the blocks that a snapshot does not share with an earlier one; the whole of it is the most. */
function sizeOf({ FullSnapshotSizeInBytes, VolumeSize = 0 }: Snapshot): number {
  return FullSnapshotSizeInBytes ? FullSnapshotSizeInBytes / GIB : VolumeSize;
}

function useOf(
  { SnapshotId = '', VolumeId }: Snapshot,
  volumes: ReadonlySet<string | undefined>,
  images: ReadonlyMap<string, string>,
): string | null {
  const image = images.get(SnapshotId);
  return image !== undefined
    ? `the image ${image} needs it`
    : volumes.has(VolumeId)
      ? `its disk ${VolumeId} is still there`
      : null;
}

async function imagesBySnapshot({ ec2: client, signal }: SweepLook): Promise<Map<string, string>> {
  // Those that are switched off need their snapshots, too.
  const ask = { Owners: ['self'], IncludeDisabled: true };
  const pairs = await collect(
    paginateDescribeImages({ client, pageSize: 1000 }, ask, { abortSignal: signal }),
    ({ Images = [] }) =>
      Images.flatMap(({ ImageId = '', BlockDeviceMappings = [] }) =>
        BlockDeviceMappings.flatMap(({ Ebs }) => (Ebs?.SnapshotId ? [[Ebs.SnapshotId, ImageId] as const] : [])),
      ),
  );
  return new Map(pairs);
}
