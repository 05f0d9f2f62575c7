/** The epochs of runs: of live ones as they grow, of others read once from their folder. */
import type { ShownRun } from '../../common/inline/shownRun.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { readRunEpochs } from '../../node/readRun.ts';
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
    const entry = known?.key === key ? known : { key, run: readLean(runFolder) };
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

/** Without the steps, the looks at the layers and the forecasts, so that a long run costs its epochs alone. */
async function readLean(runFolder: string): Promise<RunState> {
  return { ...(await readRunEpochs(runFolder)), layerSamples: [], forecasts: [] };
}
