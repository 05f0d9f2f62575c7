/** The Jobs view: an account, and below it its jobs, newest first, with what could not be asked. */
import * as vscode from 'vscode';
import type { JobsOfRegion } from '../../../cloud/followJobs.ts';
import { isJobOver, type Job, type JobState } from '../../../common/cloud/job.ts';
import { describeJob, explainJob, JOB_STATE_TITLES } from '../../../common/cloud/jobText.ts';
import { toProblem } from '../../../common/errors.ts';
import type { JobAccount } from './jobAccount.ts';

export interface JobItem extends vscode.TreeItem {
  readonly job: Job;
}

export type JobNode = JobItem | (vscode.TreeItem & { readonly isAccount?: boolean; readonly region?: string });

export interface JobsTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<JobNode>;
  readonly isVisible: () => boolean;
}

const ICONS: Readonly<Record<JobState, string>> = {
  pending: 'watch',
  running: 'sync~spin',
  stopping: 'loading~spin',
  completed: 'pass',
  failed: 'error',
  stopped: 'debug-stop',
};

const COLORS: Readonly<Partial<Record<JobState, string>>> = {
  completed: 'testing.iconPassed',
  failed: 'testing.iconFailed',
};

export function createJobsTree(account: JobAccount): JobsTree {
  const provider: vscode.TreeDataProvider<JobNode> = {
    onDidChangeTreeData: account.onDidChange as vscode.Event<undefined>,
    getTreeItem: (item) => item,
    getChildren(parent) {
      if (!account.isThere()) {
        return [];
      }
      return parent === undefined ? [accountItem(account)] : 'isAccount' in parent ? below(account) : [];
    },
  };
  const view = vscode.window.createTreeView('skillet.jobs', { treeDataProvider: provider, showCollapseAll: false });
  const look = () => {
    if (view.visible && account.isThere()) {
      account.show();
    } else {
      account.hide();
    }
  };
  const looking = view.onDidChangeVisibility(look);
  look();
  return {
    provider,
    isVisible: () => view.visible,
    dispose: () => vscode.Disposable.from(looking, view).dispose(),
  };
}

function accountItem(account: JobAccount): JobNode {
  const regions = account.list()?.regions() ?? [];
  const live = regions.flatMap(({ jobs }) => jobs).filter(({ state }) => !isJobOver(state)).length;
  const parts = [live === 0 ? '' : `${live} at work`, regions.map(({ region }) => region).join(', ')];
  return Object.assign(new vscode.TreeItem('Amazon SageMaker', vscode.TreeItemCollapsibleState.Expanded), {
    isAccount: true,
    id: 'aws',
    description: parts.filter((part) => part !== '').join(' · '),
    iconPath: new vscode.ThemeIcon('cloud'),
    contextValue: 'jobAccount',
  });
}

function below(account: JobAccount): JobNode[] {
  const regions = account.list()?.regions() ?? [];
  const jobs = regions
    .flatMap((region) => region.jobs)
    .sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1));
  const isAllKnown = regions.length > 0 && regions.every(({ isKnown }) => isKnown);
  const rows: JobNode[] = [
    ...regions.flatMap(faultItem),
    ...jobs.map((job) => jobItem(job, account, regions.length > 1)),
    ...regions.flatMap(moreItem),
  ];
  if (rows.length > 0) {
    return rows;
  }
  return [isAllKnown ? emptyItem() : wordItem('Asking for jobs…', 'loading~spin')];
}

function jobItem(job: Job, account: JobAccount, isRegionShown: boolean): JobItem {
  const seen = { perHourUsd: account.price(job.region, job.instanceType), nowMs: Date.now(), isRegionShown };
  const description = describeJob(job, seen);
  const color = COLORS[job.state];
  return Object.assign(new vscode.TreeItem(job.name), {
    job,
    id: `${job.region}/${job.id}`,
    description,
    tooltip: explainJob(job, seen),
    iconPath: new vscode.ThemeIcon(ICONS[job.state], color === undefined ? undefined : new vscode.ThemeColor(color)),
    contextValue: `job.${isJobOver(job.state) ? 'over' : job.state === 'stopping' ? 'stopping' : 'live'}`,
    accessibilityInformation: { label: `${job.name}, job, ${JOB_STATE_TITLES[job.state]}, ${description}` },
    command: { command: 'skillet.followJob', title: 'Follow Job', arguments: [{ job }] },
  });
}

/** A fault stands in the row of its region; the others are shown as ever. */
function faultItem({ region, fault }: JobsOfRegion): JobNode[] {
  if (fault === null) {
    return [];
  }
  const { message, remedy } = toProblem(fault, region);
  const item = wordItem(region, 'warning');
  return [
    Object.assign(item, {
      description: message,
      tooltip: `${region}: ${message}\n${remedy}`,
      accessibilityInformation: { label: `${region} could not be asked: ${message} ${remedy}` },
      command: { command: 'skillet.refreshJobs', title: 'Refresh Jobs' },
    }),
  ];
}

function moreItem({ region, hasMore }: JobsOfRegion): JobNode[] {
  const item = wordItem(`Show Older Jobs of ${region}`, 'history');
  const command = { command: 'skillet.showOlderJobs', title: 'Show Older Jobs', arguments: [{ region }] };
  return hasMore ? [Object.assign(item, { command })] : [];
}

function emptyItem(): JobNode {
  const item = wordItem('No jobs yet. Submit one…', 'add');
  return Object.assign(item, { command: { command: 'skillet.submitJob', title: 'Submit as Job…' } });
}

function wordItem(text: string, icon: string): vscode.TreeItem {
  return Object.assign(new vscode.TreeItem(text), { iconPath: new vscode.ThemeIcon(icon) });
}
