/** Loads the bundles of providers, each when something of its provider is first asked for: activation stays free of SDKs. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ProviderId } from '../common/cloud/instance.ts';
import type { ProviderModule } from './provider.ts';

export interface ProviderModules {
  /** The providers there are, in the order in which they are shown. */
  readonly ids: readonly ProviderId[];
  /** Whether this computer has anything by which to sign in there; asks neither an SDK nor the network. */
  hasAccount(id: ProviderId): boolean;
  /** Loads the provider's bundle, once. */
  load(id: ProviderId): ProviderModule;
  /** Those that are loaded now. */
  loaded(): readonly ProviderId[];
}

/** @param folder Where the bundles are: `aws.cjs`. */
export function createProviderModules(folder: string, env: NodeJS.ProcessEnv = process.env): ProviderModules {
  const loaded = new Map<ProviderId, ProviderModule>();
  return {
    ids: ['aws'],
    hasAccount: (id) => id === 'aws' && hasAwsAccount(env),
    loaded: () => [...loaded.keys()],
    load(id) {
      const known = loaded.get(id);
      if (known !== undefined) {
        return known;
      }
      const file = path.join(folder, `${id}.cjs`);
      const { providerModule } = createRequire(file)(file) as { providerModule: ProviderModule };
      loaded.set(id, providerModule);
      return providerModule;
    },
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html names them. */
function hasAwsAccount(env: NodeJS.ProcessEnv): boolean {
  const names = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const folder = path.join(homedir(), '.aws');
  const files = [
    env.AWS_CONFIG_FILE ?? path.join(folder, 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE ?? path.join(folder, 'credentials'),
  ];
  return names.some((name) => env[name] !== undefined && env[name] !== '') || files.some((file) => existsSync(file));
}
