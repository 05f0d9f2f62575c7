/** The Instances view: provider, region, machine; only what has changed is drawn anew. */
import * as vscode from 'vscode';
import type { FleetChange } from '../../../cloud/watchInstances.ts';
import { type FleetRegion, type FleetRow, instanceKey, sumCosts } from '../../../common/cloud/fleet.ts';
import type { Instance } from '../../../common/cloud/instance.ts';
import { type InstanceFilter, parseInstanceFilter } from '../../../common/cloud/instanceFilter.ts';
import { formatBurning } from '../../../common/cloud/instanceText.ts';
import { formatCount } from '../../../common/format.ts';
import type { CloudAccount, CloudAccounts } from './accounts.ts';
import { accountItem, faultItem, quietItem, regionItem } from './branchItems.ts';
import { instanceItem } from './instanceItem.ts';

/** What stands in the view. The same thing is the same object for as long as it stands there. */
export type InstanceNode = AccountNode | RegionNode | MachineNode | QuietNode | FaultNode;

export interface AccountNode {
  readonly kind: 'account';
  readonly account: CloudAccount;
}

export interface RegionNode {
  readonly kind: 'region';
  readonly account: CloudAccount;
  readonly region: string;
}

export interface MachineNode {
  readonly kind: 'instance';
  readonly account: CloudAccount;
  /** As it was last seen. */
  instance: Instance;
}

/** The regions without machines, in one row. */
export interface QuietNode {
  readonly kind: 'quiet';
  readonly account: CloudAccount;
}

export interface FaultNode {
  readonly kind: 'fault';
  readonly account: CloudAccount;
}

export interface InstancesTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<InstanceNode>;
  readonly view: vscode.TreeView<InstanceNode>;
  filter(): InstanceFilter;
  /** Null for all machines again. */
  setFilter(text: string | null): void;
  /** Whether a machine's row can be seen, so far as the view tells. */
  isShown(row: FleetRow): boolean;
  /** Follows the accounts that are open by now. */
  follow(): void;
  /** Looks anew whether there is anything to sign in with. */
  tellAccount(): void;
  selected(): readonly Instance[];
}

/** Changes are drawn at most this often, ms. */
const QUIET_MS = 150;
/** How often ages and costs so far are told anew. */
const AGING_MS = 60_000;
const MANY_ROWS = 50;
const EVERYTHING = parseInstanceFilter('');

export function createInstancesTree(accounts: CloudAccounts): InstancesTree {
  const changed = new vscode.EventEmitter<InstanceNode | undefined>();
  const nodes = new Map<string, InstanceNode>();
  const isOpen = new Map<string, boolean>();
  const shape = new Map<string, string>();
  const words = new Map<string, string>();
  let followed: { readonly account: CloudAccount; readonly end: () => void }[] = [];
  let filter = EVERYTHING;
  let pending: { isWhole: boolean; regions: Set<string>; rows: Set<string> } | null = null;
  let timer: NodeJS.Timeout | undefined;

  const nodeOf = <T extends InstanceNode>(key: string, make: () => T): T => {
    const known = nodes.get(key) as T | undefined;
    // After another profile was chosen the accounts are others.
    if (known !== undefined && accounts.open().includes(known.account)) {
      return known;
    }
    const made = make();
    nodes.set(key, made);
    return made;
  };
  const isWanted = (row: FleetRow) =>
    (row.instance.state !== 'terminated' || filter.asksTerminated) && filter.matches(row);
  const rowsOf = ({ rows }: FleetRegion) => rows.filter(isWanted).sort(byName);
  const shownRegions = ({ fleet }: CloudAccount) => {
    const { regions, defaultRegion } = fleet.state();
    return regions.filter(
      (region) =>
        region.fault !== null || rowsOf(region).length > 0 || (region.name === defaultRegion && filter.text === ''),
    );
  };
  const regionNode = (account: CloudAccount, region: string) =>
    nodeOf<RegionNode>(`${account.id}/${region}`, () => ({ kind: 'region', account, region }));
  const machineNode = (account: CloudAccount, { instance }: FleetRow) => {
    const node = nodeOf<MachineNode>(instanceKey(instance), () => ({ kind: 'instance', account, instance }));
    node.instance = instance;
    return node;
  };
  const accountNode = (account: CloudAccount) => nodeOf<AccountNode>(account.id, () => ({ kind: 'account', account }));
  const faultNode = (account: CloudAccount) => nodeOf<FaultNode>(`${account.id}!`, () => ({ kind: 'fault', account }));
  const hasAnything = (account: CloudAccount) => {
    const { regions, fault, isComplete } = account.fleet.state();
    return (
      !isComplete ||
      fault !== null ||
      filter.text !== '' ||
      regions.some((region) => region.fault !== null || rowsOf(region).length > 0)
    );
  };
  const branches = (account: CloudAccount): InstanceNode[] => {
    const { fault, regions } = account.fleet.state();
    if (fault?.code === 'cloud-credentials') {
      // Nothing is asked, and what was known is all there is.
      const known = shownRegions(account).filter((region) => rowsOf(region).length > 0);
      return [faultNode(account), ...known.map(({ name }) => regionNode(account, name))];
    }
    const shown = shownRegions(account).map(({ name }) => regionNode(account, name));
    return [
      ...(fault === null ? [] : [faultNode(account)]),
      ...shown,
      ...(regions.length > shown.length && filter.text === ''
        ? [nodeOf<QuietNode>(`${account.id}…`, () => ({ kind: 'quiet', account }))]
        : []),
    ];
  };
  const regionOf = ({ account, region }: RegionNode) =>
    account.fleet.state().regions.find(({ name }) => name === region);

  const provider: vscode.TreeDataProvider<InstanceNode> = {
    onDidChangeTreeData: changed.event,
    getChildren(parent) {
      if (parent === undefined) {
        tellViewWords();
        // Nothing of a provider is loaded where there is no account.
        const shown = accounts.hasAny() ? accounts.openAll().filter(hasAnything) : [];
        tree.follow();
        shape.set('', shown.map(({ id }) => id).join());
        return shown.map(accountNode);
      }
      switch (parent.kind) {
        case 'account': {
          const below = branches(parent.account);
          shape.set(parent.account.id, shapeOf(below));
          return below;
        }
        case 'region': {
          const region = regionOf(parent);
          return region === undefined ? [] : rowsOf(region).map((row) => machineNode(parent.account, row));
        }
        default:
          return [];
      }
    },
    getParent(node) {
      if (node.kind === 'account') {
        return undefined;
      }
      return node.kind === 'instance' ? regionNode(node.account, node.instance.region) : accountNode(node.account);
    },
    getTreeItem(node) {
      switch (node.kind) {
        case 'account':
          return accountItem(node.account);
        case 'quiet':
          return quietItem(node.account, shownRegions(node.account));
        case 'fault':
          return faultItem(node.account);
        case 'region': {
          const region = regionOf(node);
          const rows = region === undefined ? [] : rowsOf(region);
          words.set(`${node.account.id}/${node.region}`, regionWords(region, rows));
          return regionItem(node, { region, rows, isOpen: rows.length <= MANY_ROWS });
        }
        case 'instance': {
          const row = node.account.fleet.row(instanceKey(node.instance));
          return instanceItem(row ?? { instance: node.instance, ...UNKNOWN }, Date.now());
        }
      }
    },
  };
  const view = vscode.window.createTreeView('skillet.instances', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });

  const tellViewWords = () => {
    const rows = accounts.open().flatMap(({ fleet }) => fleet.state().regions.flatMap((region) => region.rows));
    const there = rows.filter(({ instance }) => instance.state !== 'terminated');
    const sum = sumCosts(there);
    view.description = there.length === 0 || (sum.perHourUsd === 0 && sum.unknown === 0) ? '' : formatBurning(sum);
    view.message =
      filter.text === ''
        ? undefined
        : `${filter.text}: ${formatCount(rows.filter(isWanted).length)} of ${formatCount(there.length)} machines`;
    const isEmpty = accounts.open().every(({ fleet }) => fleet.state().isComplete) && there.length === 0;
    void vscode.commands.executeCommand('setContext', 'skillet.noInstances', isEmpty);
  };
  const drawAccount = (account: CloudAccount, { isWhole, regions, rows }: NonNullable<typeof pending>) => {
    if (isWhole || shape.get(account.id) !== shapeOf(branches(account))) {
      changed.fire(accountNode(account));
      return;
    }
    const drawn = new Set<string>();
    const touched = new Set([...regions, ...[...rows].map((key) => key.split('/')[1] ?? '')]);
    for (const name of touched) {
      const region = account.fleet.state().regions.find((one) => one.name === name);
      const before = words.get(`${account.id}/${name}`);
      if (before !== undefined && (regions.has(name) || before !== regionWords(region, region ? rowsOf(region) : []))) {
        drawn.add(name);
        changed.fire(regionNode(account, name));
      }
    }
    const quiet = nodes.get(`${account.id}…`);
    if (regions.size > 0 && quiet !== undefined) {
      changed.fire(quiet);
    }
    for (const key of rows) {
      const node = nodes.get(key);
      if (node !== undefined && !drawn.has(key.split('/')[1] ?? '')) {
        changed.fire(node);
      }
    }
  };
  const draw = () => {
    const what = pending;
    pending = null;
    timer = undefined;
    tellViewWords();
    const shown = accounts.open().filter(hasAnything);
    if (what === null || shape.get('') !== shown.map(({ id }) => id).join()) {
      changed.fire(undefined);
      return;
    }
    for (const account of shown) {
      drawAccount(account, what);
    }
  };
  const note = ({ isWhole, regions, rows }: FleetChange) => {
    pending ??= { isWhole: false, regions: new Set(), rows: new Set() };
    pending.isWhole ||= isWhole;
    for (const name of regions) {
      pending.regions.add(name);
    }
    for (const key of rows) {
      pending.rows.add(key);
    }
    timer ??= setTimeout(draw, QUIET_MS);
  };
  const age = () => {
    const up = view.visible ? accounts.open().flatMap(({ fleet }) => fleet.state().regions) : [];
    const keys = up
      .flatMap(({ rows }) => rows)
      .filter(({ instance }) => instance.state === 'running' || instance.state === 'pending')
      .map(({ instance }) => instanceKey(instance));
    if (keys.length > 0) {
      note({ isWhole: false, regions: [], rows: keys });
    }
  };
  const aging = setInterval(age, AGING_MS);
  const noteOpen = (isNowOpen: boolean) => (event: vscode.TreeViewExpansionEvent<InstanceNode>) => {
    if (event.element.kind === 'region') {
      isOpen.set(event.element.region, isNowOpen);
      for (const { fleet } of isNowOpen ? accounts.open() : []) {
        fleet.followIdle();
      }
    }
  };
  const subscriptions = [
    changed,
    view,
    view.onDidExpandElement(noteOpen(true)),
    view.onDidCollapseElement(noteOpen(false)),
    accounts.onDidChange(() => {
      tellViewWords();
      changed.fire(undefined);
    }),
    new vscode.Disposable(() => {
      clearInterval(aging);
      clearTimeout(timer);
      for (const { end } of followed) {
        end();
      }
    }),
  ];
  const tree: InstancesTree = {
    provider,
    view,
    filter: () => filter,
    setFilter(text) {
      filter = text === null ? EVERYTHING : parseInstanceFilter(text);
      void vscode.commands.executeCommand('setContext', 'skillet.instancesFiltered', filter.text !== '');
      tellViewWords();
      changed.fire(undefined);
    },
    isShown: (row) =>
      view.visible &&
      isWanted(row) &&
      (isOpen.get(row.instance.region) ?? rowsInRegion(accounts, row.instance.region) <= MANY_ROWS),
    follow() {
      const open = accounts.open();
      for (const { end } of followed.filter(({ account }) => !open.includes(account))) {
        end();
      }
      const kept = followed.filter(({ account }) => open.includes(account));
      const fresh = open.filter((account) => !kept.some((one) => one.account === account));
      followed = [...kept, ...fresh.map((account) => ({ account, end: account.fleet.onDidChange(note) }))];
    },
    tellAccount() {
      void vscode.commands.executeCommand('setContext', 'skillet.noCloudAccount', !accounts.hasAny());
      changed.fire(undefined);
    },
    selected: () => view.selection.flatMap((node) => (node.kind === 'instance' ? node.instance : [])),
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
  return tree;
}

const UNKNOWN = { cost: null, costAt: 0, idle: null, guard: null } as const;

function rowsInRegion(accounts: CloudAccounts, name: string): number {
  return accounts.open().reduce((sum, { fleet }) => {
    const region = fleet.state().regions.find((one) => one.name === name);
    return sum + (region?.rows.length ?? 0);
  }, 0);
}

function shapeOf(below: readonly InstanceNode[]): string {
  return below.map((node) => (node.kind === 'region' ? node.region : node.kind)).join();
}

/** All that a region's own row says. */
function regionWords(region: FleetRegion | undefined, rows: readonly FleetRow[]): string {
  return JSON.stringify([
    region?.fault?.message,
    region?.listedAt === null,
    rows.length,
    formatBurning(sumCosts(rows)),
  ]);
}

function byName(a: FleetRow, b: FleetRow): number {
  return (
    (a.instance.name ?? '\u{10ffff}').localeCompare(b.instance.name ?? '\u{10ffff}', 'en') ||
    a.instance.id.localeCompare(b.instance.id, 'en')
  );
}
