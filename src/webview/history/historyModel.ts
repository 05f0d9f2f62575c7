/** Folds what the extension says into the runs that the page shows. */
import type { ToHistoryPage } from '../../common/historyMessages.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';

/** Grows in place. */
export interface HistoryModel {
  readonly runs: Map<string, RunSummary>;
  /** Changes with every message. */
  version: number;
  /** Changes where the list must be filtered and sorted anew: progress alone moves no row under the pointer. */
  arrangement: number;
  isLoaded: boolean;
}

export function emptyModel(): HistoryModel {
  return { runs: new Map(), version: 0, arrangement: 0, isLoaded: false };
}

export function receive(model: HistoryModel, message: Extract<ToHistoryPage, { type: 'runs' | 'changed' }>): void {
  model.version += 1;
  if (message.type === 'runs') {
    if (message.isFirst) {
      model.runs.clear();
    }
    model.isLoaded = message.isLast;
    // The newest are shown at once, the others together: sorting at each piece would cost twenty times as much.
    model.arrangement += message.isFirst || message.isLast ? 1 : 0;
    for (const run of message.runs) {
      model.runs.set(run.runFolder, run);
    }
    return;
  }
  for (const run of message.runs) {
    const before = model.runs.get(run.runFolder);
    if (
      before === undefined ||
      before.status !== run.status ||
      before.annotations.archived !== run.annotations.archived
    ) {
      model.arrangement += 1;
    }
    model.runs.set(run.runFolder, run);
  }
  for (const runFolder of message.gone) {
    model.runs.delete(runFolder);
    model.arrangement += 1;
  }
}
