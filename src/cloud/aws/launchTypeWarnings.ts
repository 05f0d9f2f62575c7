/** What the type of machine says against a launch: its architecture, its GPU, the account's quota. */
import { DescribeInstanceTypesCommand, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import type { ReviewWarning } from '../../common/cloud/launchRecord.ts';
import { SkilletError } from '../../common/errors.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import type { LaunchImage } from './launchImage.ts';

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

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html: by family, on demand and spot. */
const QUOTAS: readonly { readonly family: RegExp; readonly onDemand: string; readonly spot: string }[] = [
  { family: /^(g|vt)\d/, onDemand: 'L-DB2E81BA', spot: 'L-3819A6DF' },
  { family: /^p5/, onDemand: 'L-417A185B', spot: 'L-C4BD4855' },
  { family: /^p[34]/, onDemand: 'L-417A185B', spot: 'L-7212CCBC' },
  { family: /^p\d/, onDemand: 'L-417A185B', spot: 'L-7212CCBC' },
  { family: /^[acdhimrtz]\d/, onDemand: 'L-1216C47A', spot: 'L-34B43A08' },
];

/** Nothing where the quota cannot be asked: the launch itself will say. */
async function quotaWarnings(
  { clients, profile, signal }: TypeContext,
  info: InstanceTypeInfo,
): Promise<ReviewWarning[]> {
  const { instanceType, count, purchase, region } = profile;
  const codes = QUOTAS.find(({ family }) => family.test(instanceType));
  const vcpus = info.VCpuInfo?.DefaultVCpus;
  if (codes === undefined || vcpus === undefined) {
    return [];
  }
  const code = purchase.type === 'spot' ? codes.spot : codes.onDemand;
  try {
    const command = new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: code });
    const { Quota } = await clients.of('quotas', region).send(command, { abortSignal: signal });
    const needed = vcpus * count;
    return Quota?.Value === undefined || needed <= Quota.Value
      ? []
      : [
          {
            path: count > 1 ? 'count' : 'instanceType',
            message: `${count} × ${instanceType} need ${needed} vCPUs, and the account may have ${Quota.Value} (${Quota.QuotaName ?? code}).`,
            remedy: `Ask for more: https://${region}.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${code}.`,
          },
        ];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
