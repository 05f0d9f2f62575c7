/** Sorts a list of runs into groups that a person finds them by. */
import { isLiveRun, type RunSummary, recipeLabel } from './runSummary.ts';

export const GROUPINGS = ['day', 'recipe', 'none'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface RunGroup {
  /** The same for the same group, whatever is in it. */
  readonly key: string;
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

const STARRED = 'starred';
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Starred runs stand in a group of their own, first, and nowhere else; the others in the order of their newest run. */
export function groupRuns(runs: readonly RunSummary[], { by, now }: { by: Grouping; now: number }): RunGroup[] {
  const groups = new Map<string, { key: string; label: string; runs: RunSummary[] }>();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  for (const run of runs) {
    const { key, label } = run.annotations.starred ? { key: STARRED, label: 'Starred' } : groupOf(run, by, midnight);
    const group = groups.get(key) ?? { key, label, runs: [] };
    groups.set(key, group);
    group.runs.push(run);
  }
  const starred = groups.get(STARRED);
  const others = [...groups.values()].filter((group) => group !== starred);
  return starred === undefined ? others : [starred, ...others];
}

function groupOf(run: RunSummary, by: Grouping, midnight: number): Pick<RunGroup, 'key' | 'label'> {
  switch (by) {
    case 'none':
      return { key: 'all', label: 'All Runs' };
    case 'recipe':
      return { key: `recipe:${run.recipeFile ?? run.name}`, label: recipeLabel(run) || run.name };
    case 'day':
      return dayOf(run, midnight);
  }
}

/** A run that was resumed belongs to today while it trains. */
function dayOf(run: RunSummary, midnight: number): Pick<RunGroup, 'key' | 'label'> {
  const started = run.startedAt === null ? Number.NaN : Date.parse(run.startedAt);
  if (isLiveRun(run) || started >= midnight) {
    return { key: 'today', label: 'Today' };
  }
  if (Number.isNaN(started)) {
    return { key: 'never', label: 'Never Began' };
  }
  const day = new Date(midnight);
  if (started >= new Date(midnight).setDate(day.getDate() - 1)) {
    return { key: 'yesterday', label: 'Yesterday' };
  }
  if (started >= new Date(midnight).setDate(day.getDate() - 6)) {
    return { key: 'week', label: 'Last 7 Days' };
  }
  const date = new Date(started);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  return { key: `month:${year}-${month + 1}`, label: `${MONTHS[month]} ${year}` };
}
