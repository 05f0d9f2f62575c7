/** Terminates machines for good: a lasting spot request is cancelled first, for AWS would else rent another machine. */
import {
  CancelSpotInstanceRequestsCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  type EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SkilletError } from '../../common/errors.ts';
import { toCloudError } from './awsErrors.ts';

/**
 * @throws {SkilletError} A request cannot be cancelled: then no machine is terminated, and the message says so. Or the
 * machines cannot be terminated.
 */
export async function terminateMachines(ec2: EC2Client, ids: readonly string[], signal: AbortSignal): Promise<void> {
  const [first = 'machine'] = ids;
  if (ids.length === 0) {
    return;
  }
  let requests: readonly string[];
  try {
    requests = await lastingRequests(ec2, ids, signal);
  } catch (error) {
    throw toCloudError(error, first, { operation: 'ec2:DescribeSpotInstanceRequests' });
  }
  if (requests.length > 0) {
    await cancelRequests(ec2, { requests, machine: first, signal });
  }
  try {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }), { abortSignal: signal });
  } catch (error) {
    throw toCloudError(error, first, { operation: 'ec2:TerminateInstances' });
  }
}

/** Requests that would start another machine in place of one of these. */
async function lastingRequests(ec2: EC2Client, ids: readonly string[], signal: AbortSignal): Promise<string[]> {
  const machines = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }), { abortSignal: signal });
  const found = (machines.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  const requests = found.flatMap(({ SpotInstanceRequestId }) => SpotInstanceRequestId || []);
  if (requests.length === 0) {
    return [];
  }
  const SpotInstanceRequestIds = [...new Set(requests)];
  const command = new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds });
  const described = await ec2.send(command, { abortSignal: signal }).catch((error) => {
    const mended = toCloudError(error, 'spot request');
    if (mended instanceof SkilletError && mended.code === 'cloud-permission') {
      return null;
    }
    throw error;
  });
  if (described === null) {
    return SpotInstanceRequestIds; // Which of them last may not be asked; cancelling one that does not harms nothing.
  }
  const { SpotInstanceRequests = [] } = described;
  return SpotInstanceRequests.flatMap(({ SpotInstanceRequestId, Type, State }) =>
    Type === 'persistent' && State !== 'cancelled' && State !== 'closed' ? (SpotInstanceRequestId ?? []) : [],
  );
}

interface Cancelling {
  readonly requests: readonly string[];
  readonly machine: string;
  readonly signal: AbortSignal;
}

async function cancelRequests(ec2: EC2Client, { requests, machine, signal }: Cancelling): Promise<void> {
  try {
    const command = new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [...requests] });
    await ec2.send(command, { abortSignal: signal });
  } catch (error) {
    const mended = toCloudError(error, machine, { operation: 'ec2:CancelSpotInstanceRequests' });
    if (!(mended instanceof SkilletError)) {
      throw mended;
    }
    throw new SkilletError(mended.code, machine, {
      message: `was not terminated: its lasting spot request (${requests.join(', ')}) would start another one, and cannot be cancelled. ${mended.message}`,
      remedy: mended.remedy,
    });
  }
}
