/** PLACEHOLDER: replace this file. */
import type { SweepVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createSweepVerbs(_clients: AwsClients): SweepVerbs {
  return new Proxy({} as SweepVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
