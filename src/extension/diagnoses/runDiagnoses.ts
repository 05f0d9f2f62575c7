/** Judges runs: the live ones as their epochs end, the others when they are asked for. */
import * as vscode from 'vscode';
import type { Diagnosis } from '../../common/run/diagnosis/diagnosis.ts';
import type { TrainedRecipe } from '../../node/diagnoseRun.ts';
import { readRunEpochs } from '../../node/readRun.ts';
import type { RunIndex } from '../runs/runIndex.ts';

export interface JudgedRun {
  readonly runFolder: string;
  readonly recipeFile: string;
  /** The recipe as the run has it; empty where it cannot be read. */
  readonly recipeText: string;
  readonly diagnoses: readonly Diagnosis[];
}

export interface RunDiagnoses extends vscode.Disposable {
  /** Of a run in its present state; null for a folder that is no run. */
  of(runFolder: string): Promise<JudgedRun | null>;
  /** A live run has gone on, or has ended. */
  readonly onDidJudge: vscode.Event<JudgedRun>;
}

/** Live runs are judged at most this often. */
const JUDGE_MS = 1000;

export function createRunDiagnoses(index: RunIndex, output: vscode.LogOutputChannel): RunDiagnoses {
  const judged = new vscode.EventEmitter<JudgedRun>();
  /** By run folder: the recipe of a run never changes, and its epochs and looks tell whether there is news. */
  const live = new Map<string, { readonly recipe: TrainedRecipe | null; seen: string }>();
  let timer: NodeJS.Timeout | undefined;
  const judgeLive = async () => {
    const { judge, readTrainedRecipe } = await import('../../node/diagnoseRun.ts');
    for (const { runFolder, run } of index.live()) {
      const known = live.get(runFolder) ?? { recipe: await readTrainedRecipe(runFolder), seen: '' };
      live.set(runFolder, known);
      const now = `${run.epochs.at(-1)?.epoch} ${run.layerSamples.length}`;
      if (now !== known.seen && run.recipeFile !== null) {
        known.seen = now;
        judged.fire({
          runFolder,
          recipeFile: run.recipeFile,
          recipeText: known.recipe?.text ?? '',
          diagnoses: judge(run, known.recipe),
        });
      }
    }
  };
  const onError = (error: unknown) => output.error(`Diagnosis: ${String(error)}`);
  const judgeSoon = () => {
    if (timer === undefined && index.live().length > 0) {
      timer = setTimeout(() => {
        timer = undefined;
        judgeLive().catch(onError);
      }, JUDGE_MS);
    }
  };
  const of = async (runFolder: string) => {
    const { judge, readTrainedRecipe } = await import('../../node/diagnoseRun.ts');
    const [run, recipe] = await Promise.all([readRunEpochs(runFolder), readTrainedRecipe(runFolder)]);
    return run.recipeFile === null
      ? null
      : { runFolder, recipeFile: run.recipeFile, recipeText: recipe?.text ?? '', diagnoses: judge(run, recipe) };
  };
  const subscriptions = [
    judged,
    index.onDidChange(judgeSoon),
    index.onDidEnd(({ runFolder }) => {
      live.delete(runFolder);
      of(runFolder).then((one) => one !== null && judged.fire(one), onError);
    }),
  ];
  return {
    of,
    onDidJudge: judged.event,
    dispose() {
      clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}
