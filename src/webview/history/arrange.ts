/** Which runs the table shows, and in which order. */
import { SkilletError } from '../../common/errors.ts';
import { type KnownNames, parseRunFilter, type RunFilter } from '../../common/run/runFilter.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { sortRuns } from '../../common/run/sortRuns.ts';
import type { HistoryView } from './historyView.ts';

export type ReadFilter = { readonly filter: RunFilter } | { readonly problem: string };

export function readFilter(text: string, known: KnownNames): ReadFilter {
  try {
    return { filter: parseRunFilter(text, known) };
  } catch (error) {
    if (error instanceof SkilletError) {
      return { problem: `${error.path}: ${error.message} ${error.remedy}` };
    }
    throw error;
  }
}

/** The folders of the runs that are shown, in their order. */
export function arrange(
  runs: Iterable<RunSummary>,
  { filter, view, now }: { filter: RunFilter; view: HistoryView; now: number },
): string[] {
  const withArchived = view.showsArchived || filter.asksArchived;
  const left: RunSummary[] = [];
  for (const run of runs) {
    if ((withArchived || !run.annotations.archived) && filter.matches(run, now)) {
      left.push(run);
    }
  }
  return sortRuns(left, view.sorting, now).map(({ runFolder }) => runFolder);
}

/** How many are left out only because they are archived. */
export function countArchived(runs: Iterable<RunSummary>): number {
  let count = 0;
  for (const run of runs) {
    count += run.annotations.archived ? 1 : 0;
  }
  return count;
}
