/** The provider that the Jobs view looks at, opened when it is first needed. */
import * as vscode from 'vscode';
import { createJobList, type JobList } from '../../../cloud/followJobs.ts';
import type { Provider } from '../../../cloud/provider.ts';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import type { JobType } from '../../../common/cloud/job.ts';

export interface JobAccount extends vscode.Disposable {
  /** Whether there is anything to sign in with; loads nothing. */
  isThere(): boolean;
  /** Loads the provider's bundle. */
  provider(): Provider;
  /** Null until the regions are known, which the list is made with. */
  list(): JobList | null;
  /** As `perHourUsd` of a region's machines; undefined while they are being asked for. */
  price(region: string, instanceType: string): number | null | undefined;
  types(region: string, signal: AbortSignal): Promise<readonly JobType[]>;
  regions(): Promise<readonly string[]>;
  addRegion(region: string): Promise<void>;
  show(): void;
  hide(): void;
  readonly onDidChange: vscode.Event<void>;
}

export interface JobAccountParts {
  readonly modules: ProviderModules;
  readonly version: string;
  readonly memento: vscode.Memento;
  readonly output: vscode.LogOutputChannel;
}

const REGIONS = 'skillet.jobs.regions';
const TYPES_MS = 30_000;

export function createJobAccount({ modules, version, memento, output }: JobAccountParts): JobAccount {
  const changed = new vscode.EventEmitter<void>();
  const types = new Map<string, Promise<readonly JobType[]>>();
  const prices = new Map<string, ReadonlyMap<string, number | null>>();
  let opened: Provider | null = null;
  let list: JobList | null = null;
  let isShown = false;
  let opening: Promise<void> | null = null;

  const provider = (): Provider => {
    const set = vscode.workspace.getConfiguration('skillet').get<string>('aws.profile', '').trim();
    opened ??= modules.load('aws').open({ profile: set === '' ? null : set, version });
    return opened;
  };
  const regions = async (): Promise<readonly string[]> => {
    const own = await provider().defaultRegion();
    return [...new Set([own, ...memento.get<readonly string[]>(REGIONS, [])])];
  };
  const openList = async () => {
    const mine = provider();
    const names = await regions();
    if (mine !== opened) {
      return; // Another account is looked at by now.
    }
    list?.dispose();
    list = createJobList({ provider: provider(), regions: names, onChange: () => changed.fire() });
    if (isShown) {
      list.show();
    }
    changed.fire();
  };
  const begin = () => {
    if (opening === null) {
      const own = openList().catch((error) => {
        if (opening === own) {
          opening = null;
        }
        output.error(String(error));
      });
      opening = own;
    }
    return opening;
  };
  const close = () => {
    list?.dispose();
    list = null;
    opened = null;
    opening = null;
    types.clear();
    prices.clear();
  };
  const typesOf = (region: string, signal: AbortSignal) => {
    const known = types.get(region);
    if (known !== undefined) {
      return known;
    }
    const asking = provider().jobTypes(region, signal);
    types.set(region, asking);
    asking.then(
      (found) => {
        prices.set(region, new Map(found.map(({ instanceType, perHourUsd }) => [instanceType, perHourUsd])));
        changed.fire();
      },
      () => types.delete(region), // The next look asks again.
    );
    return asking;
  };
  const setting = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('skillet.aws')) {
      close();
      changed.fire();
      if (isShown) {
        void begin();
      }
    }
  });
  return {
    isThere: () => modules.hasAccount('aws'),
    provider,
    list: () => list,
    price(region, instanceType) {
      const known = prices.get(region);
      if (known === undefined) {
        void typesOf(region, AbortSignal.timeout(TYPES_MS)).catch(() => undefined);
        return undefined;
      }
      return known.get(instanceType) ?? null;
    },
    types: typesOf,
    regions,
    async addRegion(region) {
      const known = memento.get<readonly string[]>(REGIONS, []);
      await memento.update(REGIONS, [...new Set([...known, region])]);
      opening = null;
      await begin();
    },
    show() {
      isShown = true;
      if (list === null) {
        void begin();
      } else {
        list.show();
      }
    },
    hide() {
      isShown = false;
      list?.hide();
    },
    onDidChange: changed.event,
    dispose() {
      close();
      vscode.Disposable.from(setting, changed).dispose();
    },
  };
}
