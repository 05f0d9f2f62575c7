/** A launch as the one request that makes its machines. */
import { createHash } from 'node:crypto';
import type { BlockDeviceMapping, RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import type { LaunchProfile, ProfileVolume } from '../../common/cloud/launchProfile.ts';
import { isLasting } from '../../common/cloud/launchRules.ts';
import type { LaunchImage } from './launchImage.ts';

/** What is known of a place before machines are asked for there. */
export interface RunFacts {
  readonly profile: LaunchProfile;
  readonly purchase: 'onDemand' | 'spot';
  readonly image: LaunchImage;
  readonly subnet: string;
  /** Empty: the network's default group. */
  readonly groupIds: readonly string[];
  readonly keyName: string | null;
  /** Skillet's part and the profile's own; empty for none. */
  readonly userData: string;
  readonly tags: readonly Tag[];
  readonly clientToken: string;
}

export function runRequest(facts: RunFacts): RunInstancesCommandInput {
  const { profile, purchase, image, keyName, userData, tags, clientToken } = facts;
  const { count, instanceType, role } = profile;
  const tagged = [
    'instance',
    'volume',
    'network-interface',
    ...(purchase === 'spot' ? ['spot-instances-request'] : []),
  ];
  const isOneTime = purchase === 'spot' && !isLasting(profile);
  return {
    ClientToken: clientToken,
    MinCount: count,
    MaxCount: count,
    ImageId: image.id,
    InstanceType: instanceType as RunInstancesCommandInput['InstanceType'] & string,
    ...networkOf(facts),
    ...(keyName === null ? {} : { KeyName: keyName }),
    ...(profile.volumes.length === 0
      ? {}
      : { BlockDeviceMappings: profile.volumes.map((one) => toMapping(one, image)) }),
    ...(userData === '' ? {} : { UserData: Buffer.from(userData, 'utf8').toString('base64') }),
    ...(role === undefined ? {} : { IamInstanceProfile: role.startsWith('arn:') ? { Arn: role } : { Name: role } }),
    ...(purchase === 'spot' ? { InstanceMarketOptions: spotOf(profile) } : {}),
    // A machine of a request that is made once cannot be stopped.
    InstanceInitiatedShutdownBehavior: isOneTime ? 'terminate' : profile.shutdown,
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
    TagSpecifications: tagged.map((type) => ({ ResourceType: type as 'instance', Tags: [...tags] })),
  };
}

/**
 * The same for the same launch at the same place, so that AWS makes it once however often it is asked.
 *
 * @param generation How many launches of this token were made here and are over: AWS remembers their tokens.
 */
export function clientToken(
  token: string,
  place: { readonly region: string; readonly zone: string; readonly purchase: string },
  generation: number,
): string {
  const hash = createHash('sha256').update(`${place.region} ${place.zone} ${place.purchase}`).digest('hex').slice(0, 8);
  return `${token}-${hash}${generation === 0 ? '' : `-${generation}`}`;
}

function networkOf({ profile, subnet, groupIds }: RunFacts): Partial<RunInstancesCommandInput> {
  const { publicAddress } = profile.network;
  const groups = [...groupIds];
  if (publicAddress === undefined) {
    return { SubnetId: subnet, ...(groups.length === 0 ? {} : { SecurityGroupIds: groups }) };
  }
  const one = { DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: publicAddress, DeleteOnTermination: true };
  return { NetworkInterfaces: [{ ...one, ...(groups.length === 0 ? {} : { Groups: groups }) }] };
}

function toMapping(volume: ProfileVolume, image: LaunchImage): BlockDeviceMapping {
  const { device, type, sizeGb, iops, throughputMbps, encrypted, kmsKey, deleteOnTermination, snapshot } = volume;
  return {
    DeviceName: device === 'root' ? image.rootDevice : device,
    Ebs: {
      VolumeType: type,
      VolumeSize: sizeGb,
      DeleteOnTermination: deleteOnTermination,
      // False would be refused where the image's own snapshot is encrypted.
      ...(encrypted ? { Encrypted: true } : {}),
      ...(iops === undefined ? {} : { Iops: iops }),
      ...(throughputMbps === undefined ? {} : { Throughput: throughputMbps }),
      ...(kmsKey === undefined ? {} : { KmsKeyId: kmsKey }),
      ...(snapshot === undefined ? {} : { SnapshotId: snapshot }),
    },
  };
}

function spotOf(profile: LaunchProfile): NonNullable<RunInstancesCommandInput['InstanceMarketOptions']> {
  const { purchase } = profile;
  if (purchase.type !== 'spot') {
    return { MarketType: 'spot' };
  }
  const { maximumPricePerHourUsd: price, interruption } = purchase;
  return {
    MarketType: 'spot',
    SpotOptions: {
      SpotInstanceType: isLasting(profile) ? 'persistent' : 'one-time',
      InstanceInterruptionBehavior: interruption,
      ...(price === undefined ? {} : { MaxPrice: String(price) }),
    },
  };
}
