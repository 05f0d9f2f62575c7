/** What the panel shows of a recipe. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelParam, PanelRecipe } from '../../common/panelMessages.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';

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

export function toParams(params: Readonly<Record<string, number | string | boolean>>): PanelParam[] {
  return Object.entries(params).map(([name, value]) => ({ name, value }));
}
