/** Translates EC2's description of a machine into Skillet's words. */
import type { Instance as Ec2Instance, InstanceStateName } from '@aws-sdk/client-ec2';
import type { Gpu, Instance, InstanceState, PurchaseOption } from '../../common/cloud/instance.ts';

const STATES: Readonly<Record<InstanceStateName, InstanceState>> = {
  pending: 'pending',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  'shutting-down': 'terminating',
  terminated: 'terminated',
};

/** @param gpuOf The cards of an instance type, as far as they are known. */
export function fromEc2(machine: Ec2Instance, region: string, gpuOf: (type: string) => Gpu | null): Instance {
  const tags = Object.fromEntries((machine.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const volumes = (machine.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs?.VolumeId === undefined ? [] : [Ebs]));
  const type = machine.InstanceType ?? '';
  const stateName = machine.State?.Name;
  return {
    provider: 'aws',
    region,
    id: machine.InstanceId ?? '',
    name: tags.Name === undefined || tags.Name === '' ? null : tags.Name,
    zone: machine.Placement?.AvailabilityZone ?? null,
    state: stateName === undefined ? 'unknown' : (STATES[stateName] ?? 'unknown'),
    stateReason: machine.StateReason?.Message || machine.StateTransitionReason || null,
    instanceType: type,
    gpu: gpuOf(type),
    purchase: purchaseOf(machine),
    spotRequestId: machine.SpotInstanceRequestId || null,
    launchedAt: machine.LaunchTime?.toISOString() ?? null,
    stoppedAt: stoppedAt(machine),
    publicAddress: machine.PublicIpAddress || null,
    privateAddress: machine.PrivateIpAddress || null,
    imageId: machine.ImageId ?? null,
    keyPair: machine.KeyName || null,
    securityGroups: (machine.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    volumeIds: volumes.flatMap(({ VolumeId }) => VolumeId ?? []),
    keptVolumeIds: volumes.flatMap(({ VolumeId, DeleteOnTermination }) =>
      DeleteOnTermination === false ? (VolumeId ?? []) : [],
    ),
    tags,
  };
}

/** EC2 does not say which machines a reservation pays for; a capacity block is one that was paid beforehand. */
function purchaseOf({ InstanceLifecycle }: Ec2Instance): PurchaseOption {
  return InstanceLifecycle === 'spot' ? 'spot' : InstanceLifecycle === 'capacity-block' ? 'reserved' : 'onDemand';
}

/** EC2 tells it in words alone: `User initiated (2026-11-25 18:00:00 GMT)`. */
function stoppedAt({ State, StateTransitionReason }: Ec2Instance): string | null {
  const found = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(StateTransitionReason ?? '');
  return found === null || (State?.Name !== 'stopped' && State?.Name !== 'terminated')
    ? null
    : `${found[1]}T${found[2]}.000Z`;
}

/** Whether a machine costs what the list of prices for Linux on shared hardware says. */
export function isListPriced({ PlatformDetails, Placement }: Ec2Instance): boolean {
  const isLinux = PlatformDetails === undefined || PlatformDetails === 'Linux/UNIX';
  const isShared = Placement?.Tenancy === undefined || Placement.Tenancy === 'default';
  return isLinux && isShared;
}
