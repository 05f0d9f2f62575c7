/** Key pairs that Skillet made. Others' are never listed: they cost nothing, and nobody can tell who still needs them. */
import { DeleteKeyPairCommand, DescribeKeyPairsCommand } from '@aws-sdk/client-ec2';
import type { Leftover } from '../../common/cloud/leftover.ts';
import { createLook, type SweepKind, type SweepLook, tagged } from './sweepKind.ts';

export const sweepKeys: SweepKind = {
  kind: 'keyPair',
  operation: 'ec2:DescribeKeyPairs',
  removal: 'ec2:DeleteKeyPair',
  async list(look) {
    // One answer has them all: the call has no pages.
    const { KeyPairs = [] } = await look.ec2.send(new DescribeKeyPairsCommand({}), { abortSignal: look.signal });
    const ours = KeyPairs.filter(({ Tags }) => tagged(Tags).isOurs);
    const uses = ours.length === 0 ? new Map<string, string>() : await machinesByKey(look);
    return ours.map(({ KeyName = '', KeyType = '', CreateTime }): Leftover => {
      const machine = uses.get(KeyName);
      return {
        kind: 'keyPair',
        // Its name is its own in a region.
        id: KeyName,
        region: look.region,
        name: KeyName,
        isOurs: true,
        isUnused: machine === undefined,
        reason: `${KeyType}; ${machine === undefined ? 'its machines are gone' : `${machine} lets one in by it`}`,
        perMonthUsd: 0,
        createdAt: CreateTime?.toISOString() ?? null,
      };
    });
  },
  async use(look, { id }) {
    const { KeyPairs = [] } = await look.ec2.send(new DescribeKeyPairsCommand({ KeyNames: [id] }), {
      abortSignal: look.signal,
    });
    if (!tagged(KeyPairs[0]?.Tags).isOurs) {
      return 'It is another one of that name now.';
    }
    const machine = (await machinesByKey(createLook(look))).get(id);
    return machine === undefined ? null : `${machine} was launched with it.`;
  },
  remove: async (look, { id }) => {
    await look.ec2.send(new DeleteKeyPairCommand({ KeyName: id }), { abortSignal: look.signal });
  },
};

async function machinesByKey(look: SweepLook): Promise<Map<string, string>> {
  const machines = await look.instances();
  return new Map(machines.map(({ KeyName = '', InstanceId = '' }) => [KeyName, InstanceId]));
}
