/** The image of a launch, as its region has it: from a parameter, an id or a name. */
import { type Image as Ami, DescribeImagesCommand, type DescribeImagesCommandInput } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';

export interface LaunchImage {
  readonly id: string;
  readonly name: string;
  readonly rootDevice: string;
  readonly architecture: string;
  /** The image's own disks. */
  readonly disks: readonly ImageDisk[];
  /** Sold at the Marketplace, for a price that AWS does not tell here. */
  readonly isSold: boolean;
  readonly deprecatedAt: string | null;
}

export interface ImageDisk {
  readonly device: string;
  readonly type: string;
  /** Null where the image does not say. */
  readonly sizeGb: number | null;
  readonly iops: number | null;
  readonly throughputMbps: number | null;
}

export async function resolveImage(
  clients: AwsClients,
  wanted: { readonly image: LaunchProfile['image']; readonly region: string },
  signal: AbortSignal,
): Promise<LaunchImage> {
  const { image, region } = wanted;
  const path = `image.${image.type}`;
  try {
    const found = await findImages(clients, wanted, signal);
    const [newest] = found.sort((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''));
    if (newest === undefined) {
      throw missing(path, `There is no image ${image.type === 'id' ? image.id : `"${image.name}"`} in ${region}.`);
    }
    return fromAmi(newest);
  } catch (error) {
    if (image.type === 'parameter' && error instanceof Error && error.name.startsWith('ParameterNotFound')) {
      throw missing(path, `${region} has no parameter ${image.name}.`);
    }
    throw toCloudError(error, path);
  }
}

function missing(path: string, message: string): SkilletError {
  return new SkilletError('cloud-image', path, {
    message,
    remedy: 'Choose an image of that region; skillet images lists them.',
  });
}

async function findImages(
  clients: AwsClients,
  { image, region }: { readonly image: LaunchProfile['image']; readonly region: string },
  abortSignal: AbortSignal,
): Promise<Ami[]> {
  const describe = async (input: DescribeImagesCommandInput) =>
    (await clients.of('ec2', region).send(new DescribeImagesCommand(input), { abortSignal })).Images ?? [];
  if (image.type === 'name') {
    const Filters = [
      { Name: 'name', Values: [image.name] },
      { Name: 'state', Values: ['available'] },
    ];
    return describe({ Filters, ...(image.owner === undefined ? {} : { Owners: [image.owner] }) });
  }
  if (image.type === 'id') {
    return describe({ ImageIds: [image.id] });
  }
  const answer = await clients.of('ssm', region).send(new GetParameterCommand({ Name: image.name }), { abortSignal });
  const id = answer.Parameter?.Value;
  return id === undefined ? [] : describe({ ImageIds: [id] });
}

function fromAmi(ami: Ami): LaunchImage {
  const disks = (ami.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
    DeviceName === undefined || Ebs === undefined
      ? []
      : {
          device: DeviceName,
          type: Ebs.VolumeType ?? 'gp2',
          sizeGb: Ebs.VolumeSize ?? null,
          iops: Ebs.Iops ?? null,
          throughputMbps: Ebs.Throughput ?? null,
        },
  );
  return {
    id: ami.ImageId ?? '',
    name: ami.Name ?? ami.ImageId ?? '',
    rootDevice: ami.RootDeviceName ?? '/dev/sda1',
    architecture: ami.Architecture ?? 'x86_64',
    disks,
    isSold: (ami.ProductCodes ?? []).some(({ ProductCodeType }) => ProductCodeType === 'marketplace'),
    deprecatedAt: ami.DeprecationTime ?? null,
  };
}
