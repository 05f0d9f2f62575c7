/** The commands that compare runs, restore their recipes and export them. */
import * as vscode from 'vscode';
import { toProblem } from '../../common/errors.ts';
import { runOf } from '../commands.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { tellProblems } from '../tellProblems.ts';
import type { ComparePanels } from './comparePanels.ts';
import { exportRunsAs } from './exportRuns.ts';
import { pickRuns } from './pickRuns.ts';
import { createRunRecipes } from './recipeDiff.ts';
import { restoreRecipe } from './restoreRecipe.ts';

export interface CompareParts {
  readonly index: RunIndex;
  readonly panels: ComparePanels;
  readonly output: vscode.LogOutputChannel;
  /** Of Skillet. */
  readonly version: string;
}

export function createCompareCommands(parts: CompareParts): vscode.Disposable {
  const commands: Record<string, (target: unknown, more: unknown) => Promise<unknown>> = {
    'skillet.compareRuns': (target, selected) => compareRuns(parts, target, selected),
    'skillet.restoreRecipe': async (target) => {
      const run = await runOf(parts.index, target);
      return run && restoreRecipe(run);
    },
    'skillet.exportRun': (target, more) => exportRun(parts, target, more),
  };
  const tell = (error: unknown) => {
    parts.output.error(String(error));
    tellProblems([toProblem(error, 'run')]);
    return null;
  };
  return vscode.Disposable.from(
    createRunRecipes(),
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, (target: unknown, more: unknown) => run(target, more).catch(tell)),
    ),
  );
}

/** @returns The folders that are compared now; null where none was chosen. */
async function compareRuns({ index, panels }: CompareParts, target: unknown, selected: unknown) {
  const named = namedRuns(target, selected);
  const recipeFile = recipeOfTarget(target);
  const title = 'Compare Runs';
  // One run alone is clicked to be compared with others, which are then asked for.
  const others =
    named.length > 1
      ? []
      : await pickRuns(index, { title, except: named, ...(recipeFile === null ? {} : { recipeFile }) });
  const runFolders = [...named, ...(others ?? [])];
  if (runFolders.length === 0 || (others === null && named.length < 2 && !isExact(target))) {
    return null;
  }
  panels.open(runFolders);
  return runFolders;
}

async function exportRun({ index, version }: CompareParts, target: unknown, more: unknown) {
  const named = namedRuns(target, more);
  const picked = named.length > 0 ? null : await runOf(index, target);
  const runFolders = picked === null ? named : [picked.runFolder];
  const file = more instanceof vscode.Uri ? { file: more } : {};
  return runFolders.length === 0 ? null : exportRunsAs(runFolders, { version, ...file });
}

interface Named {
  readonly runFolders?: unknown;
  readonly recipeFile?: unknown;
  readonly run?: { readonly runFolder?: unknown };
  readonly recipe?: { readonly uri?: unknown };
}

/** Of a list of folders, of a tree item, or of all selected items of a tree. */
function namedRuns(target: unknown, selected: unknown): string[] {
  const items = [target, ...(Array.isArray(selected) ? selected : [])];
  const folders = items.flatMap((item) => {
    const { runFolders, run } = (item ?? {}) as Named;
    return [...(Array.isArray(runFolders) ? runFolders : []), run?.runFolder];
  });
  return [...new Set(folders.filter((folder) => typeof folder === 'string'))];
}

/** A caller that names its runs wants these, be it one. */
const isExact = (target: unknown) => Array.isArray(((target ?? {}) as Named).runFolders);

function recipeOfTarget(target: unknown): string | null {
  if (target instanceof vscode.Uri) {
    return target.fsPath;
  }
  const { recipeFile, recipe, run } = (target ?? {}) as Named & { run?: { recipeFile?: unknown } };
  const found = [recipeFile, recipe?.uri instanceof vscode.Uri ? recipe.uri.fsPath : null, run?.recipeFile];
  return found.find((file) => typeof file === 'string') ?? null;
}
