/** PLACEHOLDER: replace this file. */
import type { GuardVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createGuardVerbs(_clients: AwsClients): GuardVerbs {
  return new Proxy({} as GuardVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
