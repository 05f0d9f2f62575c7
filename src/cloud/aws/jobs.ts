/** PLACEHOLDER: replace this file. */
import type { JobVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createJobVerbs(_clients: AwsClients): JobVerbs {
  return new Proxy({} as JobVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
