/** Amazon Web Services: the entry of its bundle, which is loaded when something of AWS is first asked for. */
import type { OpenOptions, Provider, ProviderModule } from '../provider.ts';
import { createAccountVerbs, listProfiles } from './account.ts';
import { createAwsClients } from './awsClients.ts';
import { createConnectVerbs } from './connect.ts';
import { createGuardVerbs } from './guard.ts';
import { createInstanceVerbs } from './instances.ts';
import { createJobVerbs } from './jobs.ts';
import { createLaunchVerbs } from './launch.ts';
import { createCatalogueVerbs } from './offers.ts';
import { createSweepVerbs } from './sweep.ts';

export const providerModule: ProviderModule = { id: 'aws', profiles: listProfiles, open };

function open(options: OpenOptions): Provider {
  const clients = createAwsClients(options);
  return {
    id: 'aws',
    profile: options.profile,
    ...createAccountVerbs(clients),
    ...createCatalogueVerbs(clients),
    ...createInstanceVerbs(clients),
    ...createLaunchVerbs(clients),
    ...createConnectVerbs(clients),
    ...createGuardVerbs(clients),
    ...createSweepVerbs(clients),
    ...createJobVerbs(clients),
  };
}
