/** PLACEHOLDER: replace this file. */
import type { LaunchVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createLaunchVerbs(_clients: AwsClients): LaunchVerbs {
  return new Proxy({} as LaunchVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
