/** PLACEHOLDER: replace this file. */
import type { CatalogueVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';

export function createCatalogueVerbs(_clients: AwsClients): CatalogueVerbs {
  return new Proxy({} as CatalogueVerbs, {
    get: (_target, name) => () => {
      throw new Error(`${String(name)} is not there yet`);
    },
    ownKeys: () => [],
  });
}
