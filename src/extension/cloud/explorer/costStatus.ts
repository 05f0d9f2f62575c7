/**
 * What machines of Skillet's cost an hour now, in a status-bar item of its own: it is there only while money burns, and
 * beside what trains, for neither may hide the other.
 */
import * as vscode from 'vscode';
import { type FleetRow, sumCosts } from '../../../common/cloud/fleet.ts';
import { describeRow, formatBurning, instanceTitle } from '../../../common/cloud/instanceText.ts';
import { isOurs } from '../../../common/cloud/tags.ts';
import { formatAge } from '../../../common/format.ts';
import type { CloudAccounts } from './accounts.ts';

export interface CostStatus extends vscode.Disposable {
  /** The text shown, or null while the item is hidden. */
  text(): string | null;
  /** Follows the accounts that are open by now. */
  follow(): void;
}

/** How often it is looked while nobody watches the machines. */
const LOOK_MS = 15 * 60_000;
const OLD_MS = 2 * 60_000;
const MOST_LINES = 12;

export function createCostStatus(accounts: CloudAccounts, isWatched: () => boolean): CostStatus {
  const item = vscode.window.createStatusBarItem('skillet.cost', vscode.StatusBarAlignment.Left);
  item.name = 'Skillet Machines';
  item.command = 'skillet.instances.focus';
  let text: string | null = null;
  let endings: (() => void)[] = [];
  const show = () => {
    const regions = accounts.open().flatMap(({ fleet }) => fleet.state().regions);
    const costing = regions.flatMap(({ rows }) => rows).filter(({ instance }) => instance.state !== 'terminated');
    const ours = costing.filter(({ instance }) => isOurs(instance.tags));
    const sum = sumCosts(ours);
    if (ours.length === 0 || (sum.unknown === 0 && sum.perHourUsd === 0)) {
      text = null;
      item.hide();
      return;
    }
    text = formatBurning(sum);
    item.text = text;
    const looks = regions
      .filter(({ rows }) => rows.some((row) => ours.includes(row)))
      .map(({ listedAt }) => listedAt ?? 0);
    item.tooltip = tooltip(ours, costing.length - ours.length, Date.now() - Math.min(...looks));
    item.accessibilityInformation = {
      label: `Machines cost ${text.replace('≥', 'at least').replace('/h', ' an hour')}`,
    };
    item.show();
  };
  const look = () => {
    if (!isWatched()) {
      for (const { fleet } of accounts.open()) {
        void fleet.lookAtOurs();
      }
    }
    show();
  };
  const timer = setInterval(look, LOOK_MS);
  const follow = () => {
    for (const end of endings) {
      end();
    }
    endings = accounts.open().map(({ fleet }) => fleet.onDidChange(show));
    show();
  };
  const subscriptions = [item, accounts.onDidChange(follow), new vscode.Disposable(() => clearInterval(timer))];
  return {
    text: () => text,
    follow,
    dispose() {
      for (const end of endings) {
        end();
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function tooltip(ours: readonly FleetRow[], others: number, ageMs: number): string {
  const now = Date.now();
  const lines = ours.slice(0, MOST_LINES).map((row) => `${instanceTitle(row.instance)}: ${describeRow(row, now)}`);
  const more = ours.length - lines.length;
  return [
    'Machines that Skillet made, now:',
    ...lines,
    more > 0 ? `and ${more} more` : '',
    others > 0 ? `${others} other machine${others === 1 ? '' : 's'} of the account not counted` : '',
    ageMs > OLD_MS ? `as of ${formatAge(ageMs)}` : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
