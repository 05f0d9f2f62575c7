/** The machines of a launch: asked for, awaited, found by their tag, and ended. */
import {
  CancelSpotInstanceRequestsCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance as Ec2Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Volume,
} from '@aws-sdk/client-ec2';
import { SkilletError } from '../../common/errors.ts';
import { toCloudError } from './awsErrors.ts';
import { isNamed } from './launchGroup.ts';
import type { Making } from './launchLedger.ts';
import { type LaunchContext, launchFilter, wait } from './launchParts.ts';
import { terminateMachines } from './terminateMachine.ts';

const OVER = ['shutting-down', 'terminated'];
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html: told when room ran out after the answer. */
const LATE_LOSS = /Insufficient\w*Capacity|SpotInstanceTermination|SpotInstanceShutdown|capacity/i;

/** All machines with the launch's tag, those that are over too. */
export async function findMachines(
  context: Pick<LaunchContext, 'clients' | 'token'>,
  region: string,
  abortSignal: AbortSignal,
): Promise<readonly Ec2Instance[]> {
  const command = new DescribeInstancesCommand({ Filters: [launchFilter(context.token)] });
  const answer = await context.clients.of('ec2', region).send(command, { abortSignal });
  return (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
}

export function isOver(machine: Ec2Instance): boolean {
  return OVER.includes(machine.State?.Name ?? '');
}

const FIRST_START_MS = 10 * 60_000;

/** Whether it is on its way up, or up, for the first time: a later start is told by disks that are older than it. */
export function isRisingFirst({ State, LaunchTime, BlockDeviceMappings = [] }: Ec2Instance): boolean {
  const startMs = LaunchTime?.getTime() ?? 0;
  const disksMs = BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.AttachTime?.getTime() ?? []);
  const isFirst = disksMs.every((ms) => startMs - ms < FIRST_START_MS);
  return isFirst && (State?.Name === 'pending' || State?.Name === 'running');
}

export function idsOf(machines: readonly Ec2Instance[]): string[] {
  return machines.flatMap(({ InstanceId }) => InstanceId ?? []);
}

export function makingMachines(
  context: LaunchContext,
  region: string,
  input: RunInstancesCommandInput,
): Making<readonly string[]> {
  const client = context.clients.of('ec2', region);
  const living = async (signal: AbortSignal) =>
    idsOf((await findMachines(context, region, signal)).filter((machine) => !isOver(machine)));
  /** Disks that outlived an earlier machine of the same token hold what a person wanted to keep. */
  let earlier: readonly string[] = [];
  return {
    kind: 'instance',
    region,
    name: `machines of launch ${context.token}`,
    hasToken: true,
    idsOf: (ids) => ids,
    find: living,
    stopMore: (signal) => cancelRequests(context, region, signal),
    async create() {
      earlier = await freeDisks(context, region);
      try {
        const answer = await client.send(new RunInstancesCommand(input), { abortSignal: context.signal });
        return idsOf(answer.Instances ?? []);
      } catch (error) {
        // Its token was used, by an earlier try whose answer was lost: its machines are this launch's.
        const ours = isNamed(error, 'IdempotentParameterMismatch') ? await livingSoon(context, living) : [];
        if (ours.length > 0) {
          return ours;
        }
        throw error;
      }
    },
    remove: (id, signal) => endMachine(context, { region, id }, signal),
    sweepUp: (signal) => removeDisks(context, { region, earlier }, signal),
  };
}

async function livingSoon(context: LaunchContext, living: (signal: AbortSignal) => Promise<readonly string[]>) {
  for (const pauseMs of context.pace.pausesMs) {
    const found = await living(context.signal);
    if (found.length > 0) {
      return found;
    }
    await wait(pauseMs, context.signal);
  }
  return living(context.signal);
}

/** A lasting request would start another machine, as would one that still waits; others end with their machine. */
async function cancelRequests(context: LaunchContext, region: string, abortSignal: AbortSignal): Promise<void> {
  if (context.profile.purchase.type !== 'spot') {
    return;
  }
  const client = context.clients.of('ec2', region);
  const command = new DescribeSpotInstanceRequestsCommand({ Filters: [launchFilter(context.token)] });
  const answer = await client.send(command, { abortSignal });
  const open = (answer.SpotInstanceRequests ?? []).filter(
    ({ State, Type }) => State === 'open' || (Type === 'persistent' && ['active', 'disabled'].includes(State ?? '')),
  );
  const SpotInstanceRequestIds = open.flatMap(({ SpotInstanceRequestId }) => SpotInstanceRequestId ?? []);
  if (SpotInstanceRequestIds.length > 0) {
    await client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds }), { abortSignal });
  }
}

/** Ends it, and waits until it is gone. */
async function endMachine(
  context: LaunchContext,
  { region, id }: { readonly region: string; readonly id: string },
  signal: AbortSignal,
): Promise<void> {
  const client = context.clients.of('ec2', region);
  try {
    await terminateMachines(client, [id], signal);
  } catch (error) {
    if (!(error instanceof SkilletError && error.code === 'cloud-not-found')) {
      throw error;
    }
  }
  for (let poll = 0; ; poll += 1) {
    const machines = (await findMachines(context, region, signal)).filter(({ InstanceId }) => InstanceId === id);
    if (machines.every(({ State }) => State?.Name === 'terminated')) {
      return;
    }
    if (poll >= context.pace.polls) {
      throw new SkilletError('cloud-unfinished', id, {
        message: 'is still ending.',
        remedy: `See after it: skillet sweep aws --region ${region}.`,
      });
    }
    await wait(context.pace.pollMs, signal);
  }
}

async function findDisks(context: LaunchContext, region: string, abortSignal: AbortSignal): Promise<readonly Volume[]> {
  const command = new DescribeVolumesCommand({ Filters: [launchFilter(context.token)] });
  const answer = await context.clients.of('ec2', region).send(command, { abortSignal });
  return (answer.Volumes ?? []).filter(({ State }) => State !== 'deleting' && State !== 'deleted');
}

/** Empty where they may not be listed: then none can be removed either. */
async function freeDisks(context: LaunchContext, region: string): Promise<readonly string[]> {
  try {
    const free = (await findDisks(context, region, context.signal)).filter(({ State }) => State === 'available');
    return free.flatMap(({ VolumeId }) => VolumeId ?? []);
  } catch (error) {
    context.signal.throwIfAborted();
    const told = toCloudError(error, region);
    if (told instanceof SkilletError && told.code === 'cloud-permission') {
      return [];
    }
    throw error;
  }
}

interface DiskPlace {
  readonly region: string;
  /** Those that stay. */
  readonly earlier: readonly string[];
}

/** Disks with the launch's tag; throws while one still hangs on a machine that is gone. */
async function removeDisks(
  context: LaunchContext,
  { region, earlier }: DiskPlace,
  abortSignal: AbortSignal,
): Promise<void> {
  const client = context.clients.of('ec2', region);
  const found = await findDisks(context, region, abortSignal);
  const volumes = found.filter(({ VolumeId = '' }) => !earlier.includes(VolumeId));
  for (const { VolumeId, State } of volumes) {
    if (State === 'available' || State === 'error') {
      await removeDisk(client, VolumeId ?? '', abortSignal);
    }
  }
  const busy = volumes.filter(({ State }) => State !== 'available' && State !== 'error');
  if (busy.length > 0) {
    throw new SkilletError('cloud-unfinished', busy.map(({ VolumeId }) => VolumeId).join(', '), {
      message: 'Its machine is gone, and it is not free yet.',
      remedy: `Remove it later: skillet sweep aws --region ${region}.`,
    });
  }
}

async function removeDisk(client: EC2Client, VolumeId: string, abortSignal: AbortSignal): Promise<void> {
  try {
    await client.send(new DeleteVolumeCommand({ VolumeId }), { abortSignal });
  } catch (error) {
    if (!isNamed(error, 'InvalidVolume.NotFound')) {
      throw error;
    }
  }
}

/**
 * Waits until all of them run.
 *
 * @throws {SkilletError} `cloud-capacity`: one was taken away again for want of room; `cloud-state`: it ended for another
 * reason, or does not start.
 */
export async function awaitRunning(
  context: LaunchContext,
  { region, ids }: { readonly region: string; readonly ids: readonly string[] },
): Promise<readonly Ec2Instance[]> {
  const { pace, signal, clients } = context;
  for (let poll = 0; poll <= pace.polls; poll += 1) {
    const machines = await describe(clients.of('ec2', region), ids, signal);
    const over = machines.find((machine) => isOver(machine) || /^stop/.test(machine.State?.Name ?? ''));
    if (over !== undefined) {
      throw endedEarly(over);
    }
    if (machines.length === ids.length && machines.every(({ State }) => State?.Name === 'running')) {
      return machines;
    }
    await wait(pace.pollMs, signal);
  }
  throw new SkilletError('cloud-state', ids.join(', '), {
    message: 'does not begin to run.',
    remedy: 'Try again later, or in another zone.',
  });
}

async function describe(
  client: EC2Client,
  ids: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly Ec2Instance[]> {
  try {
    const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }), { abortSignal });
    return (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  } catch (error) {
    if (isNamed(error, 'InvalidInstanceID.NotFound')) {
      return []; // Not seen everywhere yet.
    }
    throw error;
  }
}

function endedEarly({ InstanceId, StateReason, StateTransitionReason }: Ec2Instance): SkilletError {
  const code = StateReason?.Code ?? '';
  const why = [StateReason?.Message, StateTransitionReason, code].find((text) => text) ?? 'AWS does not say why';
  return LATE_LOSS.test(code)
    ? new SkilletError('cloud-capacity', 'instanceType', {
        message: `AWS had no room after all: ${why}.`,
        remedy: 'Choose another zone, region or type, or try again later.',
      })
    : new SkilletError('cloud-state', InstanceId ?? 'instance', {
        message: `ended as soon as it was there: ${why}.`,
        remedy: /VolumeLimit|KMS|InternalError/i.test(code)
          ? 'Check the disks and their key; then try again.'
          : 'Mend what AWS names, and try again.',
      });
}
