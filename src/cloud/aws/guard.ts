/** The guard on a machine, read from its tags and changed by them: the guard looks at them every minute. */
import { CreateTagsCommand, DescribeInstancesCommand, type Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import { idleTag, readGuardTags, toTagTime } from '../../common/cloud/guardTags.ts';
import type { InstanceRef } from '../../common/cloud/instance.ts';
import { TAGS } from '../../common/cloud/tags.ts';
import { SkilletError } from '../../common/errors.ts';
import type { GuardChange, GuardVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';

export function createGuardVerbs(clients: AwsClients): GuardVerbs {
  return {
    guard: ({ tags, launchedAt }) => readGuardTags(tags, launchedAt),
    async setGuard(instance, change, signal) {
      const tags = tagsOf(change);
      const machine = await describe(clients, instance, signal);
      refuseUnguarded(instance, machine);
      if (tags.length === 0) {
        return;
      }
      try {
        const command = new CreateTagsCommand({ Resources: [instance.id], Tags: tags });
        await clients.of('ec2', instance.region).send(command, { abortSignal: signal });
      } catch (error) {
        throw toCloudError(error, instance.id, { operation: 'ec2:CreateTags', profile: clients.profile });
      }
    },
  };
}

async function describe(clients: AwsClients, { id, region }: InstanceRef, signal: AbortSignal): Promise<Ec2Instance> {
  try {
    const command = new DescribeInstancesCommand({ InstanceIds: [id] });
    const { Reservations = [] } = await clients.of('ec2', region).send(command, { abortSignal: signal });
    return Reservations[0]?.Instances?.[0] ?? {};
  } catch (error) {
    throw toCloudError(error, id, { operation: 'ec2:DescribeInstances', profile: clients.profile });
  }
}

function refuseUnguarded({ id }: InstanceRef, { Tags = [], State }: Ec2Instance): void {
  if (State?.Name === 'terminated' || State?.Name === 'shutting-down') {
    throw new SkilletError('cloud-state', id, {
      message: 'The machine is terminated, so nothing has to stop it.',
      remedy: 'Choose a machine that is there.',
    });
  }
  if (readGuardTags(Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])), null) === null) {
    throw new SkilletError('cloud-state', id, {
      message: 'The machine has no guard of Skillet on it: it was launched without one, or by something else.',
      remedy: 'Stop it yourself when it is no longer needed. Machines that Skillet launches have a guard by default.',
    });
  }
}

function tagsOf({ deadline, idleMinutes }: GuardChange): { Key: string; Value: string }[] {
  const tags: { Key: string; Value: string }[] = [];
  if (deadline !== undefined) {
    tags.push({ Key: TAGS.deadline, Value: deadline === null ? 'never' : toTagTime(timeOf(deadline)) });
  }
  if (idleMinutes !== undefined) {
    if (idleMinutes !== null && !(Number.isInteger(idleMinutes) && idleMinutes >= 5 && idleMinutes <= 1440)) {
      throw new SkilletError('cloud-profile', 'idleMinutes', {
        message: `${idleMinutes} is no whole number of minutes from 5 to 1440.`,
        remedy: 'Give such a number, or null for never.',
      });
    }
    tags.push({ Key: TAGS.idleMinutes, Value: idleTag(idleMinutes) });
  }
  return tags;
}

function timeOf(deadline: string): number {
  const timeMs = Date.parse(deadline);
  if (Number.isNaN(timeMs)) {
    throw new SkilletError('cloud-profile', 'deadline', {
      message: `"${deadline}" is no time.`,
      remedy: 'Give an ISO 8601 time, or null for never.',
    });
  }
  return timeMs;
}
