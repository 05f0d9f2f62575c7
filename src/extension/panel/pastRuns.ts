/** The earlier runs of a recipe as the panel draws them, read once each. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { PastRun } from '../../common/panelMessages.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../node/listRuns.ts';
import { readRunEpochs } from '../../node/readRun.ts';
import { toParams } from './recipeView.ts';

export interface PastRunsWanted {
  readonly recipeFile: string;
  /** The run that is shown itself, which is none of them. */
  readonly shown: string | null;
  readonly count: number;
}

export interface PastRuns {
  /** The latest completed runs of a recipe. */
  latest(runs: readonly RunSummary[], wanted: PastRunsWanted): Promise<PastRun[]>;
}

/** Runs that are kept in memory: those of a few recipes. */
const MOST_KEPT = 200;

export function createPastRuns(): PastRuns {
  const kept = new Map<string, { readonly stamp: string; readonly run: PastRun }>();
  const load = async (summary: RunSummary): Promise<PastRun> => {
    const { runFolder } = summary;
    const stamp = await stampOf(runFolder);
    const known = kept.get(runFolder);
    const run = known?.stamp === stamp ? known.run : await toPastRun(summary);
    kept.delete(runFolder);
    kept.set(runFolder, { stamp, run });
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) {
      kept.delete(oldest);
    }
    return run;
  };
  return {
    async latest(runs, { recipeFile, shown, count }) {
      const wanted = runs.filter(
        (run) => run.recipeFile === recipeFile && run.status === 'completed' && run.runFolder !== shown,
      );
      const found: PastRun[] = [];
      // One after the other: fifty at once would keep the extension host from everything else.
      for (const summary of wanted.slice(0, count)) {
        found.push(await load(summary));
      }
      return found;
    },
  };
}

/** Another one when the run was resumed, or its folder was made anew. */
async function stampOf(runFolder: string): Promise<string> {
  const { size, mtimeMs } = await stat(path.join(runFolder, RUN_FILES.events));
  return `${size} ${mtimeMs}`;
}

async function toPastRun(summary: RunSummary): Promise<PastRun> {
  const { epochs } = await readRunEpochs(summary.runFolder);
  const names = Object.keys(epochs[0]?.metrics ?? {});
  const valuesOf = (name: string) => Float32Array.from(epochs, ({ metrics }) => metrics[name] ?? Number.NaN);
  return {
    runFolder: summary.runFolder,
    label: path.basename(summary.runFolder),
    params: toParams(summary.params),
    firstEpoch: epochs[0]?.epoch ?? 1,
    curves: Object.fromEntries(names.map((name) => [name, valuesOf(name)])),
  };
}
