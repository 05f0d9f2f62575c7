/** What the panel shows of a recipe, and of its earlier runs. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelParam, PanelRecipe, PastRun } from '../../common/panelMessages.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
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

/** The latest completed runs of the recipe, except the one that is shown. */
export async function pastRuns(
  runs: readonly RunSummary[],
  recipeFile: string,
  shown: string | null,
): Promise<PastRun[]> {
  const wanted = runs.filter(
    (run) => run.recipeFile === recipeFile && run.status === 'completed' && run.runFolder !== shown,
  );
  return Promise.all(wanted.slice(0, PAST_RUNS).map(toPastRun));
}

async function toPastRun(summary: RunSummary): Promise<PastRun> {
  const { epochs } = await readRun(summary.runFolder);
  const names = Object.keys(epochs[0]?.metrics ?? {});
  return {
    runFolder: summary.runFolder,
    label: path.basename(summary.runFolder),
    params: toParams(summary.params),
    curves: Object.fromEntries(names.map((name) => [name, epochs.map((epoch) => epoch.metrics[name] ?? null)])),
  };
}

function toParams(params: Readonly<Record<string, number | string | boolean>>): PanelParam[] {
  return Object.entries(params).map(([name, value]) => ({ name, value }));
}
