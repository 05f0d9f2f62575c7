/** Getting into machines of EC2, and the warnings that it has out for spot machines. */
import {
  DescribeImagesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type Instance as Ec2Instance,
  GetConsoleOutputCommand,
  type SummaryStatus,
} from '@aws-sdk/client-ec2';
import type { CheckState, ConnectAccess, ConnectInfo, Readiness } from '../../common/cloud/connection.ts';
import { readHostKeysOf } from '../../common/cloud/consoleText.ts';
import type { InstanceRef } from '../../common/cloud/instance.ts';
import { servicesOfImage, userOfImage } from '../../common/cloud/signIn.ts';
import { TAGS } from '../../common/cloud/tags.ts';
import { SkilletError } from '../../common/errors.ts';
import type { ConnectVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { openToOf } from './groupAccess.ts';
import { readNotices } from './spotNotices.ts';

const SSH_PORT = 22;

export function createConnectVerbs(clients: AwsClients): ConnectVerbs {
  return {
    connect: (instance, signal) => connect(clients.of('ec2', instance.region), instance, signal),
    readiness: (instance, signal) => readiness(clients.of('ec2', instance.region), instance, signal),
    async notices(region, signal) {
      try {
        return await readNotices(clients.of('ec2', region), { region, signal, nowMs: Date.now() });
      } catch (error) {
        throw toCloudError(error, region);
      }
    },
  };
}

async function connect(client: EC2Client, ref: InstanceRef, signal: AbortSignal): Promise<ConnectInfo> {
  const machine = await findMachine(client, ref, signal);
  const host = addressOf(machine, ref);
  const tags = Object.fromEntries((machine.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const port = portOf(tags[TAGS.sshPort]);
  const [image, hostKeys, access] = await Promise.all([
    readImage(client, machine.ImageId, signal),
    consoleOf(client, ref.id, signal).then(readHostKeysOf),
    readAccess(client, { machine, port }, signal),
  ]);
  return {
    host,
    port,
    user: userIn(tags[TAGS.sshUser]) ?? userOfImage(image),
    name: tags.Name ?? null,
    keyPair: machine.KeyName ?? null,
    keyFile: null,
    hostKeys,
    services: servicesOfImage(image, ref.id),
    access,
  };
}

async function findMachine(client: EC2Client, ref: InstanceRef, signal: AbortSignal): Promise<Ec2Instance> {
  let machine: Ec2Instance | undefined;
  try {
    const command = new DescribeInstancesCommand({ InstanceIds: [ref.id] });
    const { Reservations } = await client.send(command, { abortSignal: signal });
    machine = Reservations?.flatMap(({ Instances }) => Instances ?? [])[0];
  } catch (error) {
    throw toCloudError(error, ref.id);
  }
  if (machine === undefined) {
    throw new SkilletError('cloud-not-found', ref.id, {
      message: `There is no such machine in ${ref.region}.`,
      remedy: 'See in which region it is.',
    });
  }
  return machine;
}

/** @throws {SkilletError} `cloud-state`: it is on its way out, or off. */
function addressOf({ State, PublicIpAddress, PrivateIpAddress }: Ec2Instance, { id }: InstanceRef): string {
  refuseState(State?.Name, id);
  const address = PublicIpAddress ?? PrivateIpAddress;
  if (State?.Name !== 'running' || address === undefined) {
    throw new SkilletError('cloud-state', id, {
      message: 'The machine has no address yet.',
      remedy: 'Wait until it runs.',
    });
  }
  return address;
}

/** @throws {SkilletError} `cloud-state` for all from which a machine does not come up by itself. */
function refuseState(state: string | undefined, id: string): void {
  if (state !== 'running' && state !== 'pending') {
    throw new SkilletError('cloud-state', id, {
      message: `The machine is ${state ?? 'in an unknown state'}.`,
      remedy: state?.startsWith('stop') ? 'Start it.' : 'Launch another one.',
    });
  }
}

/** It goes into command lines and files, so it is held to what names of users look like. */
function userIn(tag: string | undefined): string | undefined {
  return tag !== undefined && /^[a-z_][\w.-]{0,31}$/i.test(tag) ? tag : undefined;
}

function portOf(tag: string | undefined): number {
  const port = Number(tag);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : SSH_PORT;
}

/** Name and description; empty where they cannot be known, for an image may be gone while its machines run. */
async function readImage(client: EC2Client, id: string | undefined, signal: AbortSignal): Promise<string> {
  if (id === undefined) {
    return '';
  }
  return orElse('', signal, async () => {
    const { Images } = await client.send(new DescribeImagesCommand({ ImageIds: [id] }), { abortSignal: signal });
    return `${Images?.[0]?.Name ?? ''} ${Images?.[0]?.Description ?? ''}`;
  });
}

async function readAccess(
  client: EC2Client,
  { machine, port }: { readonly machine: Ec2Instance; readonly port: number },
  signal: AbortSignal,
): Promise<ConnectAccess> {
  const ids = (machine.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  const groups = (machine.SecurityGroups ?? []).map(({ GroupId, GroupName }) =>
    `${GroupName ?? ''} (${GroupId})`.trim(),
  );
  if (ids.length === 0) {
    return { groups, openTo: null };
  }
  const openTo = await orElse(null, signal, async () => {
    const found = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: ids }), { abortSignal: signal });
    return openToOf(found.SecurityGroups ?? [], port);
  });
  return { groups, openTo };
}

/** What helps but is not needed: whoever may not ask for it gets in all the same. */
async function orElse<T>(otherwise: T, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'AbortError') {
      throw error;
    }
    return otherwise;
  }
}

/** Newest output where the machine is of a kind that has it at once, else what EC2 took some minutes after the start. */
async function consoleOf(client: EC2Client, id: string, signal: AbortSignal): Promise<string> {
  const read = async (latest: { readonly Latest?: true }) => {
    const command = new GetConsoleOutputCommand({ InstanceId: id, ...latest });
    const { Output = '' } = await client.send(command, { abortSignal: signal });
    return Buffer.from(Output, 'base64').toString('utf8');
  };
  const newest = await orElse('', signal, () => read({ Latest: true }));
  return newest === '' ? orElse('', signal, () => read({})) : newest;
}

async function readiness(client: EC2Client, { id, region }: InstanceRef, signal: AbortSignal): Promise<Readiness> {
  try {
    const command = new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true });
    const { InstanceStatuses } = await client.send(command, { abortSignal: signal });
    const [found] = InstanceStatuses ?? [];
    if (found === undefined) {
      throw new SkilletError('cloud-not-found', id, {
        message: `There is no such machine in ${region}.`,
        remedy: 'See in which region it is.',
      });
    }
    refuseState(found.InstanceState?.Name, id);
    const isRunning = found.InstanceState?.Name === 'running';
    return {
      isRunning,
      systemCheck: toCheck(found.SystemStatus?.Status),
      instanceCheck: toCheck(found.InstanceStatus?.Status),
    };
  } catch (error) {
    throw toCloudError(error, id);
  }
}

function toCheck(status: SummaryStatus | undefined): CheckState {
  switch (status) {
    case 'ok':
      return 'ok';
    case 'impaired':
      return 'failed';
    case 'initializing':
    case 'insufficient-data':
      return 'waiting';
    default:
      return 'unknown';
  }
}
