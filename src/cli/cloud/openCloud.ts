/** From a provider's name on the command line to the provider, seen with one account's eyes. */
import packageJson from '../../../package.json' with { type: 'json' };
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import type { ProviderId } from '../../common/cloud/instance.ts';
import { SkilletError } from '../../common/errors.ts';

const SIGN_IN: Readonly<Record<ProviderId, string>> = {
  aws: 'Sign in with `aws configure` or `aws configure sso`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  azure: 'Sign in with `az login`.',
  gcp: 'Sign in with `gcloud auth application-default login`.',
};

/** @param options `account`: the named profile; absent for the provider's default chain. */
export function openCloud(
  modules: ProviderModules,
  options: { readonly provider: string; readonly account?: string },
): Provider {
  const id = providerNamed(modules, options.provider);
  if (!modules.hasAccount(id)) {
    throw new SkilletError('cloud-credentials', id, {
      message: 'There is nothing to sign in with on this computer.',
      remedy: SIGN_IN[id],
    });
  }
  return modules.load(id).open({ profile: options.account ?? null, version: packageJson.version });
}

/** The provider of that name. */
export function providerNamed(modules: ProviderModules, name: string): ProviderId {
  const id = modules.ids.find((one) => one === name.toLowerCase());
  if (id === undefined) {
    throw new SkilletError('cli-usage', name === '' ? 'provider' : name, {
      message: name === '' ? 'is missing.' : 'is no provider.',
      remedy: `Providers: ${modules.ids.join(', ')}.`,
    });
  }
  return id;
}
