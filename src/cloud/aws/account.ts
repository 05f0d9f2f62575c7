/** PLACEHOLDER: replace this file. */
import type { AccountVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createAccountVerbs(_clients: AwsClients): AccountVerbs {
  return new Proxy({} as AccountVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}

export async function listProfiles(): Promise<readonly import('../../common/cloud/account.ts').ProfileChoice[]> {
  return [];
}
