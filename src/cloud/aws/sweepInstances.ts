/** Machines that Skillet launched and that are still there, with their disks. */
import {
  DescribeInstancesCommand,
  type Instance as Ec2Instance,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { fromEc2, isListPriced } from './fromEc2.ts';
import { readCosts } from './instanceCosts.ts';
import { perMonth, type SweepKind, type SweepLook, tagged } from './sweepKind.ts';
import { terminateMachines } from './terminateMachine.ts';

const WAIT_S = 600;

export const sweepInstances: SweepKind = {
  kind: 'instance',
  operation: 'ec2:DescribeInstances',
  removal: 'ec2:TerminateInstances',
  async list(look) {
    const ours = (await look.instances()).filter(({ Tags }) => tagged(Tags).isOurs);
    const machines = ours.map((machine) => fromEc2(machine, look.region, () => null));
    const unlisted = new Set(ours.filter((one) => !isListPriced(one)).map(({ InstanceId }) => InstanceId));
    const costs = await readCosts(machines, {
      ...look,
      now: Date.now(),
      isListPriced: (id) => !unlisted.has(id),
    });
    return ours.map((machine): Leftover => {
      const id = machine.InstanceId ?? '';
      return {
        kind: 'instance',
        id,
        region: look.region,
        ...tagged(machine.Tags),
        // A stopped machine keeps a person's files: nobody but that person knows whether they are needed.
        isUnused: false,
        reason: reasonOf(machine),
        perMonthUsd: perMonth(costs.get(id)?.perHourUsd ?? null),
        createdAt: machine.LaunchTime?.toISOString() ?? null,
      };
    });
  },
  async use(look, { id }) {
    const { Reservations = [] } = await look.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }), {
      abortSignal: look.signal,
    });
    const machine = Reservations[0]?.Instances?.[0];
    return tagged(machine?.Tags).isOurs ? null : 'It carries no tag of Skillet any more.';
  },
  remove: (look, { id }) => terminateMachines(look.ec2, [id], look.signal),
};

function reasonOf({ State, InstanceType, BlockDeviceMappings = [] }: Ec2Instance): string {
  const disks = BlockDeviceMappings.length === 1 ? 'its disk' : `its ${BlockDeviceMappings.length} disks`;
  return `${InstanceType}, ${State?.Name ?? 'in an unknown state'}; with ${disks}`;
}

/** @returns Whether it is terminated, within ten minutes. */
export async function isTerminated(look: SweepLook, id: string): Promise<boolean> {
  const wait = { client: look.ec2, maxWaitTime: WAIT_S, minDelay: 2, maxDelay: 10, abortSignal: look.signal };
  try {
    const { state } = await waitUntilInstanceTerminated(wait, { InstanceIds: [id] });
    return `${state}` === 'SUCCESS';
  } catch (error) {
    look.signal.throwIfAborted();
    if ((error as Error).name === 'TimeoutError') {
      return false;
    }
    throw error;
  }
}
