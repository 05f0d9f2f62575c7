/** The earlier runs of a recipe as the panel draws them, read once each. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { PastRun } from '../../common/panelMessages.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { summarizeRun } from '../../node/listRuns.ts';
import { readForkFile } from '../../node/readForkFile.ts';
import { readRunEpochs } from '../../node/readRun.ts';
import { toParams } from './recipeView.ts';

export interface PastRunsWanted {
  readonly recipeFile: string;
  /** The run that is shown itself, which is none of them. */
  readonly shown: string | null;
  readonly count: number;
}

export interface PastRuns {
  /** The latest completed runs of a recipe; those that the shown one was forked from come first, as far as it stands on them. */
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
      const found = shown === null ? [] : await ancestorsOf(shown);
      const others = wanted.filter((run) => found.every(({ runFolder }) => runFolder !== run.runFolder));
      // One after the other: fifty at once would keep the extension host from everything else.
      for (const summary of others.slice(0, count)) {
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

/** So many generations are drawn. */
const MOST_ANCESTORS = 10;

/** The run that a fork stands on, the one that this stands on, and so on; one that is gone ends the row. */
async function ancestorsOf(shown: string): Promise<PastRun[]> {
  const ancestors: PastRun[] = [];
  let fork = await readForkFile(shown);
  while (fork !== null && ancestors.length < MOST_ANCESTORS) {
    const runFolder = path.join(path.dirname(shown), path.basename(fork.run));
    const summary = await summarizeRun(runFolder);
    if (summary === null) {
      break;
    }
    ancestors.push(await toPastRun(summary, fork.epoch));
    fork = await readForkFile(runFolder);
  }
  return ancestors;
}

/** @param until Epochs after this one are left out. */
async function toPastRun({ runFolder, params }: RunSummary, until = Number.POSITIVE_INFINITY): Promise<PastRun> {
  const epochs = (await readRunEpochs(runFolder)).epochs.filter(({ epoch }) => epoch <= until);
  const names = Object.keys(epochs[0]?.metrics ?? {});
  const valuesOf = (name: string) => Float32Array.from(epochs, ({ metrics }) => metrics[name] ?? Number.NaN);
  return {
    runFolder,
    label: `${path.basename(runFolder)}${Number.isFinite(until) ? ` until epoch ${until}` : ''}`,
    params: toParams(params),
    firstEpoch: epochs[0]?.epoch ?? 1,
    curves: Object.fromEntries(names.map((name) => [name, valuesOf(name)])),
  };
}
