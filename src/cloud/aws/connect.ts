/** PLACEHOLDER: replace this file. */
import type { ConnectVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createConnectVerbs(_clients: AwsClients): ConnectVerbs {
  return new Proxy({} as ConnectVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
