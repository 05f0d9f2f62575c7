/** How accounts, regions, and what is wrong with them look in the Instances view. */
import * as vscode from 'vscode';
import { type FleetRegion, type FleetRow, sumCosts } from '../../../common/cloud/fleet.ts';
import { formatBurning } from '../../../common/cloud/instanceText.ts';
import { formatCount } from '../../../common/format.ts';
import type { CloudAccount } from './accounts.ts';
import type { RegionNode } from './instancesTree.ts';

export const PROVIDER_TITLES = { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud' } as const;

export function accountItem(account: CloudAccount): vscode.TreeItem {
  const identity = account.identity();
  account.learnIdentity();
  const title = PROVIDER_TITLES[account.id];
  const description = [account.provider.profile ?? 'default', identity?.accountId ?? ''].filter((part) => part !== '');
  return Object.assign(new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded), {
    id: account.id,
    description: description.join(' · '),
    tooltip: identity === null ? `${title}, profile ${description[0]}` : `${identity.who}\nProfile ${description[0]}`,
    iconPath: new vscode.ThemeIcon('cloud'),
    contextValue: `cloudAccount.${account.id}`,
    accessibilityInformation: { label: `${title}, profile ${description.join(', account ')}` },
  });
}

interface ShownRegion {
  readonly region: FleetRegion | undefined;
  /** Those that the filter leaves. */
  readonly rows: readonly FleetRow[];
  readonly isOpen: boolean;
}

export function regionItem(node: RegionNode, { region, rows, isOpen }: ShownRegion): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const fault = region?.fault ?? null;
  const title = region?.title ?? node.region;
  const item = new vscode.TreeItem(node.region, rows.length === 0 ? None : isOpen ? Expanded : Collapsed);
  const count = `${formatCount(rows.length)} machine${rows.length === 1 ? '' : 's'}`;
  const sum = sumCosts(rows);
  const words =
    rows.length > 0
      ? sum.machines === 0
        ? count
        : `${count} · ${formatBurning(sum)}`
      : region?.isListing === true && region.listedAt === null
        ? 'asking…'
        : 'no machines';
  const description = fault === null ? words : rows.length > 0 ? `${words} · ${fault.message}` : fault.message;
  return Object.assign(item, {
    // VS Code keeps closed what it has known without children, unless it is another row.
    id: `${node.account.id}/${node.region}${rows.length === 0 ? '/none' : ''}`,
    description,
    tooltip: [title === node.region ? node.region : `${title} (${node.region})`, fault?.message, fault?.remedy]
      .filter((line) => line !== undefined)
      .join('\n'),
    iconPath:
      fault === null
        ? new vscode.ThemeIcon('globe')
        : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
    contextValue: fault === null ? 'cloudRegion' : 'cloudRegion.fault',
    accessibilityInformation: { label: `Region ${node.region}, ${title}, ${description.replaceAll(' · ', ', ')}` },
  });
}

/** @param shown The regions that have rows of their own. */
export function quietItem({ id, fleet }: CloudAccount, shown: readonly FleetRegion[]): vscode.TreeItem {
  const { regions } = fleet.state();
  const quiet = regions.filter(({ name }) => !shown.some((one) => one.name === name));
  const open = quiet.filter(({ listedAt }) => listedAt === null).length;
  const noun = (count: number) =>
    `${formatCount(count)} ${shown.length > 0 ? 'more ' : ''}region${count === 1 ? '' : 's'}`;
  const label = open > 0 ? `Asking ${noun(open)}…` : `${noun(quiet.length)} without machines`;
  return Object.assign(new vscode.TreeItem(label), {
    id: `${id}/…`,
    tooltip: quiet.map(({ name, title }) => (title === name ? name : `${name}, ${title}`)).join('\n'),
    iconPath: new vscode.ThemeIcon(open > 0 ? 'loading~spin' : 'blank'),
    contextValue: 'quietRegions',
  });
}

export function faultItem({ id, fleet }: CloudAccount): vscode.TreeItem {
  const { fault } = fleet.state();
  const isSignedOut = fault?.code === 'cloud-credentials';
  const message = fault?.message ?? '';
  return Object.assign(new vscode.TreeItem(isSignedOut ? 'Sign In Again' : 'Try Again'), {
    id: `${id}!`,
    description: message,
    tooltip: `${message}\n${fault?.remedy ?? ''}`,
    iconPath: new vscode.ThemeIcon(isSignedOut ? 'key' : 'warning', new vscode.ThemeColor('list.warningForeground')),
    contextValue: 'cloudFault',
    accessibilityInformation: { label: `${message} ${fault?.remedy ?? ''}` },
    command: isSignedOut
      ? { command: 'skillet.signInAgain', title: 'Sign In Again' }
      : { command: 'skillet.refreshInstances', title: 'Refresh Instances' },
  });
}
