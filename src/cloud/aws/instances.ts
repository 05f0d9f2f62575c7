/** PLACEHOLDER: replace this file. */
import type { InstanceVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createInstanceVerbs(_clients: AwsClients): InstanceVerbs {
  return new Proxy({} as InstanceVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
