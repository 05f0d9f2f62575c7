/** The commands of the palette, the menus and the trees. */
import * as vscode from 'vscode';
import type { Problem } from '../common/errors.ts';
import { isRecipeFile } from '../common/recipe/recipeFile.ts';
import type { ControlCommand } from '../common/run/events.ts';
import type { RunSummary } from '../common/run/runSummary.ts';
import { activeFile } from './activeFile.ts';
import { controlHere } from './controlHere.ts';
import type { Panels } from './panel/panels.ts';
import { createSample } from './recipes/createSample.ts';
import type { RecipeDiagnostics } from './recipes/diagnostics.ts';
import type { RecipeFiles } from './recipes/recipeFiles.ts';
import type { RunIndex } from './runs/runIndex.ts';
import { tellProblems } from './tellProblems.ts';
import type { Training } from './training.ts';

export interface CommandParts {
  readonly extensionUri: vscode.Uri;
  readonly recipes: RecipeFiles;
  readonly index: RunIndex;
  readonly panels: Panels;
  readonly training: Training;
  readonly diagnostics: RecipeDiagnostics;
  readonly output: vscode.LogOutputChannel;
}

/** What a tree item, a CodeLens or the panel hands over. */
interface RunTarget {
  readonly run: { readonly runFolder: string; readonly recipeFile?: string | null };
}

interface RecipeTarget {
  readonly recipe: { readonly uri: vscode.Uri };
}

export function createCommands(parts: CommandParts): vscode.Disposable {
  const { index, panels, output } = parts;
  const commands: Record<string, (target?: unknown) => unknown> = {
    'skillet.trainRecipe': (target) => trainRecipe(parts, target),
    'skillet.openPanel': async (target) => {
      const recipe = await recipeOf(parts.recipes, target);
      const last = recipe && (await index.list()).find((run) => run.recipeFile === recipe.fsPath);
      return recipe && panels.open(recipe, last?.runFolder ?? null);
    },
    'skillet.openRun': async (target) => {
      const run = await runOf(index, target);
      return run?.recipeFile ? panels.open(vscode.Uri.file(run.recipeFile), run.runFolder) : undefined;
    },
    'skillet.openRunInNewPanel': async (target) => {
      const run = await runOf(index, target);
      return run?.recipeFile ? panels.openAnother(vscode.Uri.file(run.recipeFile), run.runFolder) : undefined;
    },
    'skillet.stopTraining': (target) => control(index, target, 'stop'),
    'skillet.pauseTraining': (target) => control(index, target, 'pause'),
    'skillet.watchLayers': () => watchLayers(parts),
    'skillet.resumeTraining': (target) => control(index, target, 'resume'),
    'skillet.resumeRun': (target) => resumeRun(parts, target),
    'skillet.forkRun': (target) => forkRun(parts, target),
    'skillet.revealRunFolder': async (target) => {
      const run = await runOf(index, target);
      return run && vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(run.runFolder));
    },
    'skillet.refreshRuns': () => index.refresh(),
    'skillet.showOutput': () => output.show(),
    'skillet.createRecipe': async (target) => {
      const recipe = await createSample(parts.extensionUri, typeof target === 'string' ? target : undefined);
      return recipe && vscode.window.showTextDocument(recipe);
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

async function trainRecipe(parts: CommandParts, target: unknown): Promise<string | null> {
  const recipe = await recipeOf(parts.recipes, target);
  if (recipe === null) {
    return null;
  }
  const result = await parts.training.train(recipe);
  if ('problems' in result) {
    await refuse(parts, recipe, result.problems);
    return null;
  }
  await parts.panels.open(recipe, result.runFolder);
  return result.runFolder;
}

async function refuse(parts: CommandParts, recipe: vscode.Uri, problems: readonly Problem[]): Promise<void> {
  const panel = await parts.panels.open(recipe);
  panel.refuse(problems);
  await parts.diagnostics.showRunProblems(
    recipe,
    problems.filter((problem) => problem.code.startsWith('data-')),
  );
  tellProblems(problems);
}

async function resumeRun(parts: CommandParts, target: unknown): Promise<void> {
  const run = await runOf(parts.index, target, ['interrupted', 'stopped']);
  if (run?.recipeFile) {
    const recipe = vscode.Uri.file(run.recipeFile);
    const result = await parts.training.resume({ runFolder: run.runFolder, recipeFile: run.recipeFile });
    const panel = await parts.panels.open(recipe, run.runFolder);
    if ('problems' in result) {
      panel.refuse(result.problems);
    }
  }
}

/** @param target May name the epoch too. @returns The new run's folder; null where there is none. */
async function forkRun(parts: CommandParts, target: unknown): Promise<string | null> {
  const run = await runOf(parts.index, target);
  if (run === null) {
    return null;
  }
  const { askForFork } = await import('./runs/forkQuestions.ts');
  const { epoch, set } = (target ?? {}) as { epoch?: unknown; set?: Readonly<Record<string, string>> };
  const known = typeof epoch === 'number' ? epoch : undefined;
  const answers =
    known !== undefined && set !== undefined ? { epoch: known, set } : await askForFork(run.runFolder, known);
  if (answers === null) {
    return null;
  }
  const result = await parts.training.fork({ parentFolder: run.runFolder, ...answers });
  if ('problems' in result) {
    tellProblems(result.problems);
    return null;
  }
  await parts.panels.open(vscode.Uri.file(result.recipeFile), result.runFolder);
  return result.runFolder;
}

async function control(index: RunIndex, target: unknown, type: ControlCommand['type']): Promise<void> {
  const run = isRunTarget(target) ? target.run : index.live()[0];
  if (run === undefined) {
    void vscode.window.showInformationMessage('Nothing is training.');
    return;
  }
  await controlHere(run.runFolder, type);
}

/** The panel knows whether its layers are watched. */
async function watchLayers({ index, panels }: CommandParts): Promise<void> {
  const run = index.live()[0];
  const panel =
    panels.active() ??
    (run?.run.recipeFile ? await panels.open(vscode.Uri.file(run.run.recipeFile), run.runFolder) : null);
  if (panel === null) {
    void vscode.window.showInformationMessage('Open the panel of a run first: its layers are shown there.');
    return;
  }
  panel.toggleWatch();
}

/** The recipe that was clicked, else the one in front, else the only one, else the one picked. */
export async function recipeOf(recipes: RecipeFiles, target: unknown): Promise<vscode.Uri | null> {
  if (target instanceof vscode.Uri) {
    return target;
  }
  if (typeof target === 'object' && target !== null && 'recipe' in target) {
    return (target as RecipeTarget).recipe.uri;
  }
  const active = activeFile();
  if (active !== null && isRecipeFile(active.path)) {
    return active;
  }
  const files = await recipes.list();
  if (files.length === 0) {
    const create = 'Create a Recipe from a Sample…';
    const answer = await vscode.window.showInformationMessage(
      'There is no recipe (*.recipe.yaml or *.recipe.json) in this folder.',
      create,
    );
    return answer === create
      ? ((await vscode.commands.executeCommand<vscode.TextEditor | null>('skillet.createRecipe'))?.document.uri ?? null)
      : null;
  }
  const items = files.map((file) => ({
    label: file.name,
    description: vscode.workspace.asRelativePath(file.uri),
    uri: file.uri,
  }));
  const picked =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { placeHolder: 'Which recipe?', matchOnDescription: true });
  return picked?.uri ?? null;
}

/** @param wanted Offers the runs of these states only; all when absent. */
export async function runOf(
  index: RunIndex,
  target: unknown,
  wanted?: readonly RunSummary['status'][],
): Promise<RunTarget['run'] | null> {
  if (isRunTarget(target)) {
    return target.run;
  }
  const runs = (await index.list()).filter(({ status }) => wanted?.includes(status) !== false);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(
      wanted === undefined ? 'Nothing was trained here yet.' : `No run here is ${wanted.join(' or ')}.`,
    );
    return null;
  }
  const items = runs.map((run) => ({ label: run.name, description: run.status, detail: run.runFolder, run }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Which run?', matchOnDetail: true });
  return picked?.run ?? null;
}

function isRunTarget(target: unknown): target is RunTarget {
  return typeof target === 'object' && target !== null && 'run' in target;
}
