/** What the panel shows of a recipe, and of its earlier runs. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelParam, PanelRecipe, PastRun } from '../../common/panelMessages.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../node/listRuns.ts';
import { readForkFile } from '../../node/readForkFile.ts';
import { readRun } from '../../node/readRun.ts';

const PAST_RUNS = 10;

/** The recipe as the editor shows it, saved or not. */
export async function toPanelRecipe(recipe: vscode.Uri): Promise<PanelRecipe> {
  const [{ parseRecipe }, { inferGraph, inputShapeOf }] = await Promise.all([
    import('../../common/recipe/parse.ts'),
    import('../../common/recipe/inferGraph.ts'),
  ]);
  const text = await recipeText(recipe);
  const { recipe: parsed, problems } = parseRecipe(text);
  return {
    name: parsed?.name ?? path.basename(recipe.fsPath),
    file: recipe.fsPath,
    params: toParams(parsed?.params ?? {}),
    // What a module builds is known once it was run.
    graph: parsed === null || parsed.module !== null ? null : inferGraph(parsed, inputShapeOf(parsed)).graph,
    problems,
  };
}

export async function recipeText(recipe: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === recipe.toString());
  return open?.getText() ?? (await readFile(recipe.fsPath, 'utf8').catch(() => ''));
}

/** The parameters that a run was started with. */
export async function runParams(runFolder: string): Promise<PanelParam[]> {
  const { parseRecipe } = await import('../../common/recipe/parse.ts');
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8').catch(() => '');
  return toParams(parseRecipe(text).recipe?.params ?? {});
}

/** The latest completed runs of the recipe, except the one that is shown; those that it was forked from come first, as far as it stands on them. */
export async function pastRuns(
  runs: readonly RunSummary[],
  recipeFile: string,
  shown: string | null,
): Promise<PastRun[]> {
  const wanted = runs.filter(
    (run) => run.recipeFile === recipeFile && run.status === 'completed' && run.runFolder !== shown,
  );
  const ancestors = shown === null ? [] : await ancestorsOf(shown);
  const others = wanted.filter((run) => ancestors.every(({ runFolder }) => runFolder !== run.runFolder));
  const past = others.slice(0, PAST_RUNS).map(async ({ runFolder }) => toPastRun(runFolder, await readRun(runFolder)));
  return [...ancestors, ...(await Promise.all(past))];
}

/** The run that a fork stands on, the one that this stands on, and so on; one that is gone ends the row. */
async function ancestorsOf(shown: string): Promise<PastRun[]> {
  const ancestors: PastRun[] = [];
  let fork = await readForkFile(shown);
  while (fork !== null && ancestors.length < PAST_RUNS) {
    const runFolder = path.join(path.dirname(shown), path.basename(fork.run));
    const run = await readRun(runFolder).catch(() => null);
    if (run?.start == null) {
      break;
    }
    ancestors.push(toPastRun(runFolder, run, fork.epoch));
    fork = await readForkFile(runFolder);
  }
  return ancestors;
}

/** @param until Epochs after this one are left out. */
function toPastRun(runFolder: string, { epochs, start }: RunState, until = Number.POSITIVE_INFINITY): PastRun {
  const own = epochs.filter(({ epoch }) => epoch <= until);
  const names = Object.keys(own[0]?.metrics ?? {});
  const before = new Array<null>(start?.fork?.epoch ?? 0).fill(null);
  return {
    runFolder,
    label: `${path.basename(runFolder)}${until === Number.POSITIVE_INFINITY ? '' : ` until epoch ${until}`}`,
    params: toParams(start?.params ?? {}),
    curves: Object.fromEntries(
      names.map((name) => [name, [...before, ...own.map((epoch) => epoch.metrics[name] ?? null)]]),
    ),
  };
}

function toParams(params: Readonly<Record<string, number | string | boolean>>): PanelParam[] {
  return Object.entries(params).map(([name, value]) => ({ name, value }));
}
