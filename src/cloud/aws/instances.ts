/** Machines of EC2: listed, priced, started, stopped, and ended. */
import {
  type EC2Client,
  paginateDescribeInstances,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Instance, InstanceCost, InstanceIdle, InstanceRef } from '../../common/cloud/instance.ts';
import type { InstanceVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { fromEc2, isListPriced } from './fromEc2.ts';
import { createGpuTypes, type GpuTypes } from './gpuTypes.ts';
import { type CostPrices, readCosts } from './instanceCosts.ts';
import { readIdle } from './instanceIdle.ts';
import { createPrices } from './prices.ts';
import { readSystemLog } from './systemLog.ts';
import { terminateMachines } from './terminateMachine.ts';

const PAGE = 1000;

export function createInstanceVerbs(clients: AwsClients): InstanceVerbs {
  const gpuTypes = createGpuTypes();
  const prices: CostPrices = createPrices(clients);
  /** Machines that the list of prices does not hold for: Windows, dedicated hardware. */
  const unlisted = new Set<string>();
  const ec2 = (region: string) => clients.of('ec2', region);
  const { profile } = clients;
  const change = async (
    { id, region }: InstanceRef,
    operation: string,
    send: (client: EC2Client, ids: { InstanceIds: string[] }) => Promise<unknown>,
  ) => {
    try {
      await send(ec2(region), { InstanceIds: [id] });
    } catch (error) {
      throw toCloudError(error, id, { operation: `ec2:${operation}`, profile });
    }
  };
  return {
    list: (region, signal) => listRegion(ec2(region), { region, profile, gpuTypes, unlisted, signal }),
    costs: (instances, signal) =>
      byRegion<InstanceCost>(instances, (region, machines) =>
        readCosts(machines, {
          ec2: ec2(region),
          prices,
          region,
          now: Date.now(),
          signal,
          isListPriced: (id) => !unlisted.has(id),
        }),
      ),
    idle: (instances, signal) =>
      byRegion<InstanceIdle>(
        instances.filter(({ state }) => state === 'running'),
        (region, machines) =>
          readIdle(
            clients.of('cloudwatch', region),
            machines.map(({ id }) => id),
            { now: Date.now(), signal },
          ),
      ),
    start: (instance, signal) =>
      change(instance, 'StartInstances', (client, ids) =>
        client.send(new StartInstancesCommand(ids), { abortSignal: signal }),
      ),
    stop: (instance, signal) =>
      change(instance, 'StopInstances', (client, ids) =>
        client.send(new StopInstancesCommand(ids), { abortSignal: signal }),
      ),
    reboot: (instance, signal) =>
      change(instance, 'RebootInstances', (client, ids) =>
        client.send(new RebootInstancesCommand(ids), { abortSignal: signal }),
      ),
    terminate: ({ id, region }, signal) => terminateMachines(ec2(region), [id], signal),
    async systemLog({ id, region }, signal) {
      try {
        return await readSystemLog(ec2(region), id, signal);
      } catch (error) {
        throw toCloudError(error, id, { operation: 'ec2:GetConsoleOutput', profile });
      }
    },
    consoleUrl: ({ id, region }) =>
      `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#InstanceDetails:instanceId=${id}`,
  };
}

interface Listing {
  readonly region: string;
  readonly profile: string | null;
  readonly gpuTypes: GpuTypes;
  readonly unlisted: Set<string>;
  readonly signal: AbortSignal;
}

/** A page as soon as it is there; cards of types that the table lacks are asked for meanwhile, and told at the end. */
async function* listRegion(
  client: EC2Client,
  { region, profile, gpuTypes, unlisted, signal }: Listing,
): AsyncGenerator<readonly Instance[]> {
  const listed: Instance[] = [];
  try {
    // The signal goes with each page's request.
    for await (const page of paginateDescribeInstances({ client, pageSize: PAGE }, {}, { abortSignal: signal })) {
      const found = (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
      for (const machine of found.filter((one) => !isListPriced(one))) {
        unlisted.add(machine.InstanceId ?? '');
      }
      const instances = found.map((machine) => fromEc2(machine, region, gpuTypes.of));
      listed.push(...instances);
      yield instances;
    }
  } catch (error) {
    throw toCloudError(error, region, { operation: 'ec2:DescribeInstances', profile });
  }
  const cardless = listed.filter(({ gpu }) => gpu === null);
  try {
    await gpuTypes.learn(
      client,
      cardless.map(({ instanceType }) => instanceType),
      signal,
    );
  } catch {
    signal.throwIfAborted();
    return; // The card's name is all that is lost.
  }
  const learned = cardless.flatMap((one) => {
    const gpu = gpuTypes.of(one.instanceType);
    return gpu === null ? [] : { ...one, gpu };
  });
  if (learned.length > 0) {
    yield learned;
  }
}

async function byRegion<T>(
  instances: readonly Instance[],
  ask: (region: string, machines: readonly Instance[]) => Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, T>> {
  const regions = [...new Set(instances.map(({ region }) => region))];
  const answers = await Promise.all(
    regions.map(async (region) => {
      try {
        return await ask(
          region,
          instances.filter((one) => one.region === region),
        );
      } catch (error) {
        throw toCloudError(error, region);
      }
    }),
  );
  return new Map(answers.flatMap((answer) => [...answer]));
}
