/** The epochs of runs: of live ones as they grow, of others read once from their folder. */
import path from 'node:path';
import type { ShownRun } from '../../common/inline/shownRun.ts';
import type { RunEvent } from '../../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { createEventReader } from '../../node/eventReader.ts';
import type { RunIndex } from '../runs/runIndex.ts';

export interface RunCurves {
  /** @throws Where the run's file cannot be read. */
  of(run: RunSummary): Promise<ShownRun>;
}

/** Runs that are kept; each is its epochs and one evaluation. */
const KEPT = 32;

export function createRunCurves(index: Pick<RunIndex, 'live'>): RunCurves {
  const kept = new Map<string, { readonly key: string; readonly run: Promise<RunState> }>();
  const read = (runFolder: string, key: string): Promise<RunState> => {
    const known = kept.get(runFolder);
    kept.delete(runFolder);
    const entry = known?.key === key ? known : { key, run: readEpochs(runFolder) };
    kept.set(runFolder, entry);
    for (const [oldest] of kept) {
      if (kept.size <= KEPT) {
        break;
      }
      kept.delete(oldest);
    }
    entry.run.catch(() => kept.delete(runFolder));
    return entry.run;
  };
  return {
    async of(summary) {
      const live = index.live().find(({ runFolder }) => runFolder === summary.runFolder);
      // The time of the last event and the state stand for the file's age: they change whenever it does.
      const run = live?.run ?? (await read(summary.runFolder, `${summary.lastAt} ${summary.status}`));
      return {
        status: summary.status === 'interrupted' ? 'interrupted' : run.status,
        start: run.start,
        epochs: run.epochs,
        evaluation: run.evaluation,
      };
    },
  };
}

/** Without the steps, so that a long run costs its epochs alone. */
async function readEpochs(runFolder: string): Promise<RunState> {
  const reader = createEventReader(path.join(runFolder, RUN_FILES.events));
  const run = emptyRun();
  for (;;) {
    const { events, atEnd } = await reader.next();
    for (const event of events) {
      if (!isHeavy(event)) {
        reduceRun(run, event);
      }
    }
    if (atEnd) {
      return run;
    }
  }
}

function isHeavy({ type }: RunEvent): boolean {
  return type === 'steps' || type === 'forecast' || type === 'layers';
}
