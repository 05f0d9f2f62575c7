/** The accounts that the window looks at: one for each provider that can be signed in to, each with its fleet of machines. */
import * as vscode from 'vscode';
import type { Provider } from '../../../cloud/provider.ts';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import { createFleet, type Fleet } from '../../../cloud/watchInstances.ts';
import type { Identity } from '../../../common/cloud/account.ts';
import type { FleetRow } from '../../../common/cloud/fleet.ts';
import type { ProviderId } from '../../../common/cloud/instance.ts';

export interface CloudAccount {
  readonly id: ProviderId;
  readonly provider: Provider;
  readonly fleet: Fleet;
  /** Null until the provider has said whose it is. */
  identity(): Identity | null;
  /** Asks whose it is, where that is not known yet. */
  learnIdentity(): void;
}

export interface CloudAccounts extends vscode.Disposable {
  /** Those that are open now; loads nothing. */
  open(): readonly CloudAccount[];
  /** Opens all that can be signed in to, which loads their bundles. */
  openAll(): readonly CloudAccount[];
  hasAny(): boolean;
  /** Another profile was chosen, or an account's owner has become known. */
  readonly onDidChange: vscode.Event<void>;
}

export interface AccountsParts {
  readonly modules: ProviderModules;
  readonly version: string;
  /** Where the regions that had machines are kept. */
  readonly memento: vscode.Memento;
  isLookedAt(row: FleetRow): boolean;
}

const FIRST_REGIONS = 'skillet.instances.regions';
const IDENTITY_MS = 20_000;

export function createAccounts({ modules, version, memento, isLookedAt }: AccountsParts): CloudAccounts {
  const changed = new vscode.EventEmitter<void>();
  const accounts = new Map<ProviderId, CloudAccount>();

  const openOne = (id: ProviderId): CloudAccount => {
    const known = accounts.get(id);
    if (known !== undefined) {
      return known;
    }
    const provider = modules.load(id).open({ profile: profileSetting(id), version });
    const first = memento.get<Record<string, readonly string[]>>(FIRST_REGIONS)?.[id] ?? [];
    const fleet = createFleet({ provider, regions: regionsSetting(id), first, isLookedAt });
    let identity: Identity | null = null;
    let isAsking = false;
    const account: CloudAccount = {
      id,
      provider,
      fleet,
      identity: () => identity,
      learnIdentity() {
        if (identity === null && !isAsking) {
          isAsking = true;
          void provider
            .identity(AbortSignal.timeout(IDENTITY_MS))
            .then(
              (found) => {
                identity = found;
                changed.fire();
              },
              () => undefined, // The fleet tells what is wrong.
            )
            .finally(() => {
              isAsking = false;
            });
        }
      },
    };
    accounts.set(id, account);
    return account;
  };
  const closeAll = () => {
    for (const { id, fleet } of accounts.values()) {
      rememberRegions(memento, id, fleet);
      fleet.dispose();
    }
    accounts.clear();
  };
  const setting = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('skillet.aws')) {
      closeAll();
      changed.fire();
    }
  });
  return {
    open: () => [...accounts.values()],
    openAll: () => modules.ids.filter((id) => modules.hasAccount(id)).map(openOne),
    hasAny: () => modules.ids.some((id) => modules.hasAccount(id)),
    onDidChange: changed.event,
    dispose() {
      closeAll();
      vscode.Disposable.from(setting, changed).dispose();
    },
  };
}

function rememberRegions(memento: vscode.Memento, id: ProviderId, fleet: Fleet): void {
  const { regions, isComplete } = fleet.state();
  if (isComplete) {
    const names = regions.filter(({ rows }) => rows.length > 0).map(({ name }) => name);
    void memento.update(FIRST_REGIONS, { ...memento.get<object>(FIRST_REGIONS), [id]: names });
  }
}

/** Null for the provider's own chain. */
export function profileSetting(id: ProviderId): string | null {
  const set = vscode.workspace.getConfiguration('skillet').get<string>(`${id}.profile`)?.trim() ?? '';
  return set === '' ? null : set;
}

function regionsSetting(id: ProviderId): readonly string[] {
  const set = vscode.workspace.getConfiguration('skillet').get<unknown>(`${id}.regions`);
  return Array.isArray(set) ? set.filter((name): name is string => typeof name === 'string' && name !== '') : [];
}
