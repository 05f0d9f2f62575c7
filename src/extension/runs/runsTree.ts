/** The Runs view: runs in groups, newest first, a page at a time. */
import * as vscode from 'vscode';
import { formatCount } from '../../common/format.ts';
import { GROUPINGS, type Grouping, groupRuns, type RunGroup } from '../../common/run/groupRuns.ts';
import { parseRunFilter, type RunFilter } from '../../common/run/runFilter.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { ChangedRuns, RunIndex } from './runIndex.ts';
import { dressRun, type RunItem, toRunItem } from './runItem.ts';

/** What stands in the view: a run, a group of them, or the way to the next page. */
export type RunNode = RunItem | GroupItem | MoreItem;

export interface GroupItem extends vscode.TreeItem {
  readonly group: RunGroup;
}

interface MoreItem extends vscode.TreeItem {
  /** The group that goes on; its key alone, as its runs may have changed since. */
  readonly more: string;
}

export interface RunsTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<RunNode>;
  /** The runs that are selected in the view. */
  selected(): readonly RunSummary[];
  filter(): RunFilter;
  /** Null for all runs again. */
  setFilter(text: string | null): void;
  setArchived(isShown: boolean): void;
  showMore(groupKey: string): void;
}

const PAGE = 100;
/** How often the ages of runs are told anew. */
const AGING_MS = 60_000;
const EVERYTHING = parseRunFilter('');

export function createRunsTree(index: RunIndex): RunsTree {
  const changed = new vscode.EventEmitter<RunNode | undefined>();
  /** Items that were handed out since the view was last drawn anew. */
  const items = new Map<string, RunItem>();
  const shownOf = new Map<string, number>();
  let filter = EVERYTHING;
  let showsArchived = false;

  const wanted = async () => {
    const runs = await index.list();
    const now = Date.now();
    const withArchived = showsArchived || filter.asksArchived;
    const left = runs.filter((run) => (withArchived || !run.annotations.archived) && filter.matches(run, now));
    view.message = messageOf(filter, { left: left.length, total: runs.length });
    return left;
  };
  const page = (group: RunGroup): RunNode[] => {
    const shown = shownOf.get(group.key) ?? PAGE;
    const runs = group.runs.slice(0, shown).map((run) => {
      const item = toRunItem(run, Date.now());
      items.set(run.runFolder, item);
      return item;
    });
    return group.runs.length <= shown ? runs : [...runs, toMoreItem(group, shown)];
  };
  const provider: vscode.TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (item) => item,
    async getChildren(parent) {
      if (parent !== undefined) {
        return 'group' in parent ? page(parent.group) : [];
      }
      items.clear();
      const groups = groupRuns(await wanted(), { by: groupingSetting(), now: Date.now() });
      const [only, ...others] = groups;
      // One group says nothing.
      return only !== undefined && others.length === 0 ? page(only) : groups.map(toGroupItem);
    },
  };
  const view = vscode.window.createTreeView('skillet.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const refresh = () => changed.fire(undefined);
  const follow = async ({ isListChanged, runFolders }: ChangedRuns) => {
    const { length } = index.live();
    view.badge =
      length === 0 ? undefined : { value: length, tooltip: `${length} run${length === 1 ? '' : 's'} training` };
    if (isListChanged) {
      refresh();
      return;
    }
    const runs = await index.list();
    for (const runFolder of runFolders) {
      const [item, run] = [items.get(runFolder), runs.find((one) => one.runFolder === runFolder)];
      if (item !== undefined && run !== undefined) {
        changed.fire(dressRun(item, run, Date.now()));
      }
    }
  };
  const aging = setInterval(() => (view.visible ? refresh() : undefined), AGING_MS);
  const subscriptions = [
    changed,
    view,
    index.onDidChangeRuns((what) => void follow(what)),
    new vscode.Disposable(() => clearInterval(aging)),
    vscode.workspace.onDidChangeConfiguration((event) =>
      event.affectsConfiguration('skillet.runs.groupBy') ? refresh() : undefined,
    ),
  ];
  return {
    provider,
    selected: () => view.selection.flatMap((node) => ('run' in node ? node.run : [])),
    filter: () => filter,
    setFilter(text) {
      filter = text === null ? EVERYTHING : parseRunFilter(text);
      shownOf.clear();
      void vscode.commands.executeCommand('setContext', 'skillet.runsFiltered', filter.text !== '');
      refresh();
    },
    setArchived(isShown) {
      showsArchived = isShown;
      void vscode.commands.executeCommand('setContext', 'skillet.runsArchivedShown', isShown);
      refresh();
    },
    showMore(groupKey) {
      shownOf.set(groupKey, (shownOf.get(groupKey) ?? PAGE) + PAGE);
      refresh();
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

function groupingSetting(): Grouping {
  const set = vscode.workspace.getConfiguration('skillet').get<string>('runs.groupBy');
  return GROUPINGS.find((one) => one === set) ?? 'day';
}

/** Nothing where all is shown that is to be shown. */
function messageOf({ text }: RunFilter, { left, total }: { left: number; total: number }): string | undefined {
  if (text === '' && (left > 0 || total === 0)) {
    return undefined;
  }
  return text === ''
    ? `All ${formatCount(total)} runs are archived.`
    : `${text}: ${formatCount(left)} of ${formatCount(total)} runs`;
}

function toGroupItem(group: RunGroup, position: number): GroupItem {
  const isOpen = position === 0 || group.key === 'today';
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(group.label, isOpen ? Expanded : Collapsed);
  return Object.assign(item, {
    group,
    id: `group:${group.key}`,
    description: formatCount(group.runs.length),
    contextValue: 'runGroup',
    accessibilityInformation: {
      label: `${group.label}, ${group.runs.length} run${group.runs.length === 1 ? '' : 's'}`,
    },
  });
}

function toMoreItem({ key, runs }: RunGroup, shown: number): MoreItem {
  const next = Math.min(PAGE, runs.length - shown);
  const item = new vscode.TreeItem(`Show ${next} more`);
  return Object.assign(item, {
    more: key,
    id: `more:${key}`,
    description: `${formatCount(runs.length - shown)} left`,
    iconPath: new vscode.ThemeIcon('ellipsis'),
    contextValue: 'runsMore',
    command: { command: 'skillet.showMoreRuns', title: 'Show More', arguments: [key] },
  });
}
