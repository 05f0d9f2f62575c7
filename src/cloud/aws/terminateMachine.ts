/** Ends a machine for good: its lasting spot request first, which would start another one. */
import {
  CancelSpotInstanceRequestsCommand,
  DescribeInstancesCommand,
  type EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';

export async function terminateMachine(client: EC2Client, id: string, abortSignal: AbortSignal): Promise<void> {
  const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }), { abortSignal });
  const instance = answer.Reservations?.[0]?.Instances?.[0];
  if (instance?.SpotInstanceRequestId !== undefined) {
    const SpotInstanceRequestIds = [instance.SpotInstanceRequestId];
    await client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds }), { abortSignal });
  }
  await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }), { abortSignal });
}
