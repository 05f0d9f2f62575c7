/** What the type of machine says against a launch: its architecture, its GPU, the account's quota. */
import { DescribeInstanceTypesCommand, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import type { ReviewWarning } from '../../common/cloud/launchRecord.ts';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import type { LaunchImage } from './launchImage.ts';
import { askQuotas } from './quotas.ts';

interface TypeContext {
  readonly clients: AwsClients;
  readonly profile: LaunchProfile;
  readonly signal: AbortSignal;
}

/** @throws {SkilletError} There is no such type in the region. */
export async function typeWarnings(context: TypeContext, image: LaunchImage): Promise<ReviewWarning[]> {
  const info = await describeType(context);
  const architectures: readonly string[] = info.ProcessorInfo?.SupportedArchitectures ?? [];
  const { instanceType } = context.profile;
  return [
    ...(architectures.length > 0 && !architectures.includes(image.architecture)
      ? [
          {
            path: 'instanceType',
            message: `${instanceType} runs ${architectures.join(', ')}, and the image is for ${image.architecture}.`,
            remedy: 'Choose an image or a type of the same architecture.',
          },
        ]
      : []),
    ...(info.GpuInfo === undefined
      ? [
          {
            path: 'instanceType',
            message: `${instanceType} has no GPU.`,
            remedy: 'skillet offers lists types that have one.',
          },
        ]
      : []),
    ...(await quotaWarnings(context, info)),
  ];
}

async function describeType({ clients, profile, signal }: TypeContext): Promise<InstanceTypeInfo> {
  const { instanceType, region } = profile;
  try {
    const command = new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as never] });
    const answer = await clients.of('ec2', region).send(command, { abortSignal: signal });
    const info = answer.InstanceTypes?.[0];
    if (info !== undefined) {
      return info;
    }
  } catch (error) {
    throw toCloudError(error, 'instanceType');
  }
  throw new SkilletError('cloud-not-found', 'instanceType', {
    message: `${region} has no type ${instanceType}.`,
    remedy: 'skillet offers lists those that it has.',
  });
}

/** Nothing where the quota cannot be asked: the launch itself will say. */
async function quotaWarnings(
  { clients, profile, signal }: TypeContext,
  info: InstanceTypeInfo,
): Promise<ReviewWarning[]> {
  const { instanceType, count, purchase, region } = profile;
  const needed = (info.VCpuInfo?.DefaultVCpus ?? 0) * count;
  const purchases =
    purchase.type === 'spot'
      ? (['spot', ...(purchase.fallBackToOnDemand ? (['onDemand'] as const) : [])] as const)
      : (['onDemand'] as const);
  try {
    const quotas = await askQuotas(clients, { region, types: [instanceType] }, signal);
    return purchases.flatMap((one) => {
      const quota = quotas.quota(instanceType, needed, one);
      return quota === null || needed + (quota.used ?? 0) <= quota.limit
        ? []
        : [
            {
              path: count > 1 ? 'count' : 'instanceType',
              message: `${count} × ${instanceType} need ${needed} ${quota.unit}; the account may have ${quota.limit}${quota.used === null ? '' : ` and uses ${quota.used}`} (${quota.name}).`,
              remedy: `Ask for more: ${quota.requestUrl}`,
            },
          ];
    });
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
